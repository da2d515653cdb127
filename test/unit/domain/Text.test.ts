import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { clean, cut, keyOf, plain, visibleLength } from "../../../src/domain/Text.js";
import { endsInLoneBackslash, hasLoneSurrogate, hostileText, units } from "../../support/fixtures-text.js";

/** Control characters but tab and line end, what turns text around, and what has no width. */
const HIDDEN = /(?![\t\n])[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

describe("clean", () => {
  it.each([
    ["unifies line ends", "a\r\nb\rc", "a\nb\nc"],
    ["trims", " \n\t hello \n", "hello"],
    ["keeps tabs and single empty lines", "a\t1\n\nb", "a\t1\n\nb"],
    ["keeps at most two empty lines in a row", "a\n\n\n\n\n\n\nb", "a\n\n\nb"],
    ["takes out control characters", "a\u0000b\u0007c\u001bd\u007fe\u0085f", "abcdef"],
    ["takes out what turns text around", "ab\u202Ecd\u2066ef\u2069\u200E\u200F", "abcdef"],
    ["takes out what has no width", "a\u200Bb\uFEFFc\u2060d\u00ADe", "abcde"],
    ["takes out tag characters, which smuggle hidden text", "hi\u{E0068}\u{E0069}", "hi"],
    ["keeps the joiners of emoji and scripts", "👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"],
    ["shows half a character as what it is", "a\uD83Db", "a\uFFFDb"],
    ["leaves nothing of nothing", " \u200B\u202E\n\u0000 ", ""],
  ])("%s", (_what, typed, expected) => {
    assert.strictEqual(clean(typed), expected);
  });

  it.prop("leaves nothing hidden in anything", [hostileText], ([typed]) => {
    const text = clean(typed);
    assert.isFalse(HIDDEN.test(text));
    assert.isFalse(hasLoneSurrogate(text));
    assert.notInclude(text, "\n\n\n\n");
    assert.strictEqual(text, text.trim());
  });

  it.prop("has nothing more to do the second time", [hostileText], ([typed]) => {
    assert.strictEqual(clean(clean(typed)), clean(typed));
  });
});

describe("visibleLength", () => {
  it.each([
    ["letters", "hello", 5],
    ["not spaces and line ends", " h e l l o \n", 5],
    ["an emoji as one", "😀😀", 2],
    ["not joiners and variation selectors", "\u200d\ufe0f\u034f", 0],
    ["not the blanks that look like letters", "\u3164\u2800\u115f\uffa0", 0],
  ])("counts %s", (_what, text, expected) => {
    assert.strictEqual(visibleLength(text), expected);
  });

  it.prop("never counts more than there is", [hostileText], ([text]) => {
    assert.isAtMost(visibleLength(text), [...text].length);
  });
});

const max = fc.integer({ min: 0, max: 1_100 });

describe("cut", () => {
  it("leaves alone what fits", () => {
    assert.strictEqual(cut("hello", 5), "hello");
  });

  it("shows that something is missing", () => {
    assert.strictEqual(cut("hello world", 6), "hello…");
  });

  it("takes an emoji whole or not at all", () => {
    assert.strictEqual(cut("ab😀cd", 4), "ab…");
  });

  it("takes an escaped character whole or not at all", () => {
    assert.strictEqual(cut("ab\\*cd", 4), "ab…");
    assert.strictEqual(cut("ab\\\\cd", 5), "ab\\\\…");
  });

  it.prop("never exceeds its limit", [hostileText, max], ([text, limit]) => {
    assert.isAtMost(cut(text, limit).length, limit);
  });

  it.prop("ends in no half character and no lone backslash", [hostileText, max], ([text, limit]) => {
    const safe = plain(clean(text));
    const shown = cut(safe, limit);
    assert.isFalse(hasLoneSurrogate(shown));
    if (shown !== safe) assert.isFalse(endsInLoneBackslash(shown.slice(0, -1)));
  });

  it.prop(
    "keeps the beginning, and as much of it as there is room for",
    [hostileText, max],
    ([text, limit]) => {
      const shown = cut(text, limit);
      if (shown === text) return;
      assert.isTrue(text.startsWith(shown.slice(0, -1)));
      assert.isAtLeast(shown.length, limit - 2);
    },
  );
});

/** What Discord shows of escaped text. */
const rendered = (text: string): string => text.replace(/\\([^a-zA-Z0-9\s])/g, "$1");

describe("plain", () => {
  it.each([
    ["emphasis", "**bold** _it_ ~~no~~", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~"],
    ["code", "`x` ```y```", "\\`x\\` \\`\\`\\`y\\`\\`\\`"],
    ["a masked link", "[free](https://evil.example)", "\\[free\\](https://evil.example)"],
    ["mentions", "<@1> <@&2> <#3>", "\\<@1\\> \\<@&2\\> \\<\\#3\\>"],
    ["headings and quotes", "# big\n> said", "\\# big\n\\> said"],
    ["lists", "- one\n  + two\n3. three", "\\- one\n  \\+ two\n3\\. three"],
    ["spoilers", "||secret||", "\\|\\|secret\\|\\|"],
    ["escapes", "\\*", "\\\\\\*"],
  ])("shows %s as it was typed", (_what, typed, expected) => {
    assert.strictEqual(plain(typed), expected);
  });

  it.prop("leaves no character that formats without its backslash", [hostileText], ([text]) => {
    assert.notMatch(plain(text).replace(/\\[\s\S]/g, ""), /[*_~`|[\]<>#]/);
  });

  it.prop("starts no list", [hostileText], ([text]) => {
    assert.notMatch(plain(text), /^\s*([-+]|\d+\.)\s/m);
  });

  it.prop("shows every character of what was typed", [hostileText], ([text]) => {
    assert.strictEqual(rendered(plain(text)), text);
  });
});

describe("keyOf", () => {
  it("is the same for the same question, whenever it is asked", () => {
    assert.strictEqual(keyOf("foobar"), "bf9cf968");
    assert.strictEqual(keyOf(""), "811c9dc5");
  });

  it.prop("is eight hexadecimal digits", [units], ([question]) => {
    assert.match(keyOf(question), /^[0-9a-f]{8}$/);
  });

  it("tells questions apart", () => {
    const questions = Array.from({ length: 10_000 }, (_, n) => `Question number ${n}?`);
    assert.strictEqual(new Set(questions.map(keyOf)).size, questions.length);
  });
});
