import { Either, Schema } from "effect";
import { MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "./Settings.js";
import { clean, keyOf, visibleLength } from "./Text.js";

export const QuestionProblem = Schema.Union(
  Schema.TaggedStruct("Blank", { number: Schema.Int }),
  Schema.TaggedStruct("TooLong", { number: Schema.Int, length: Schema.Int }),
  Schema.TaggedStruct("Equal", { number: Schema.Int, other: Schema.Int }),
  Schema.TaggedStruct("NoneLeft", {}),
);
export type QuestionProblem = typeof QuestionProblem.Type;

/** Questions that no form could be made of. */
export class QuestionsInvalid extends Schema.TaggedError<QuestionsInvalid>()("QuestionsInvalid", {
  problems: Schema.Array(QuestionProblem),
}) {}

/** Somebody else changed the questions while they were being edited; `now` is what they are. */
export class QuestionsChanged extends Schema.TaggedError<QuestionsChanged>()("QuestionsChanged", {
  now: Schema.Array(Schema.String),
}) {}

/** The same questions have the same key; for noticing that they were changed meanwhile. */
export const keyOfAll = (questions: ReadonlyArray<string>): string => keyOf(JSON.stringify(questions));

/** By number, from 1: the new text, or `null` to take the question out. What is not named stays. */
export type QuestionEdits = ReadonlyMap<number, string | null>;

/** What somebody was writing: one text for each number, empty for no question. */
export const QuestionsDraft = Schema.Struct({
  texts: Schema.parseJson(Schema.Array(Schema.String)),
  /** The key of the questions that its author was shown last. */
  seen: Schema.String,
});
export type QuestionsDraft = typeof QuestionsDraft.Type;

/** What an editor shows of these questions after these edits, good or not. */
export const asTyped = (current: ReadonlyArray<string>, edits: QuestionEdits): ReadonlyArray<string> =>
  Array.from({ length: MAX_QUESTIONS }, (_, index) => {
    const edit = edits.get(index + 1);
    return edit === undefined ? (current[index] ?? "") : clean(edit ?? "");
  });

/** A question as it is stored: on one line. */
const asked = (typed: string): string => clean(typed).replace(/\s+/g, " ");

/** Two of one key would make two fields of one name, which no form may have. */
const sameQuestion = (left: string, right: string): boolean =>
  left.toLowerCase() === right.toLowerCase() || keyOf(left) === keyOf(right);

/** The questions after the edits, the gaps closed; or everything that is wrong with them. */
export const editQuestions = (
  current: ReadonlyArray<string>,
  edits: QuestionEdits,
): Either.Either<ReadonlyArray<string>, QuestionsInvalid> => {
  const slots = Array.from({ length: MAX_QUESTIONS }, (_, index) => {
    const edit = edits.get(index + 1);
    const text = edit === undefined ? (current[index] ?? null) : edit === null ? null : asked(edit);
    return { number: index + 1, text, edited: edit !== undefined };
  });
  const kept = slots.flatMap(({ text, ...slot }) => (text === null ? [] : [{ ...slot, text }]));
  const problems = kept.flatMap(({ number, text, edited }, index): ReadonlyArray<QuestionProblem> => {
    if (!edited) return [];
    if (visibleLength(text) === 0) return [{ _tag: "Blank", number }];
    if (text.length > MAX_QUESTION_LENGTH) return [{ _tag: "TooLong", number, length: text.length }];
    const other = kept.find(
      (each, place) => place !== index && (place < index || !each.edited) && sameQuestion(each.text, text),
    );
    return other === undefined ? [] : [{ _tag: "Equal", number, other: other.number }];
  });
  if (kept.length === 0) return Either.left(new QuestionsInvalid({ problems: [{ _tag: "NoneLeft" }] }));
  return problems.length === 0
    ? Either.right(kept.map(({ text }) => text))
    : Either.left(new QuestionsInvalid({ problems }));
};
