import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import { PanicPurge } from "../../services/PanicPurge.js";
import { attemptOf, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { whileAvailable } from "./subject.js";

/** Discord names those whom it did not ban, but does not say why. */
const NOT_BANNED = "Discord did not ban them: their role may stand above the bot's, or the account is gone.";

/**
 * Bans the people of one step. Done again, it finds those who are banned by then among those whom Discord will not ban,
 * and counts them as removed.
 */
export const bulkBan: SideEffectHandler<"BulkBan", Discord | PanicPurge> = ({ payload, effect }) =>
  Effect.gen(function* () {
    const { guildId } = effect;
    yield* whileAvailable(guildId);
    const discord = yield* Discord;
    const purges = yield* PanicPurge;
    const { people, spared } = yield* purges.step(guildId, effect.id);
    const settle = (outcome: {
      readonly banned: typeof people;
      readonly failed: typeof people;
      readonly reason: string;
    }) => purges.settle(guildId, payload.purgeId, { ...outcome, spared });

    if (people.length === 0) {
      if (spared.length > 0) yield* settle({ banned: [], failed: [], reason: "" });
      return Done();
    }
    const refused = yield* discord.bulkBan(guildId, people, "Removed with /panic purge").pipe(
      Effect.flatMap(Effect.filter((userId) => Effect.map(discord.isBanned(guildId, userId), (is) => !is))),
      Effect.map((failed) => ({ _tag: "Banned", failed }) as const),
      Effect.catchAll((error) => {
        const attempt = attemptOf(error);
        return attempt._tag === "Failed" ? Effect.succeed(attempt) : Effect.fail(error);
      }),
    );
    if (refused._tag === "Failed") {
      yield* settle({ banned: [], failed: people, reason: refused.reason });
      return refused;
    }
    const { failed } = refused;
    const banned = people.filter((userId) => !failed.includes(userId));
    yield* settle({ banned, failed, reason: NOT_BANNED });
    return Done(failed.length === 0 ? null : `${failed.length} not banned`);
  });
