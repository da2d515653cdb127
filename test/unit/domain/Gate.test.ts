import { assert, describe, it } from "@effect/vitest";
import { checkAnswer } from "../../../src/domain/Gate.js";
import { ANSWER_MAX, ANSWER_MIN } from "../../../src/domain/Settings.js";
import { clean, visibleLength } from "../../../src/domain/Text.js";
import { hostileText } from "../../support/fixtures-text.js";

const QUESTION = "What brings you here?";
const problemOf = (typed: string) => checkAnswer(QUESTION, typed).problem?.problem ?? "none";

describe("an answer", () => {
  it.each([
    ["nothing", "", "missing"],
    ["only spaces", "             ", "missing"],
    [
      "only characters that nobody sees",
      "\u200b\u202e\u2066\u0000\ufeff\u00ad\u200b\u200b\u200b\u200b",
      "missing",
    ],
    ["only blanks that look like letters", "\u3164\u2800".repeat(10), "missing"],
    ["nine letters", "123456789", "too_short"],
    ["nine letters and many spaces", "1 2 3 4 5 6 7 8 9", "too_short"],
    ["one letter padded with zero-width joiners", `a${"\u200d".repeat(20)}`, "too_short"],
    ["nine emoji", "😀".repeat(9), "too_short"],
    ["ten letters", "1234567890", "none"],
    ["ten emoji", "😀".repeat(10), "none"],
    ["a thousand letters", "a".repeat(1_000), "none"],
    ["a thousand emoji", "😀".repeat(1_000), "none"],
    ["a thousand letters between spaces", `  ${"a".repeat(1_000)}\n\n`, "none"],
    ["a thousand and one letters", "a".repeat(1_001), "too_long"],
    ["a thousand and one emoji", "😀".repeat(1_001), "too_long"],
  ])("of %s is %s", (_what, typed, expected) => {
    assert.strictEqual(problemOf(typed), expected);
  });

  it("that will not do is told with its question, and kept as it was typed", () => {
    assert.deepStrictEqual(checkAnswer(QUESTION, "  short\u202e "), {
      text: "short",
      problem: { question: QUESTION, problem: "too_short" },
    });
  });

  it.prop(
    "is stored clean, and is good exactly when 10 to 1000 characters are seen",
    [hostileText],
    ([typed]) => {
      const { text, problem } = checkAnswer(QUESTION, typed);
      assert.strictEqual(text, clean(typed));
      const good = visibleLength(text) >= ANSWER_MIN && [...text].length <= ANSWER_MAX;
      assert.strictEqual(problem === null, good);
    },
  );
});
