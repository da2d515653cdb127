import {
  ButtonStyle,
  ComponentType,
  type APIModalInteractionResponseCallbackComponent,
  TextInputStyle,
} from "discord.js";
import { Schema } from "effect";
import type { Answer, Application } from "../../domain/Application.js";
import type { AnswerProblem } from "../../domain/Gate.js";
import { ANSWER_MAX, ANSWER_MIN, MAX_QUESTIONS } from "../../domain/Settings.js";
import { ShortCode } from "../../domain/Ids.js";
import { cut, keyOf, plain } from "../../domain/Text.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";

/** The button under the gate message. */
export const VerifyId = CustomId.make("verify", Schema.Struct({}));
/** There are never more pages than questions. */
const Page = Schema.Struct({
  page: Schema.NumberFromString.pipe(Schema.int(), Schema.between(0, MAX_QUESTIONS - 1)),
});
/** The form, by page. */
export const ApplyId = CustomId.make("apply", Page);
/** Opens a page of the form (again). */
export const ApplyPageId = CustomId.make("apply-page", Page);

/** Discord's limits for a form. */
const MODAL_COMPONENTS = 5;
const LABEL_MAX = 45;
const DESCRIPTION_MAX = 100;

/** A question that fits neither a label nor its description is shown as text of its own above the field. */
const sizeOf = (question: string): number => (question.length <= DESCRIPTION_MAX ? 1 : 2);

/** Spreads questions over as few forms as Discord's five components a form allow. */
export const pagesOf = (questions: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const pages: Array<Array<string>> = [];
  let room = 0;
  for (const question of questions) {
    const size = sizeOf(question);
    if (size > room) {
      pages.push([]);
      room = MODAL_COMPONENTS;
    }
    pages.at(-1)?.push(question);
    room -= size;
  }
  return pages;
};

/** Fields are found again by the question they belong to, so that an edit of the questions mixes nothing up. */
export const fieldOf = (question: string): string => `q-${keyOf(question)}`;

const fieldFor = (
  question: string,
  number: number,
  total: number,
  draft: ReadonlyArray<Answer>,
): ReadonlyArray<APIModalInteractionResponseCallbackComponent> => {
  const typed = draft.find((answer) => answer.question === question)?.text;
  const short = question.length <= LABEL_MAX;
  const input = {
    type: ComponentType.TextInput as const,
    custom_id: fieldOf(question),
    style: TextInputStyle.Paragraph,
    min_length: ANSWER_MIN,
    max_length: ANSWER_MAX,
    required: true,
    ...(typed === undefined || typed === "" ? {} : { value: [...typed].slice(0, ANSWER_MAX).join("") }),
  };
  const label = {
    type: ComponentType.Label as const,
    label: short ? question : `Question ${number} of ${total}`,
    ...(!short && question.length <= DESCRIPTION_MAX ? { description: question } : {}),
    component: input,
  };
  return sizeOf(question) === 1 ? [label] : [{ type: ComponentType.TextDisplay, content: question }, label];
};

/** One page of the form, with what was typed before. */
export const form = (
  questions: ReadonlyArray<string>,
  page: number,
  draft: ReadonlyArray<Answer>,
): ModalPayload => {
  const pages = pagesOf(questions);
  const before = pages.slice(0, page).flat().length;
  return {
    custom_id: ApplyId.encode({ page }),
    title: pages.length > 1 ? `Your application (${page + 1} of ${pages.length})` : "Your application",
    components: (pages[page] ?? []).flatMap((question, index) =>
      fieldFor(question, before + index + 1, questions.length, draft),
    ),
  };
};

const pageButton = (label: string, page: number): NonNullable<MessagePayload["components"]> => [
  {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.Button,
        style: ButtonStyle.Primary,
        label,
        custom_id: ApplyPageId.encode({ page }),
      },
    ],
  },
];

const PROBLEM_WORDS = {
  missing: "please answer this one",
  too_short: `please write a little more (at least ${ANSWER_MIN} characters)`,
  too_long: `please keep it under ${ANSWER_MAX} characters`,
} as const;

/** What has to be mended; everything typed is kept. */
export const problems = (found: ReadonlyArray<AnswerProblem>, page: number): MessagePayload => ({
  content: [
    "Almost there. What you typed is kept:",
    ...found.map(({ question, problem }) => `- ${cut(plain(question), 200)}: ${PROBLEM_WORDS[problem]}`),
  ].join("\n"),
  components: pageButton("Go on writing", page),
});

export const nextPage = (page: number, total: number): MessagePayload => ({
  content: `Part ${page} of ${total} is saved.`,
  components: pageButton(`Go on with part ${page + 1}`, page),
});

export const questionsChanged = (page: number): MessagePayload => ({
  content: "The questions were changed while you were writing. What still fits is kept.",
  components: pageButton("Go on writing", page),
});

/** Asks whether the application of that code is to be taken back. */
export const WithdrawId = CustomId.make("withdraw", Schema.Struct({ code: ShortCode }));
/** Takes it back. */
export const WithdrawYesId = CustomId.make("withdraw-yes", Schema.Struct({ code: ShortCode }));

const oneButton = (
  label: string,
  style: ButtonStyle.Danger | ButtonStyle.Secondary,
  custom_id: string,
): NonNullable<MessagePayload["components"]> => [
  { type: ComponentType.ActionRow, components: [{ type: ComponentType.Button, style, label, custom_id }] },
];

/** What an applicant is told about an open application; it can be taken back from there. */
export const openApplication = (content: string, code: ShortCode): MessagePayload => ({
  content,
  components: oneButton("Take it back", ButtonStyle.Secondary, WithdrawId.encode({ code })),
});

export const submitted = ({ code }: Application): MessagePayload =>
  openApplication(
    `Thank you! Your application **#${code}** is in. A moderator reads it, and you get the answer as a direct message.`,
    code,
  );

export const withdrawQuestion = (code: ShortCode): MessagePayload => ({
  content: `Take back your application **#${code}**? No moderator will decide about it. You can apply again whenever you like.`,
  components: oneButton("Yes, take it back", ButtonStyle.Danger, WithdrawYesId.encode({ code })),
});

export const withdrawn = ({ code }: Application): MessagePayload => ({
  content: `Your application **#${code}** is taken back. You can apply again with **Verify**.`,
  components: [],
});
