import { Effect, Random } from "effect";
import type { GuildId } from "../domain/Ids.js";
import { backoffMillis } from "../domain/SideEffect.js";
import type { DiscordError } from "../layers/discord/Errors.js";

/** Asks Discord again until it answers: for work in the background, for which nobody waits. A refusal is an answer. */
export const patiently = <A>(
  guild: GuildId,
  ask: Effect.Effect<A, DiscordError>,
  attempt = 1,
): Effect.Effect<A, DiscordError> =>
  Effect.catchAll(ask, (error) =>
    Effect.gen(function* () {
      if (error._tag !== "RateLimited" && error._tag !== "DiscordUnavailable") return yield* error;
      const wait =
        error._tag === "RateLimited" ? error.retryAfterMillis : backoffMillis(attempt, yield* Random.next);
      yield* Effect.logWarning("What happened in a server meanwhile could not be read; trying again", {
        guild,
        error: error._tag,
        waitMillis: wait,
      });
      yield* Effect.sleep(wait);
      return yield* patiently(guild, ask, attempt + 1);
    }),
  );
