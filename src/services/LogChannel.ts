import { Context, Effect, Layer, Option } from "effect";
import type { ChannelId, GuildId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import { AppConfig, type AppConfigShape } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

/** The rights without which no entry of the log can be posted (features.md F9). */
export const LOG_RIGHTS = ["ViewChannel", "SendMessages", "EmbedLinks"] as const;
export type LogRight = (typeof LOG_RIGHTS)[number];

export interface ChosenLogChannel {
  readonly channelId: ChannelId;
  /** Who chose it: the guild's settings, or `LOGGING_CHANNEL` for every guild without a choice of its own. */
  readonly from: "guild" | "default";
}

/** Whether entries could be posted at this moment, point by point. */
export interface LogChannelHealth extends ChosenLogChannel {
  /** Somewhere the bot can see; `false` for a deleted channel. */
  readonly exists: boolean;
  /** A channel of another guild is never used: its members would read this guild's log. */
  readonly inGuild: boolean;
  readonly isText: boolean;
  readonly rights: Readonly<Record<LogRight, boolean>>;
  /** Discord has an outage and says nothing of this guild: the points above are not known. */
  readonly outage: boolean;
  /** All of the above is well. */
  readonly usable: boolean;
}

/** Where the embeds of the action log go (features.md F9), and whether they can. The one place that knows. */
export class LogChannel extends Context.Tag("app/LogChannel")<
  LogChannel,
  {
    /** The guild's channel, else `LOGGING_CHANNEL`, else none. Whether it works is not looked at. */
    readonly of: (guildId: GuildId) => Effect.Effect<Option.Option<ChosenLogChannel>>;
    /** The same with its health, from the gateway's cache: nothing asks Discord. None where none is chosen. */
    readonly health: (guildId: GuildId) => Effect.Effect<Option.Option<LogChannelHealth>>;
    /** Where operators are told of trouble: `LOGGING_CHANNEL`, else the first guild's channel that works, else none. */
    readonly forOperators: Effect.Effect<Option.Option<ChannelId>>;
  }
>() {}

/** The guild's channel, else `LOGGING_CHANNEL`, else none. */
export const chosenFor = (
  { logging }: Pick<AppConfigShape, "logging">,
  settings: Option.Option<GuildSettings>,
): Option.Option<ChosenLogChannel> =>
  Option.orElse(
    Option.flatMapNullable(settings, ({ loggingChannelId }) =>
      loggingChannelId === null ? null : { channelId: loggingChannelId, from: "guild" as const },
    ),
    () => Option.map(logging.channelId, (channelId) => ({ channelId, from: "default" as const })),
  );

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const discord = yield* Discord;
  const settings = yield* SettingsRepo;

  const of = (guildId: GuildId): Effect.Effect<Option.Option<ChosenLogChannel>> =>
    Effect.map(settings.find(guildId), (found) => chosenFor(config, found));

  const healthOf = (guildId: GuildId, chosen: ChosenLogChannel): Effect.Effect<LogChannelHealth> =>
    Effect.gen(function* () {
      const guild = yield* discord.guild(guildId);
      const { _tag: place } = yield* discord.channelHealth(guildId, chosen.channelId, []);
      const may = (right: LogRight) =>
        Effect.map(discord.channelHealth(guildId, chosen.channelId, [right]), ({ _tag }) => _tag === "Ok");
      const rights = yield* Effect.all({
        ViewChannel: may("ViewChannel"),
        SendMessages: may("SendMessages"),
        EmbedLinks: may("EmbedLinks"),
      });
      const outage = guild !== null && !guild.available;
      return {
        ...chosen,
        exists: place !== "Missing",
        inGuild: place !== "Missing" && place !== "Elsewhere",
        isText: place === "Ok",
        rights,
        outage,
        usable: !outage && LOG_RIGHTS.every((right) => rights[right]),
      };
    });

  const health = (guildId: GuildId) =>
    Effect.flatMap(
      of(guildId),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (chosen) => Effect.asSome(healthOf(guildId, chosen)),
      }),
    );

  return LogChannel.of({
    of,
    health,
    forOperators: Effect.gen(function* () {
      if (Option.isSome(config.logging.channelId)) return config.logging.channelId;
      for (const { guildId } of yield* settings.all) {
        const found = Option.filter(yield* health(guildId), ({ usable }) => usable);
        if (Option.isSome(found)) return Option.some(found.value.channelId);
      }
      return Option.none();
    }),
  });
});

export const layer = Layer.effect(LogChannel, make);
