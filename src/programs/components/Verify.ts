import { Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Component from "../kit/Component.js";
import { Modal, Private } from "../kit/Reply.js";
import { form, openApplication, VerifyId } from "../views/Apply.js";
import { describe } from "../views/ErrorText.js";

/** The button under the gate message: says why not, or opens the form with what was typed before. */
export const verify = Component.button(VerifyId, {
  rung: "everyone",
  opensModal: true,
  handler: ({ guildId, actor }) =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      const { questions, draft } = yield* gate.invite(guildId, actor);
      return Modal(form(questions, 0, draft));
    }).pipe(
      Effect.catchTag("AlreadyApplied", (error) =>
        Effect.succeed(Private(openApplication(describe(error), error.code))),
      ),
    ),
});
