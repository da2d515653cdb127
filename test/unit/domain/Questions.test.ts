import { assert, describe, it } from "@effect/vitest";
import { Either, FastCheck as fc } from "effect";
import { editQuestions, keyOfAll, type QuestionProblem } from "../../../src/domain/Questions.js";
import { MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../../src/domain/Settings.js";
import { keyOf } from "../../../src/domain/Text.js";
import { hostileText } from "../../support/fixtures-text.js";

const CURRENT = ["Who?", "Why?", "Where from?"];
type Edits = ReadonlyArray<readonly [number, string | null]>;
const edit = (edits: Edits, current: ReadonlyArray<string> = CURRENT) =>
  editQuestions(current, new Map(edits));
const edited = (edits: Edits, current?: ReadonlyArray<string>) => Either.getOrThrow(edit(edits, current));
const problems = (edits: Edits, current?: ReadonlyArray<string>): ReadonlyArray<QuestionProblem> =>
  Either.getOrThrow(Either.flip(edit(edits, current))).problems;

describe("questions", () => {
  it("stay where nothing is said about them", () => {
    assert.deepStrictEqual(edited([]), CURRENT);
    assert.deepStrictEqual(edited([[2, "When?"]]), ["Who?", "When?", "Where from?"]);
  });

  it("are added behind the others, whatever number they were given", () => {
    assert.deepStrictEqual(edited([[5, "When?"]]), [...CURRENT, "When?"]);
  });

  it("are taken out, and the others move up", () => {
    assert.deepStrictEqual(edited([[1, null]]), ["Why?", "Where from?"]);
    assert.deepStrictEqual(edited([[4, null]]), CURRENT);
  });

  it("may change places", () => {
    assert.deepStrictEqual(
      edited([
        [1, "Why?"],
        [2, "Who?"],
      ]),
      ["Why?", "Who?", "Where from?"],
    );
  });

  it("stand on one line, without what cannot be seen", () => {
    assert.deepStrictEqual(edited([[1, "  Who\u202e\n\n are   you? "]])[0], "Who are you?");
  });

  it("are refused blank", () => {
    for (const blank of ["", "  \n ", "\u200b\u2800"]) {
      assert.deepStrictEqual(problems([[2, blank]]), [{ _tag: "Blank", number: 2 }]);
    }
  });

  it("are refused when they are too long, even where Discord lets them pass", () => {
    assert.deepStrictEqual(edited([[1, "x".repeat(MAX_QUESTION_LENGTH)]])[0]?.length, MAX_QUESTION_LENGTH);
    assert.deepStrictEqual(problems([[1, "😀".repeat(251)]]), [{ _tag: "TooLong", number: 1, length: 502 }]);
  });

  it("are refused when two are equal: a form would have two fields of one name", () => {
    assert.deepStrictEqual(problems([[1, "why?"]]), [{ _tag: "Equal", number: 1, other: 2 }]);
    assert.deepStrictEqual(
      problems([
        [4, "New?"],
        [5, " new? "],
      ]),
      [{ _tag: "Equal", number: 5, other: 4 }],
    );
  });

  it("are refused when nobody would be asked anything", () => {
    assert.deepStrictEqual(problems([1, 2, 3].map((number) => [number, null] as const)), [
      { _tag: "NoneLeft" },
    ]);
  });

  it.prop(
    "are never stored so that no form could be made of them",
    [fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.option(hostileText)))],
    ([edits]) => {
      Either.map(edit(edits), (questions) => {
        assert.isAtLeast(questions.length, 1);
        assert.isAtMost(questions.length, MAX_QUESTIONS);
        assert.strictEqual(new Set(questions.map(keyOf)).size, questions.length);
        for (const question of questions) {
          assert.isAtMost(question.length, MAX_QUESTION_LENGTH);
          assert.notStrictEqual(question.trim(), "");
        }
      });
    },
  );

  it("have another key when one of them is another", () => {
    assert.strictEqual(keyOfAll(CURRENT), keyOfAll([...CURRENT]));
    assert.notStrictEqual(keyOfAll(CURRENT), keyOfAll(["Who?", "Why?", "Where from"]));
    assert.notStrictEqual(keyOfAll(["a", "b"]), keyOfAll(["a,b"]));
  });
});
