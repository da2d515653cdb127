import { Effect } from "effect";
import { Settings } from "../../services/Settings.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { QuestionsEditId, questionsForm } from "../views/Questions.js";

/** Opens a form with all five questions. */
export const questionsEdit = Component.button(QuestionsEditId, {
  rung: "admin",
  opensModal: true,
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const settings = yield* Settings;
      const { questions } = yield* settings.get(guildId);
      return Modal(questionsForm(questions));
    }),
});
