import { Effect, Option } from "effect";
import { PanicPurge } from "../../services/PanicPurge.js";
import { Settlement } from "../../services/Settlement.js";
import * as Component from "../kit/Component.js";
import { passwordOf } from "../kit/Password.js";
import { Private } from "../kit/Reply.js";
import { PurgeFormId, purgeBegun, purgeProgress } from "../views/PanicPurge.js";

/** How long an admin is kept waiting for the last step; the removal itself takes as long as it takes. */
const PATIENCE_MILLIS = 40_000;

/** With the password, those who were shown are removed. */
export const panicPurgeForm = Component.modal(PurgeFormId, {
  rung: "admin",
  answers: "private",
  handler: (input) =>
    Effect.gen(function* () {
      const purges = yield* PanicPurge;
      const settlement = yield* Settlement;
      const { guildId, actor, params } = input;
      // Before the password is asked for: a second press costs no try.
      yield* purges.confirmable(guildId, params.purge);
      const proof = yield* passwordOf(input, { purpose: "panic purge" });
      const begun = yield* purges.begin(guildId, params.purge, actor.id, proof);
      const later = Effect.gen(function* () {
        yield* Effect.timeoutOption(
          Effect.forEach(begun.steps, (step) => settlement.await(step, PATIENCE_MILLIS)),
          PATIENCE_MILLIS,
        );
        return Option.match(yield* purges.progress(guildId, params.purge), {
          onNone: () => purgeBegun(begun),
          onSome: purgeProgress,
        });
      });
      return Private(purgeBegun(begun), later);
    }),
});
