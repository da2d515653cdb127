import { Effect, Option } from "effect";
import type { GuildId } from "../../domain/Ids.js";
import { Failed, type SideEffect } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import { Applications } from "../../services/Applications.js";
import { Settings } from "../../services/Settings.js";
import { ServerNotShown } from "../kit/SideEffectHandler.js";

/** Goes on only while Discord has no outage of this guild: what waits is not failed. */
export const whileAvailable = (guildId: GuildId) =>
  Effect.gen(function* () {
    const guild = yield* Effect.flatMap(Discord, (discord) => discord.guild(guildId));
    if (guild !== null && !guild.available) return yield* new ServerNotShown();
  });

/** The guild with its settings; none where the bot is not in it any more. An outage is worth another try. */
export const guildOf = (guildId: GuildId) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const all = yield* Settings;
    const guild = yield* discord.guild(guildId);
    const settings = yield* Effect.option(all.get(guildId));
    if (guild === null || Option.isNone(settings)) return Option.none();
    if (!guild.available) return yield* new ServerNotShown();
    return Option.some({ guild, settings: settings.value });
  });

/** What the messages about an application need: the guild, its settings, and the application itself. */
export const subjectOf = (effect: SideEffect) =>
  Effect.gen(function* () {
    const applications = yield* Applications;
    const found = yield* guildOf(effect.guildId);
    const id = effect.applicationId;
    const facts = id === null ? Option.none() : yield* Effect.option(applications.find(effect.guildId, id));
    return Option.zipWith(found, facts, (where, card) => ({ ...where, facts: card }));
  });

export const gone = Effect.succeed(
  Failed("The bot is not in this server any more, or its settings are gone."),
);
