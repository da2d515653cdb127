import { assert, describe, expect, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { type AnswerProblem, checkAnswer } from "../../../../src/domain/Gate.js";
import { DEFAULT_QUESTIONS } from "../../../../src/domain/Settings.js";
import * as Apply from "../../../../src/programs/views/Apply.js";
import { reasonForm } from "../../../../src/programs/views/ReasonForm.js";
import { application } from "../../../support/fixtures.js";
import { question, questions } from "../../../support/fixtures-arbitrary.js";
import { hostileText } from "../../../support/fixtures-text.js";
import { formOf, messageProblems, modalProblems } from "../../../support/limits.js";

const LONG = "Tell us about yourself. ".repeat(20).trim();
const SHORT = ["Who are you?", "Where from?", "Why here?", "Since when?", "What else?"];

const formsOf = (asked: ReadonlyArray<string>, draft: Parameters<typeof Apply.form>[2] = []) =>
  Apply.pagesOf(asked).map((_, page) => Apply.form(asked, page, draft));

describe("the application form", () => {
  it("asks the default questions", () => {
    expect(formsOf(DEFAULT_QUESTIONS)).toMatchSnapshot();
  });

  it("asks five questions at once where Discord has room for them", () => {
    assert.deepStrictEqual(Apply.pagesOf(SHORT), [SHORT]);
  });

  it("spreads long questions over as few forms as possible", () => {
    assert.deepStrictEqual(
      Apply.pagesOf([LONG, LONG, "Why?", LONG, "Where?"]).map((page) => page.length),
      [3, 2],
    );
  });

  it("says which part it is only where there are several", () => {
    assert.strictEqual(Apply.form(SHORT, 0, []).title, "Your application");
    assert.strictEqual(Apply.form(Array<string>(5).fill(LONG), 1, []).title, "Your application (2 of 3)");
  });

  it("offers what was typed before, to its own question", () => {
    const draft = [{ question: "Why here?", text: "Because of the otters." }];
    const { inputs } = formOf(Apply.form(SHORT, 0, draft));
    assert.deepStrictEqual(
      inputs.map(({ id, value }) => [id, value]),
      SHORT.map((asked) => [
        Apply.fieldOf(asked),
        asked === "Why here?" ? "Because of the otters." : undefined,
      ]),
    );
  });

  it("offers too much text back as far as Discord takes it, in whole characters", () => {
    const { inputs } = formOf(
      Apply.form(["Why?"], 0, [{ question: "Why?", text: `a${"😀".repeat(1_000)}` }]),
    );
    assert.strictEqual(inputs[0]?.value, `a${"😀".repeat(999)}`);
  });

  it.each([45, 46, 100, 101, 500])("shows a prompt of %i characters whole, inside every limit", (length) => {
    const asked = ["?".padStart(length, "x")];
    const form = Apply.form(asked, 0, []);
    assert.deepStrictEqual(modalProblems(form), []);
    assert.include(formOf(form).shown, asked[0]);
  });

  it.prop(
    "stays inside every limit of Discord, whatever is asked and was typed",
    [questions, hostileText],
    ([asked, typed]) => {
      const draft = asked.map((each) => ({ question: each, text: checkAnswer(each, typed).text }));
      for (const form of formsOf(asked, draft)) assert.deepStrictEqual(modalProblems(form), []);
    },
  );

  it.prop("shows every prompt whole and asks each question once, in order", [questions], ([asked]) => {
    const shown = formsOf(asked).map(formOf);
    const prompts = shown.flatMap((form) => form.shown);
    for (const prompt of asked) assert.include(prompts, prompt);
    assert.deepStrictEqual(
      shown.flatMap(({ inputs }) => inputs.map(({ id }) => id)),
      asked.map(Apply.fieldOf),
    );
  });
});

const problem = fc.record({
  question,
  problem: fc.constantFrom<AnswerProblem["problem"][]>("missing", "too_short", "too_long"),
});

describe("what an applicant is told in between", () => {
  it("names what has to be mended, and the way back", () => {
    expect(
      Apply.problems(
        [
          { question: "Who are you?", problem: "missing" },
          { question: "Why *here*?", problem: "too_short" },
          { question: LONG, problem: "too_long" },
        ],
        0,
      ),
    ).toMatchSnapshot();
  });

  it("counts parts from one", () => {
    assert.strictEqual(Apply.nextPage(1, 3).content, "Part 1 of 3 is saved.");
    assert.include(JSON.stringify(Apply.nextPage(1, 3)), "Go on with part 2");
    assert.include(JSON.stringify(Apply.nextPage(1, 3)), Apply.ApplyPageId.encode({ page: 1 }));
  });

  it.prop(
    "stays inside every limit of Discord",
    [fc.array(problem, { minLength: 1, maxLength: 5 }), fc.nat({ max: 4 })],
    ([found, page]) => {
      for (const message of [
        Apply.problems(found, page),
        Apply.nextPage(page, 5),
        Apply.questionsChanged(page),
        Apply.submitted(application()),
      ]) {
        assert.deepStrictEqual(messageProblems(message), []);
      }
    },
  );
});

describe("the form for a reason", () => {
  it.each(["reject", "perm_reject", "kick"] as const)("for %s says what will follow", (kind) => {
    const form = reasonForm(kind, application());
    assert.deepStrictEqual(modalProblems(form), []);
    expect(form).toMatchSnapshot();
  });
});
