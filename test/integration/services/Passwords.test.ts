import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, Redacted, TestClock } from "effect";
import type { GuildId, UserId } from "../../../src/domain/Ids.js";
import { LOCKED_OUT, Passwords } from "../../../src/services/Passwords.js";
import * as Services from "../../../src/services/index.js";
import { at, GUILD, MAYA, MINUTE, NOAH, OTHER_GUILD } from "../../support/fixtures.js";
import { rowsOf, services, world } from "../../support/layers.js";

const PASSWORD = "correct horse battery staple";
const config = { resetPassword: Redacted.make(PASSWORD) };
const inWorld = Effect.provide(services(config));

interface Who {
  readonly by?: UserId;
  readonly guildId?: GuildId;
}
const give = (typed: string, { by = MAYA, guildId = GUILD }: Who = {}) =>
  Effect.flatMap(Passwords, (passwords) =>
    passwords.check({ guildId, by, typed: Redacted.make(typed), purpose: "gate reset" }),
  );
const refusal = (typed: string, who: Who = {}) => Effect.flip(give(typed, who));
const wrongTimes = (times: number, who: Who = {}) => Effect.replicateEffect(refusal("guess", who), times);
const log = rowsOf("SELECT name, actor, reason, details FROM action_log ORDER BY seq");
const UNTIL = { _tag: "PasswordLocked", until: at(15 * MINUTE) } as const;

describe("the shared password", () => {
  it.effect("opens for whoever gives it, and leaves its trace in what it allows", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual({ ...(yield* give(PASSWORD)) }, { password: "given" });
      assert.deepStrictEqual(yield* log, []);
    }).pipe(inWorld),
  );

  it.effect.each([
    ["nothing", ""],
    ["a part of it", PASSWORD.slice(0, -1)],
    ["more than it", `${PASSWORD}!`],
    ["another case", PASSWORD.toUpperCase()],
    ["a space too much", ` ${PASSWORD}`],
    ["four thousand characters", "x".repeat(4_000)],
    ["half a character", "\ud800"],
  ] as const)("does not open for %s", ([, typed]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* refusal(typed), { _tag: "WrongPassword", left: 4 });
    }).pipe(inWorld),
  );

  it.effect("is never written down, right or wrong", () =>
    Effect.gen(function* () {
      yield* give(PASSWORD);
      yield* refusal("my other password");
      assert.deepStrictEqual(yield* log, [
        { name: "password_failed", actor: MAYA, reason: null, details: '{"purpose":"gate reset"}' },
      ]);
    }).pipe(inWorld),
  );
});

describe("wrong passwords", () => {
  it.effect("are counted down, and the fifth begins a pause in which the right one does not help", () =>
    Effect.gen(function* () {
      for (const left of [4, 3, 2, 1]) {
        assert.deepInclude(yield* refusal("guess"), { _tag: "WrongPassword", left });
      }
      assert.deepInclude(yield* refusal("guess"), UNTIL);
      assert.deepInclude(yield* refusal(PASSWORD), UNTIL);
      assert.deepStrictEqual(
        (yield* log).map(({ reason }) => reason),
        [null, null, null, null, null, LOCKED_OUT],
      );
    }).pipe(inWorld),
  );

  it.effect("keep out for fifteen minutes, which tries meanwhile do not prolong", () =>
    Effect.gen(function* () {
      yield* wrongTimes(5);
      yield* TestClock.adjust("14 minutes");
      yield* wrongTimes(10);
      yield* TestClock.adjust("59999 millis");
      assert.deepInclude(yield* refusal(PASSWORD), UNTIL);
      yield* TestClock.adjust("1 millis");
      yield* give(PASSWORD);
      assert.deepInclude(yield* refusal("guess"), { _tag: "WrongPassword", left: 4 });
    }).pipe(inWorld),
  );

  it.effect("are forgiven after fifteen minutes each", () =>
    Effect.gen(function* () {
      yield* wrongTimes(4);
      yield* TestClock.adjust("15 minutes");
      assert.deepInclude(yield* refusal("guess"), { _tag: "WrongPassword", left: 4 });
    }).pipe(inWorld),
  );

  it.effect("keep out that person there, and nobody else and nowhere else", () =>
    Effect.gen(function* () {
      yield* wrongTimes(5);
      yield* give(PASSWORD, { by: NOAH });
      yield* give(PASSWORD, { guildId: OTHER_GUILD });
      assert.strictEqual((yield* refusal(PASSWORD))._tag, "PasswordLocked");
    }).pipe(inWorld),
  );

  it.effect("keep out after a restart too", () =>
    Effect.gen(function* () {
      yield* Effect.provide(wrongTimes(5), Services.layer);
      assert.deepInclude(yield* Effect.provide(refusal(PASSWORD), Services.layer), UNTIL);
    }).pipe(Effect.provide(world(config))),
  );

  it.effect("given fifty at once are compared five times, and the right one among them too late", () =>
    Effect.gen(function* () {
      const tries = Array.from({ length: 50 }, (_, index) => (index < 5 ? `guess ${index}` : PASSWORD));
      const outcomes = yield* Effect.forEach(tries, (typed) => Effect.either(give(typed)), {
        concurrency: "unbounded",
      });
      assert.isTrue(outcomes.every(Either.isLeft));
      const reasons = (yield* log).map(({ reason }) => reason);
      assert.deepStrictEqual(reasons, [...Array<null>(5).fill(null), ...Array<string>(45).fill(LOCKED_OUT)]);
    }).pipe(inWorld),
  );
});
