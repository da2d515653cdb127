import { said } from "../../domain/Text.js";
import * as Component from "../kit/Component.js";
import { saveQuestions } from "../kit/SaveQuestions.js";
import { NUMBERS, questionField, QuestionsId } from "../views/Questions.js";

/** All questions come in at once; an empty field takes its question out. */
export const questionsForm = Component.modal(QuestionsId, {
  rung: "admin",
  answers: "private",
  handler: ({ interaction, params: { seen }, ...caller }) => {
    const typed = (number: number) => said(interaction.fields.get(questionField(number)) ?? "");
    return saveQuestions(caller, new Map(NUMBERS.map((number) => [number, typed(number)])), seen);
  },
});
