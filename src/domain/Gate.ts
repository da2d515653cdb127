import { Schema } from "effect";
import { Status } from "./Application.js";
import { Millis, ShortCode } from "./Ids.js";
import { ANSWER_MAX, ANSWER_MIN } from "./Settings.js";
import { clean, visibleLength } from "./Text.js";

/** Why somebody cannot apply just now (features.md F4). Each says so in `views/ErrorText`. */
export class Blocked extends Schema.TaggedError<Blocked>()("Blocked", {}) {}
export class AlreadyApplied extends Schema.TaggedError<AlreadyApplied>()("AlreadyApplied", {
  code: ShortCode,
  status: Status,
}) {}
export class AlreadyMember extends Schema.TaggedError<AlreadyMember>()("AlreadyMember", {}) {}
export class AccountTooYoung extends Schema.TaggedError<AccountTooYoung>()("AccountTooYoung", {
  until: Millis,
}) {}
export class JoinedTooRecently extends Schema.TaggedError<JoinedTooRecently>()("JoinedTooRecently", {
  until: Millis,
}) {}
export class CoolingDown extends Schema.TaggedError<CoolingDown>()("CoolingDown", { until: Millis }) {}

/** Panic mode is on: nobody can apply for the moment (features.md F16). */
export class GateClosed extends Schema.TaggedError<GateClosed>()("GateClosed", {
  /** Whether something was typed already, and is kept as a draft. */
  kept: Schema.Boolean,
}) {}

export type Refusal =
  GateClosed | Blocked | AlreadyApplied | AlreadyMember | AccountTooYoung | JoinedTooRecently | CoolingDown;

/** What somebody types who means to reset the gate. */
export const RESET_WORD = "RESET";

/** What is wrong with one answer. */
export interface AnswerProblem {
  readonly question: string;
  readonly problem: "missing" | "too_short" | "too_long";
}

/** An answer as it will be stored and, if it will not do, why. Lengths count characters, an emoji as one. */
export const checkAnswer = (
  question: string,
  typed: string,
): { readonly text: string; readonly problem: AnswerProblem | null } => {
  const text = clean(typed);
  const seen = visibleLength(text);
  const problem =
    seen === 0
      ? "missing"
      : seen < ANSWER_MIN
        ? "too_short"
        : [...text].length > ANSWER_MAX
          ? "too_long"
          : null;
  return { text, problem: problem === null ? null : { question, problem } };
};
