import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import type { QueuePage } from "../../../src/domain/Application.js";
import type { UserId } from "../../../src/domain/Ids.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { GUILD, MAYA, member, NOAH, OTHER_GUILD, userId } from "../../support/fixtures.js";
import { apply, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const SIZE = 3;

const moderator = (id: UserId) => ({ id, admin: false, via: "command" }) as const;
const person = (n: number) => ({ _tag: "Person", userId: userId(100 + n) }) as const;
const claim = (n: number, by: UserId) =>
  Effect.flatMap(Reviews, (reviews) => reviews.claim(GUILD, person(n), moderator(by)));
const reject = (n: number) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(GUILD, person(n), moderator(MAYA), { kind: "reject", reason: "No" }),
  );

/** Applications 0, 1, 2 … in the order in which they were sent; two of a pair in the same millisecond. */
const queueOf = (length: number) =>
  Effect.gen(function* () {
    yield* setUp();
    for (let n = 0; n < length; n += 1) {
      yield* apply(member(userId(100 + n)));
      if (n % 2 === 1) yield* TestClock.adjust("1 second");
    }
  });

const numbers = ({ entries }: QueuePage) => {
  const all = Array.from({ length: 50 }, (_, n) => userId(100 + n));
  return entries.map((entry) => all.indexOf(entry.userId));
};
const first = (by: UserId | null = null) =>
  Effect.flatMap(Applications, (applications) => applications.page(GUILD, by, null, "next", SIZE));
const beyond = (page: QueuePage, direction: "next" | "previous", by: UserId | null = null) =>
  Effect.gen(function* () {
    const applications = yield* Applications;
    const edge = direction === "next" ? page.entries.at(-1) : page.entries[0];
    if (edge?.submittedAt == null) return assert.fail("nothing to start from");
    const from = { submittedAt: edge.submittedAt, id: edge.id };
    return yield* applications.page(GUILD, by, from, direction, SIZE);
  });

describe("the pages of the open applications", () => {
  it.effect("lead through all of them and back, each once, longest waiting first", () =>
    Effect.gen(function* () {
      yield* queueOf(8);
      const one = yield* first();
      const two = yield* beyond(one, "next");
      const three = yield* beyond(two, "next");
      assert.deepStrictEqual([one, two, three].map(numbers), [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7],
      ]);
      assert.deepStrictEqual(
        [one, two, three].map(({ more }) => more),
        [
          { before: false, after: true },
          { before: true, after: true },
          { before: true, after: false },
        ],
      );
      assert.deepStrictEqual(numbers(yield* beyond(three, "previous")), [3, 4, 5]);
      assert.deepStrictEqual(numbers(yield* beyond(two, "previous")), [0, 1, 2]);
      assert.strictEqual(one.total, 8);
    }).pipe(inWorld),
  );

  it.effect("stay right while the queue changes: nobody is skipped and nobody comes twice", () =>
    Effect.gen(function* () {
      yield* queueOf(8);
      const one = yield* first();
      yield* Effect.forEach([0, 2, 4], reject);
      const two = yield* beyond(one, "next");
      assert.deepStrictEqual(numbers(two), [3, 5, 6]);
      assert.strictEqual(two.total, 5);
      assert.deepStrictEqual(numbers(yield* beyond(two, "previous")), [1]);
    }).pipe(inWorld),
  );

  it.effect("show what is left when a side was emptied in the meantime", () =>
    Effect.gen(function* () {
      yield* queueOf(5);
      const one = yield* first();
      yield* Effect.forEach([3, 4], reject);
      const rest = yield* beyond(one, "next");
      assert.deepStrictEqual(numbers(rest), [0, 1]);
      yield* Effect.forEach([0, 1, 2], reject);
      const none = yield* beyond(one, "next");
      assert.deepStrictEqual(none, { entries: [], more: { before: false, after: false }, total: 0 });
    }).pipe(inWorld),
  );

  it.effect("of one moderator hold what that moderator has claimed", () =>
    Effect.gen(function* () {
      yield* queueOf(6);
      yield* Effect.all([claim(4, MAYA), claim(1, MAYA), claim(2, NOAH)]);
      const mine = yield* first(MAYA);
      assert.deepStrictEqual(numbers(mine), [1, 4]);
      assert.strictEqual(mine.total, 2);
      assert.deepStrictEqual(numbers(yield* first(userId(9))), []);
    }).pipe(inWorld),
  );

  it.effect("hold nothing of another server", () =>
    Effect.gen(function* () {
      yield* queueOf(1);
      const applications = yield* Applications;
      const page = yield* applications.page(OTHER_GUILD, null, null, "next", SIZE);
      assert.strictEqual(page.total, 0);
      assert.deepStrictEqual(page.entries, []);
    }).pipe(inWorld),
  );
});
