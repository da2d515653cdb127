import { Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { form, VerifyId } from "../views/Apply.js";

/** The button under the gate message: says why not, or opens the form with what was typed before. */
export const verify = Component.button(VerifyId, {
  rung: "everyone",
  opensModal: true,
  handler: ({ guildId, actor }) =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      const { questions, draft } = yield* gate.invite(guildId, actor);
      return Modal(form(questions, 0, draft));
    }),
});
