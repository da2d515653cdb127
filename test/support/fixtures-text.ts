/** What people type, at its worst. */
import { FastCheck as fc } from "effect";

/** Any sequence of UTF-16 units, halves of characters included. */
export const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((codes) => String.fromCharCode(...codes));

const nasty = fc
  .array(
    fc.constantFrom(
      ..."\\*_~`|[]<>#+-.1 \n\r\t",
      "```",
      "@everyone",
      "<@1>",
      "](https://evil.example)",
      "- ",
      "1. ",
      "{guild.name}",
      "😀",
      "👩‍👩‍👧",
      "\u200b",
      "\u200d",
      "\u202e",
      "\u2066",
      "\u0000",
      "\ud83d",
      "\ude00",
      "é",
      "語",
    ),
    { maxLength: 400 },
  )
  .map((pieces) => pieces.join(""));

const long = fc.tuple(nasty, fc.integer({ min: 1, max: 2_000 })).map(([text, times]) => {
  const piece = text === "" ? "*" : text.slice(0, 40);
  return piece.repeat(Math.ceil(times / piece.length));
});

/** Whatever a keyboard, a script or an enemy can produce. */
export const hostileText = fc.oneof(
  units,
  fc.string({ unit: "binary", maxLength: 1_500 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  nasty,
  long,
);

/** The same, at most so long. */
export const textUpTo = (max: number) => hostileText.map((text) => text.slice(0, max));

/** A high surrogate without its low one, or a low one without its high one. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** Ends in a backslash that escapes nothing. */
export const endsInLoneBackslash = (text: string): boolean => (/\\+$/.exec(text)?.[0].length ?? 0) % 2 === 1;
