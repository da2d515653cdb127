import { Effect } from "effect";
import { GateTexts } from "../../services/GateTexts.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { QuestionsEditId, questionsForm } from "../views/Questions.js";

/** Opens a form with all five questions. */
export const questionsEdit = Component.button(QuestionsEditId, {
  rung: "admin",
  opensModal: true,
  handler: ({ guildId, actor, params: { from } }) =>
    Effect.gen(function* () {
      const texts = yield* GateTexts;
      return Modal(questionsForm(yield* texts.editingQuestions(guildId, actor.id, from)));
    }),
});
