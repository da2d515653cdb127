import { assert, describe, it } from "@effect/vitest";
import { Cause, Chunk, FiberId, HashMap, Option, Redacted, Schema } from "effect";
import * as Fields from "../../../src/layers/telemetry/Fields.js";

class MissingPermission extends Schema.TaggedError<MissingPermission>()("MissingPermission", {
  permission: Schema.String,
  token: Schema.Redacted(Schema.String),
}) {
  override get message(): string {
    return `the bot lacks ${this.permission}`;
  }
}

const fields = Fields.make();

describe("line", () => {
  it("shows what would draw a line of its own, colour a terminal or turn the text around", () => {
    assert.strictEqual(fields.line('ok\n{"level":30}'), 'ok\\n{"level":30}');
    assert.strictEqual(fields.line("a\r\tb"), "a\\r\\tb");
    assert.strictEqual(fields.line("\u001b[31mred\u0000\u007f\u009b"), "\\u001b[31mred\\u0000\\u007f\\u009b");
    assert.strictEqual(fields.line("a\u2028b\u202ec\u200bd\ufeff"), "a\\u2028b\\u202ec\\u200bd\\ufeff");
  });

  it("leaves people's text alone", () => {
    for (const text of ["Übergröße 漢字 عربى", "👩‍👩‍👧 100 % sure", "C:\\data"])
      assert.strictEqual(fields.line(text), text);
  });

  it("is cut where it would fill a disk", () => {
    const line = fields.line("x".repeat(1_000_000));
    assert.isBelow(line.length, 8_300);
    assert.match(line, /… \(991808 more characters\)$/);
  });
});

describe("json", () => {
  it("prints no redacted value, however deep", () => {
    const secret = Redacted.make("swordfish");
    const value = {
      secret,
      list: [secret],
      option: Option.some(secret),
      chunk: Chunk.of(secret),
      map: new Map([["key", secret]]),
      hash: HashMap.make(["key", secret]),
      deep: { deeper: { secret } },
    };
    const text = JSON.stringify(fields.json(value));
    assert.notInclude(text, "swordfish");
    assert.strictEqual(text.split("<redacted>").length - 1, 7);
  });

  it("blanks out a secret in the middle of text, also as it looks in a URL, in JSON and in a header", () => {
    const secret = 'sword "fish" +/é';
    const knowing = Fields.make([Redacted.make(secret)]);
    const base64 = Buffer.from(secret).toString("base64");
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret), base64];
    for (const form of [...forms, Buffer.from(secret).toString("base64url")]) {
      assert.match(knowing.line(`before ${form} after`), /^before "?<redacted>"?=* after$/);
    }
  });

  it("keeps the shape of ordinary values", () => {
    assert.deepStrictEqual(
      fields.json({
        text: "two\nlines",
        number: 1,
        infinite: Infinity,
        big: 10n,
        none: Option.none(),
        some: Option.some(1),
        date: new Date(0),
        set: new Set([1]),
        missing: undefined,
        bytes: new Uint8Array(3),
        call: () => 1,
      }),
      {
        text: "two\nlines",
        number: 1,
        infinite: "Infinity",
        big: "10",
        none: null,
        some: 1,
        date: "1970-01-01T00:00:00.000Z",
        set: [1],
        bytes: "[3 bytes]",
        call: "[function]",
      },
    );
  });

  it("ends where a value does not", () => {
    const circle: Record<string, unknown> = { name: "circle" };
    circle["self"] = circle;
    assert.deepStrictEqual(fields.json(circle), { name: "circle", self: "[circular]" });
    const nest = (levels: number): unknown => (levels === 0 ? "bottom" : { in: nest(levels - 1) });
    assert.include(JSON.stringify(fields.json(nest(50))), "[deeper]");
    assert.strictEqual(Array.from(Object.keys(fields.json(Array.from({ length: 5_000 })) ?? {})).length, 100);
  });

  it("gives an error its text, its fields and its cause", () => {
    const error = new MissingPermission({ permission: "Kick Members", token: Redacted.make("swordfish") });
    const logged = fields.json({ error: new Error("outer", { cause: error }) });
    assert.notInclude(JSON.stringify(logged), "swordfish");
    const expected = {
      type: "MissingPermission",
      message: "the bot lacks Kick Members",
      permission: "Kick Members",
    };
    const { cause } = fields.error(new Error("outer", { cause: error }));
    assert.deepInclude(cause, expected);
  });
});

describe("cause", () => {
  const of = (cause: Cause.Cause<unknown>) => Option.getOrThrow(fields.cause(cause));

  it("is nothing when nothing failed", () => {
    assert.deepStrictEqual(fields.cause(Cause.empty), Option.none());
  });

  it("names a typed failure by its tag and keeps what it says", () => {
    const logged = of(
      Cause.fail(new MissingPermission({ permission: "Manage Roles", token: Redacted.make("swordfish") })),
    );
    assert.deepInclude(logged, {
      type: "MissingPermission",
      message: "the bot lacks Manage Roles",
      permission: "Manage Roles",
      token: "<redacted>",
    });
    assert.match(logged.stack, /the bot lacks Manage Roles\n\s+at .*Fields\.test\.ts/);
  });

  it("keeps a defect's stack and what caused it", () => {
    const logged = of(Cause.die(new TypeError("no such method", { cause: new Error("inner") })));
    assert.strictEqual(logged.type, "TypeError");
    assert.match(logged.stack, /TypeError: no such method/);
    assert.match(logged.stack, /Error: inner/);
  });

  it("tells an interruption from a failure", () => {
    assert.strictEqual(of(Cause.interrupt(FiberId.none)).type, "Interrupted");
  });

  it("has room for failures that are not errors", () => {
    assert.strictEqual(of(Cause.fail("just text")).message, "just text");
  });
});

describe("known secrets", () => {
  const guarded = Fields.make([
    Redacted.make("p@ss word/1234"),
    Redacted.make("tiny"),
    Redacted.make("a+b(c)*d[e"),
  ]);

  it("are blanked out wherever a library put them", () => {
    const error = new Error("login failed for p@ss word/1234 at https://x/?t=p%40ss%20word%2F1234");
    for (const text of [
      JSON.stringify(guarded.error(error)),
      guarded.line(error.message),
      JSON.stringify(guarded.json({ error, note: "a+b(c)*d[e" })),
      JSON.stringify(guarded.cause(Cause.die(error))),
    ]) {
      assert.notInclude(text, "word/1234");
      assert.notInclude(text, "p%40ss");
      assert.notInclude(text, "a+b(c)");
      assert.include(text, "<redacted>");
    }
  });

  it("too short to be told from a word are left to Redacted", () => {
    assert.strictEqual(guarded.line("a tiny step"), "a tiny step");
  });
});
