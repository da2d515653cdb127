import { assert, describe, it } from "@effect/vitest";
import { Cause, Effect, FiberId, Layer, Redacted } from "effect";
import { ConfigInvalid, layerTest as configTest } from "../../../src/layers/Config.js";
import { CapturedLogs, layerTest, reportFailure } from "../../../src/layers/Telemetry.js";
import { runTypeScript } from "../../support/process.js";

const logs = (config: Parameters<typeof configTest>[0] = {}) =>
  Layer.fresh(layerTest.pipe(Layer.provide(configTest(config))));

const captured = Effect.flatMap(CapturedLogs, ({ lines }) => lines);

describe("a log line", () => {
  it.effect("has pino's shape, with annotations and fields beside the message", () =>
    Effect.gen(function* () {
      yield* Effect.logInfo("claimed", { code: "a1b2c3" }).pipe(
        Effect.annotateLogs({ interaction: "42", token: Redacted.make("swordfish"), level: "mine" }),
        Effect.withLogSpan("claim"),
      );
      const [line] = yield* captured;
      assert.deepInclude(line, {
        level: 30,
        time: 0,
        msg: "claimed",
        code: "a1b2c3",
        interaction: "42",
        token: "<redacted>",
        level_: "mine",
        spans: { claim: 0 },
      });
      assert.containsAllKeys(line, ["pid", "hostname"]);
    }).pipe(Effect.provide(logs())),
  );

  it.effect("puts the error, with its stack, into err", () =>
    Effect.gen(function* () {
      yield* Effect.logError("could not accept", Cause.fail(new Error("role is above the bot")));
      yield* Effect.logError(new Error("alone"));
      const [first, second] = yield* captured;
      assert.deepInclude(first, { level: 50, msg: "could not accept" });
      assert.deepInclude(first?.["err"], { type: "Error", message: "role is above the bot" });
      assert.match(JSON.stringify(first?.["err"]), /Telemetry\.test\.ts/);
      assert.deepInclude(second, { level: 50, msg: "alone" });
    }).pipe(Effect.provide(logs())),
  );

  it.effect("stays one line, and takes no text for a format", () =>
    Effect.gen(function* () {
      yield* Effect.logInfo('100 %s %o\n{"level":60,"msg":"forged"}', "\u001b[2J");
      const { text } = yield* CapturedLogs;
      assert.strictEqual((yield* text).trimEnd().split("\n").length, 1);
      assert.strictEqual((yield* captured)[0]?.msg, '100 %s %o\\n{"level":60,"msg":"forged"} \\u001b[2J');
    }).pipe(Effect.provide(logs())),
  );

  it.effect("never holds a configured secret", () =>
    Effect.gen(function* () {
      yield* Effect.logError(
        "login with secret-token-0123456789 failed",
        new Error("secret-token-0123456789"),
      );
      const { text } = yield* CapturedLogs;
      assert.notInclude(yield* text, "secret-token");
      assert.include(yield* text, "login with <redacted> failed");
    }).pipe(Effect.provide(logs({ discord: { token: Redacted.make("secret-token-0123456789") } }))),
  );
});

describe("LOG_LEVEL", () => {
  const everyLevel = Effect.gen(function* () {
    yield* Effect.logTrace("trace");
    yield* Effect.logDebug("debug");
    yield* Effect.logInfo("info");
    yield* Effect.logWarning("warn");
    yield* Effect.logError("error");
    yield* Effect.logFatal("fatal");
    return (yield* captured).map(({ level, msg }) => [level, msg]);
  });
  const all = [
    [10, "trace"],
    [20, "debug"],
    [30, "info"],
    [40, "warn"],
    [50, "error"],
    [60, "fatal"],
  ];

  it.effect.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)(
    "%s is the least that is logged",
    (level) =>
      Effect.gen(function* () {
        const logged = yield* everyLevel.pipe(Effect.provide(logs({ logging: { level } })));
        assert.deepStrictEqual(logged, all.slice(all.findIndex(([, name]) => name === level)));
      }),
  );
});

describe("at start", () => {
  it.effect("logs what the configuration warns of", () =>
    Effect.gen(function* () {
      assert.deepInclude((yield* captured)[0], { level: 40, msg: "RESET_PASSWORD: is weak" });
    }).pipe(Effect.provide(logs({ warnings: ["RESET_PASSWORD: is weak"] }))),
  );

  it.effect("is otherwise silent", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* captured, []);
    }).pipe(Effect.provide(logs())),
  );
});

describe("a start that fails", () => {
  const said = (cause: Cause.Cause<unknown>) =>
    Effect.gen(function* () {
      const written: Array<string> = [];
      const console = yield* Effect.console;
      const listening = {
        ...console,
        error: (...parts: ReadonlyArray<unknown>) =>
          Effect.sync(() => written.push(parts.map(String).join(" "))),
      };
      yield* reportFailure(cause).pipe(Effect.withConsole(listening));
      return written;
    });

  it.effect("is told in the words of the failure, without a stack", () =>
    Effect.gen(function* () {
      const invalid = new ConfigInvalid({
        problems: [{ name: "CLIENT_ID", problem: "missing; expected an id" }],
      });
      assert.deepStrictEqual(yield* said(Cause.fail(invalid)), [
        "Environment validation failed:\n- CLIENT_ID: missing; expected an id",
      ]);
    }),
  );

  it.effect("is told with everything known when nobody foresaw it", () =>
    Effect.gen(function* () {
      const [text] = yield* said(Cause.die(new TypeError("no such method")));
      assert.match(text ?? "", /TypeError: no such method\n\s+at /);
    }),
  );

  it.effect("is nothing to tell when the process was asked to stop", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* said(Cause.interrupt(FiberId.none)), []);
    }),
  );
});

describe("standard output", () => {
  const logAndDie = (stage: string) =>
    runTypeScript("test/support/programs/log-and-die.ts", { args: [stage] });

  it("holds one JSON line in production, written before a crash can lose it", async () => {
    const { stdout } = await logAndDie("production");
    const lines = stdout.trimEnd().split("\n");
    assert.strictEqual(lines.length, 1);
    assert.match(
      lines[0] ?? "",
      /^\{"level":30,"pid":\d+,"hostname":"[^"]+","time":\d+,"msg":"ClientReady"\}$/,
    );
  });

  it("is for people in development", async () => {
    const { stdout } = await logAndDie("development");
    assert.match(stdout, /^\[\d{4}-\d\d-\d\d .*INFO.*ClientReady\s*$/);
    assert.strictEqual(stdout.trimEnd().split("\n").length, 1);
  });
});
