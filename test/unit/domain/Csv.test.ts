import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { parse } from "csv-parse/sync";
import { csvRow } from "../../../src/domain/Csv.js";
import { hostileText } from "../../support/fixtures-text.js";

const SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"];
/** What no cell may begin with, whatever is passed over in front of it. */
const looksLikeFormula = (cell: string) =>
  SIGNS.some((sign) =>
    cell.replace(/^[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/u, "").startsWith(sign),
  ) || /^[\t\r\n]/.test(cell);

const parsed = (text: string, delimiter = ","): ReadonlyArray<ReadonlyArray<string>> =>
  parse(text, { delimiter, relax_quotes: delimiter !== ",", relax_column_count: true });

/** Text in which formulas are likely, also behind what other programs take for a separator. */
const dangerous = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...SIGNS,
        ...SIGNS,
        ";",
        ",",
        '"',
        "'",
        " ",
        "\u00a0",
        "\u200b",
        "\u3000",
        "\r\n",
        "1+1",
      ),
      hostileText,
    ),
    { maxLength: 8 },
  )
  // As text is stored: no half of a character.
  .map((parts) => parts.join("").replace(/\p{Surrogate}/gu, "\uFFFD"));

describe("a row of a CSV file", () => {
  it("leaves harmless text as it is, and quotes what needs quotes", () => {
    assert.strictEqual(
      csvRow(["a", "a b", "a,b", 'say "hi"', "a\nb", "a;b", null, 12, -3]),
      'a,a b,"a,b","say ""hi""","a\nb","a;b",,12,-3\r\n',
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["  =1", "'  =1"],
    ["\u00a0=1", "'\u00a0=1"],
    ["\u200b=1", "'\u200b=1"],
    ["＝1", "'＝1"],
    ["\tcmd", "'\tcmd"],
    ["\rcmd", "'\rcmd"],
    ["all good;=1+1", "all good;'=1+1"],
    ['all good;"=1+1', "all good;\"'=1+1"],
    ["all good\n\n- a list", "all good\n\n'- a list"],
    ["a-b = c", "a-b = c"],
  ])("makes %j the text %j, which no spreadsheet runs", (typed, written) => {
    assert.deepStrictEqual(parsed(csvRow(["before", typed, "after"])), [["before", written, "after"]]);
  });

  it.prop(
    "is read back as it was, cell by cell, but for an apostrophe in front of what would be run",
    [fc.array(dangerous, { minLength: 1, maxLength: 6 })],
    ([cells]) => {
      const rows = parsed(csvRow(["x", ...cells]));
      assert.strictEqual(rows.length, 1);
      const read = rows[0] ?? [];
      assert.strictEqual(read.length, cells.length + 1);
      for (const [index, cell] of cells.entries()) {
        const text = read[index + 1] ?? "";
        assert.isFalse(looksLikeFormula(text), JSON.stringify(text));
        assert.strictEqual(text.replaceAll("'", ""), cell.replaceAll("'", ""));
      }
    },
  );

  it.prop(
    "holds nothing that is run where a program takes semicolons or tabs for separators",
    [fc.array(dangerous, { minLength: 1, maxLength: 6 }), fc.constantFrom(";", "\t")],
    ([cells, separator]) => {
      // As such a program reads it: quotes count only where a cell begins with one.
      for (const line of csvRow(["x", ...cells]).split(/\r\n|\r|\n/)) {
        for (const part of line.split(separator)) {
          assert.isFalse(
            looksLikeFormula(part.replace(/^[\s"']*/, (front) => (front.includes("'") ? "'" : ""))),
            JSON.stringify(part),
          );
        }
      }
    },
  );
});
