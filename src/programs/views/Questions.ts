import { ButtonStyle, ComponentType, TextInputStyle } from "discord.js";
import { Schema } from "effect";
import { keyOfAll } from "../../domain/Questions.js";
import { MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../domain/Settings.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { COLORS } from "./Colors.js";

/** The form with all questions; `seen` is the key of those that were shown in it. */
export const QuestionsId = CustomId.make("questions", Schema.Struct({ seen: Schema.String }));
/** Opens that form. */
export const QuestionsEditId = CustomId.make("questions-edit", Schema.Struct({}));

export const NUMBERS = Array.from({ length: MAX_QUESTIONS }, (_, index) => index + 1);
export const questionField = (number: number): string => `q${number}`;

export const questionsForm = (questions: ReadonlyArray<string>): ModalPayload => ({
  custom_id: QuestionsId.encode({ seen: keyOfAll(questions) }),
  title: "Questions",
  components: NUMBERS.map((number) => {
    const question = questions[number - 1];
    return {
      type: ComponentType.Label,
      label: `Question ${number}`,
      description: "Leave it empty for no such question",
      component: {
        type: ComponentType.TextInput,
        custom_id: questionField(number),
        style: TextInputStyle.Paragraph,
        max_length: MAX_QUESTION_LENGTH,
        required: false,
        ...(question === undefined ? {} : { value: question }),
      },
    };
  }),
});

/** Escaped they may be twice as long; five of these fit into one embed. */
const SHOWN = 750;

/** The questions in their order; `said` tells what happened to them. */
export const questionsReport = (said: string, questions: ReadonlyArray<string>): MessagePayload => ({
  content: said,
  embeds: [
    {
      title: "Questions",
      description: questions
        .map((question, index) => `**${index + 1}.** ${cut(plain(question), SHOWN)}`)
        .join("\n"),
      color: COLORS.blue,
    },
  ],
  components: [
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.Button,
          style: ButtonStyle.Secondary,
          label: "Edit",
          custom_id: QuestionsEditId.encode({}),
        },
      ],
    },
  ],
});

/** Which questions are others now. */
export const questionsChange = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): string => {
  const changed = NUMBERS.filter((number) => before[number - 1] !== after[number - 1]);
  if (changed.length === 0) return "Nothing was changed: the questions are the same.";
  const drafts = "Half-written applications keep the answers whose questions are still asked.";
  return `Changed: ${changed.map((number) => `question ${number}`).join(", ")}. ${drafts}`;
};
