import { Effect } from "effect";
import { Withdrawals } from "../../services/Withdrawals.js";
import * as Component from "../kit/Component.js";
import { Update } from "../kit/Reply.js";
import { WithdrawId, withdrawn, withdrawQuestion, WithdrawYesId } from "../views/Apply.js";

/** Asks once more: what is taken back is gone. */
export const withdraw = Component.button(WithdrawId, {
  rung: "everyone",
  handler: ({ params: { code } }) => Effect.succeed(Update(withdrawQuestion(code))),
});

/** An applicant takes an open application back. */
export const withdrawYes = Component.button(WithdrawYesId, {
  rung: "everyone",
  handler: ({ guildId, actor, params: { code } }) =>
    Effect.gen(function* () {
      const withdrawals = yield* Withdrawals;
      return Update(withdrawn(yield* withdrawals.takeBack(guildId, actor.id, code)));
    }),
});
