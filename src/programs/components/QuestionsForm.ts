import { Effect } from "effect";
import { said } from "../../domain/Text.js";
import { GateTexts } from "../../services/GateTexts.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { NUMBERS, questionField, questionsChange, QuestionsId, questionsReport } from "../views/Questions.js";

/** All questions come in at once; an empty field takes its question out. */
export const questionsForm = Component.modal(QuestionsId, {
  rung: "admin",
  answers: "private",
  handler: ({ guildId, actor, interaction, params: { seen } }) =>
    Effect.gen(function* () {
      const texts = yield* GateTexts;
      const edits = new Map(
        NUMBERS.map((number) => [number, said(interaction.fields.get(questionField(number)) ?? "")]),
      );
      const { before, after } = yield* texts.setQuestions(guildId, actor.id, edits, seen);
      return Private(questionsReport(questionsChange(before, after), after));
    }),
});
