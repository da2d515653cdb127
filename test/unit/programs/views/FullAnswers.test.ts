import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { clean, plain } from "../../../../src/domain/Text.js";
import { fullAnswers } from "../../../../src/programs/views/FullAnswers.js";
import { application } from "../../../support/fixtures.js";
import { question, reason } from "../../../support/fixtures-arbitrary.js";
import { hostileText } from "../../../support/fixtures-text.js";
import { customIdsOf, messageProblems } from "../../../support/limits.js";

const answered = (texts: ReadonlyArray<string>) =>
  application({ answers: texts.map((text, index) => ({ question: `Why ${index}?`, text })) });

/** Turns the pages until there are no more. */
const pagesOf = (of: ReturnType<typeof application>) => {
  const pages = [fullAnswers(of, 0)];
  while (customIdsOf(pages.at(-1) ?? {}).some((id) => id.endsWith(`:${pages.length}`))) {
    pages.push(fullAnswers(of, pages.length));
  }
  return pages;
};
const textOf = (of: ReturnType<typeof application>) =>
  pagesOf(of).flatMap(({ embeds = [] }) => embeds.map(({ description = "" }) => description));

const answers = fc.array(
  fc.record({ question, text: hostileText.map((text) => [...clean(text)].slice(0, 1_000).join("")) }),
  { minLength: 1, maxLength: 5 },
);

describe("the full answers", () => {
  it("of a short application are one page, without buttons", () => {
    const [page, ...more] = pagesOf(answered(["Because.", "I like otters."]));
    assert.deepStrictEqual(more, []);
    assert.deepStrictEqual(page?.components, []);
    assert.notProperty(page, "content");
  });

  it("of the longest application are pages, each of which leads to its neighbours", () => {
    const pages = pagesOf(answered(Array.from({ length: 5 }, () => "*".repeat(1_000))));
    assert.isAbove(pages.length, 1);
    assert.deepStrictEqual(
      pages.map((page) => customIdsOf(page).map((id) => Number(id.split(":").at(-1)))),
      pages.map((_, page) => [page - 1, page + 1].filter((to) => to >= 0 && to < pages.length)),
    );
    assert.strictEqual(pages[1]?.content, `Page 2 of ${pages.length}`);
  });

  it("show the last page to whoever asks for one behind it", () => {
    const of = answered(["Because."]);
    assert.deepStrictEqual(fullAnswers(of, 99), fullAnswers(of, 0));
  });

  it.prop("are readable to the last character, whatever was typed", [answers, reason], ([given, why]) => {
    const texts = textOf(application({ answers: given, status: "rejected", reason: why }));
    given.forEach(({ question: asked, text }, index) => {
      const shown = text.trim() === "" ? "No answer" : plain(text);
      assert.strictEqual(texts[index], `**${plain(asked)}**\n\n${shown}`);
    });
    assert.strictEqual(texts[given.length], plain(why));
  });

  it.prop(
    "stay inside every limit of Discord",
    [answers, fc.integer({ min: -1, max: 9 })],
    ([given, page]) => {
      assert.deepStrictEqual(messageProblems(fullAnswers(application({ answers: given }), page)), []);
    },
  );
});
