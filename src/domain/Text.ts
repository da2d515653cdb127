/**
 * What people type is hostile until proven otherwise. Invisible characters that reorder or hide text are taken out
 * (bidirectional controls, zero-width spaces, control characters, tag characters); joiners inside emoji and scripts
 * that need them stay.
 */
const HIDDEN =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;

/** Characters that take no room by themselves; they do not count towards a minimum length. */
const UNSEEN = /[\s\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text as it is stored: line ends unified, hidden characters out, at most two empty lines in a row, ends trimmed. */
export const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(HIDDEN, "")
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replace(/\n{4,}/g, "\n\n\n")
    .trim();

/** How many characters of a text can be seen. */
export const visibleLength = (text: string): number => [...text.replace(UNSEEN, "")].length;

/** What somebody was asked to say, as it is stored; `null` where nothing of it can be seen. */
export const said = (typed: string): string | null => {
  const text = clean(typed);
  return visibleLength(text) === 0 ? null : text;
};

/** Cuts to at most `max` UTF-16 units, never inside a surrogate pair or behind a lone backslash, with '…' at the end. */
export const cut = (text: string, max: number): string => {
  if (text.length <= max) return text;
  if (max <= 0) return "";
  let end = max - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  const kept = text.slice(0, end);
  const backslashes = /\\+$/.exec(kept)?.[0].length ?? 0;
  return `${backslashes % 2 === 1 ? kept.slice(0, -1) : kept}…`;
};

/** Shows text as it was typed: no markdown, no masked link, no code fence, no mention, no heading or list. */
export const plain = (text: string): string =>
  text
    .replace(/[\\*_~`|[\]<>#]/g, "\\$&")
    .replace(/^(\s*)([-+])(?=\s)/gm, "$1\\$2")
    .replace(/^(\s*\d+)\.(?=\s)/gm, "$1\\.");

/** A stable short key of a question, so that an answer finds its question although the questions were edited. */
export const keyOf = (question: string): string => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < question.length; index += 1) {
    hash = Math.imul(hash ^ question.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
};
