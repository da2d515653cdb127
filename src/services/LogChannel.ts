import { Context, Effect, Layer, Option } from "effect";
import type { ChosenChannel, ChosenChannelHealth } from "../domain/ChosenChannel.js";
import type { ChannelId, GuildId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import { AppConfig, type AppConfigShape } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import { choose, healthOf } from "./ChosenChannel.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

/** Where the embeds of the action log go (features.md F9), and whether they can. The one place that knows. */
export class LogChannel extends Context.Tag("app/LogChannel")<
  LogChannel,
  {
    /** The guild's channel, else `LOGGING_CHANNEL`, else none. Whether it works is not looked at. */
    readonly of: (guildId: GuildId) => Effect.Effect<Option.Option<ChosenChannel>>;
    /** The same with its health, from the gateway's cache: nothing asks Discord. None where none is chosen. */
    readonly health: (guildId: GuildId) => Effect.Effect<Option.Option<ChosenChannelHealth>>;
    /** Where operators are told of trouble: `LOGGING_CHANNEL`, else the first guild's channel that works, else none. */
    readonly forOperators: Effect.Effect<Option.Option<ChannelId>>;
  }
>() {}

/** The guild's channel, else `LOGGING_CHANNEL`, else none. */
export const chosenFor = (
  { logging }: Pick<AppConfigShape, "logging">,
  settings: Option.Option<GuildSettings>,
): Option.Option<ChosenChannel> =>
  choose(
    Option.getOrNull(Option.flatMapNullable(settings, ({ loggingChannelId }) => loggingChannelId)),
    logging.channelId,
  );

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const discord = yield* Discord;
  const settings = yield* SettingsRepo;

  const of = (guildId: GuildId): Effect.Effect<Option.Option<ChosenChannel>> =>
    Effect.map(settings.find(guildId), (found) => chosenFor(config, found));

  const health = (guildId: GuildId) =>
    Effect.flatMap(of(guildId), (chosen) =>
      Effect.transposeMapOption(chosen, (channel) => healthOf(discord, guildId, channel)),
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
