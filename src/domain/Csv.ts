/*
 * Text that spreadsheets open (RFC 4180) and run nothing of (https://owasp.org/www-community/attacks/CSV_Injection). The
 * byte order mark is for Excel, which reads everything else as the code page of the machine.
 */

/** Before the first row of a file. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** What begins a formula, also full-width and small, and what looks like it. */
const SIGNS = "=+\\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212";
/** What a spreadsheet may pass over in front of it. */
const UNSEEN = "\\s\\p{Default_Ignorable_Code_Point}";
/** A cell that would be run; a tab or a line end in front is enough for some programs. */
const RUNS = new RegExp(`^[${UNSEEN}]*[\\t\\r\\n${SIGNS}]`, "u");
/**
 * The same further in: where a program takes another separator than the comma (as Excel does in half of Europe), quotes
 * inside a cell protect nothing, and what stands behind a semicolon, tab or line end is a cell of its own.
 */
const RUNS_WITHIN = new RegExp(`([;\\t\\r\\n][${UNSEEN}"']*)(?=[${SIGNS}])`, "gu");

const neutral = (text: string): string => {
  const inside = text.replace(RUNS_WITHIN, "$1'");
  return RUNS.test(inside) ? `'${inside}` : inside;
};

const cell = (value: string | number | null): string => {
  if (typeof value === "number") return `${value}`;
  const text = neutral(value ?? "");
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One row, with its line end. */
export const csvRow = (cells: ReadonlyArray<string | number | null>): string =>
  `${cells.map(cell).join(",")}\r\n`;
