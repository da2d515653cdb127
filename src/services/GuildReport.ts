import { Context, Effect, Layer, Option } from "effect";
import type { ChosenChannelHealth } from "../domain/ChosenChannel.js";
import type { Finding } from "../domain/Finding.js";
import type { GuildId } from "../domain/Ids.js";
import type { Panic } from "../domain/Raid.js";
import { AppConfig } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import type { GuildFacts } from "../layers/discord/Guild.js";
import { LogChannel } from "./LogChannel.js";
import { LogFallback } from "./LogFallback.js";
import { Preflight } from "./Preflight.js";
import { Raid } from "./Raid.js";
import { Settings } from "./Settings.js";

export interface GuildState extends GuildFacts {
  readonly setUp: boolean;
  readonly findings: ReadonlyArray<Finding>;
  /** None where panic mode was never on. */
  readonly panic: Panic | null;
  readonly logging: {
    /** None where no channel is chosen. */
    readonly channel: ChosenChannelHealth | null;
    readonly problem: string | null;
    /** How many entries wait until they can be posted. */
    readonly parked: number;
  };
}

/** Everything about a guild that an admin looks at first. */
export class GuildReport extends Context.Tag("app/GuildReport")<
  GuildReport,
  {
    /** From memory and a few indexed rows: nothing asks Discord. None where the bot is not in the guild. */
    readonly report: (guildId: GuildId) => Effect.Effect<Option.Option<GuildState>>;
    /** The guild of the website: that of `GUILD_ID`, or else the only one there is. */
    readonly ofWebsite: Effect.Effect<Option.Option<GuildFacts>>;
  }
>() {}

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const discord = yield* Discord;
  const fallback = yield* LogFallback;
  const logs = yield* LogChannel;
  const preflight = yield* Preflight;
  const raid = yield* Raid;
  const settings = yield* Settings;

  return GuildReport.of({
    ofWebsite: Effect.gen(function* () {
      const all = yield* discord.guildIds;
      const id = Option.getOrElse(config.discord.guildId, () => (all.length === 1 ? all[0] : undefined));
      return id === undefined ? Option.none() : Option.fromNullable(yield* discord.guild(id));
    }),
    report: (guildId) =>
      Effect.gen(function* () {
        const facts = yield* discord.guild(guildId);
        if (facts === null) return Option.none();
        const found = yield* Effect.option(settings.get(guildId));
        const { problem, parked } = yield* fallback.stateOf(guildId);
        return Option.some({
          ...facts,
          setUp: Option.isSome(found),
          findings: yield* preflight.check(
            guildId,
            Option.getOrElse(found, () => ({})),
          ),
          panic: Option.getOrNull(yield* raid.panic(guildId)),
          logging: { channel: Option.getOrNull(yield* logs.health(guildId)), problem, parked },
        });
      }),
  });
});

export const layer = Layer.effect(GuildReport, make);
