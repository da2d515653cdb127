import { Effect } from "effect";
import { GateReset } from "../../services/GateReset.js";
import * as Command from "../kit/Command.js";
import { Modal } from "../kit/Reply.js";
import { gateResetForm } from "../views/GateReset.js";

/** Asks for the word and the password; nothing happens before both are right. */
export const gateReset = Command.subcommand({
  name: "reset",
  description: "Withdraw open applications and bring back the default questions, texts and rules",
  rung: "admin",
  opensModal: true,
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const resets = yield* GateReset;
      return Modal(gateResetForm(yield* resets.preview(guildId)));
    }),
});
