import { Effect, Option } from "effect";
import { RESET_WORD } from "../../domain/Gate.js";
import { GateReset } from "../../services/GateReset.js";
import { Settlement } from "../../services/Settlement.js";
import * as Component from "../kit/Component.js";
import { passwordOf } from "../kit/Password.js";
import { Private } from "../kit/Reply.js";
import { GateResetId, gateWasReset } from "../views/GateReset.js";

/** How long an admin is kept waiting for the gate message. */
const PATIENCE_MILLIS = 10_000;

/** The word and the password come in, and with them the reset. */
export const gateResetForm = Component.modal(GateResetId, {
  rung: "admin",
  answers: "private",
  handler: (input) =>
    Effect.gen(function* () {
      const resets = yield* GateReset;
      const settlement = yield* Settlement;
      const { guildId, actor, params } = input;
      // Before the password is asked for: a second press costs no try.
      yield* resets.stillAs(guildId, params.version);
      const proof = yield* passwordOf(input, { purpose: "gate reset", word: RESET_WORD });
      const { withdrawn, gateMessage } = yield* resets.reset(guildId, actor.id, proof, params.version);
      const later = Effect.map(settlement.await(gateMessage, PATIENCE_MILLIS), (settled) =>
        gateWasReset(withdrawn, Option.getOrNull(settled)),
      );
      return Private(gateWasReset(withdrawn, null), later);
    }),
});
