import { type APIEmbed, ButtonStyle, ComponentType, TextInputStyle } from "discord.js";
import { Schema } from "effect";
import type { QuestionsDraft } from "../../domain/Questions.js";
import { MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../domain/Settings.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { button, row } from "./CardButtons.js";
import { COLORS } from "./Colors.js";

/** The form with all questions; `seen` is the key of those that were shown in it. */
export const QuestionsId = CustomId.make("questions", Schema.Struct({ seen: Schema.String }));
/** Opens that form, with the questions as they are or with what was typed and refused. */
export const QuestionsEditId = CustomId.make(
  "questions-edit",
  Schema.Struct({ from: Schema.Literal("now", "draft") }),
);

export const NUMBERS = Array.from({ length: MAX_QUESTIONS }, (_, index) => index + 1);
export const questionField = (number: number): string => `q${number}`;

export const questionsForm = ({ texts, seen }: QuestionsDraft): ModalPayload => ({
  custom_id: QuestionsId.encode({ seen }),
  title: "Questions",
  components: NUMBERS.map((number) => {
    const text = texts[number - 1] ?? "";
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
        // Discord counts characters.
        ...(text === "" ? {} : { value: [...text].slice(0, MAX_QUESTION_LENGTH).join("") }),
      },
    };
  }),
});

/** Escaped they may be twice as long; five of these fit into one embed. */
const SHOWN = 750;

const asked = (questions: ReadonlyArray<string>): APIEmbed => ({
  title: "Questions",
  description: questions
    .map((question, index) => `**${index + 1}.** ${cut(plain(question), SHOWN)}`)
    .join("\n"),
  color: COLORS.blue,
});

const goOn = button("Go on editing", ButtonStyle.Primary, QuestionsEditId.encode({ from: "draft" }));

/** The questions in their order; `said` tells what happened to them. A draft can be taken up again. */
export const questionsReport = (
  said: string,
  questions: ReadonlyArray<string>,
  hasDraft: boolean,
): MessagePayload => ({
  content: said,
  embeds: [asked(questions)],
  components: row(
    button("Edit", ButtonStyle.Secondary, QuestionsEditId.encode({ from: "now" })),
    ...(hasDraft ? [goOn] : []),
  ),
});

/** What was typed will not do, or came too late; `now` is what is asked where somebody else has changed it. */
export const questionsRefused = (why: string, now: ReadonlyArray<string> | null): MessagePayload => ({
  content: why,
  ...(now === null ? {} : { embeds: [asked(now)] }),
  components: row(goOn),
});

/** Which questions are others now. */
export const questionsChange = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): string => {
  const changed = NUMBERS.filter((number) => before[number - 1] !== after[number - 1]);
  if (changed.length === 0) return "Nothing was changed: the questions are the same.";
  const drafts = "Half-written applications keep the answers whose questions are still asked.";
  return `Changed: ${changed.map((number) => `question ${number}`).join(", ")}. ${drafts}`;
};
