import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, Option, TestClock } from "effect";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Changes, FURTHEST_BEHIND, type News } from "../../../src/services/Changes.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { GUILD, MAYA, OTHER_GUILD } from "../../support/fixtures.js";
import { apply, inWorld, rested, services, setUp, startBot } from "../../support/layers.js";

const record = (reason: string, guildId = GUILD) =>
  Effect.flatMap(AuditLog, (audit) => audit.record({ guildId, name: "send", actor: MAYA, reason }));
const commit = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Outbox, (outbox) => outbox.commit(effect));
const reasons = ({ actions }: News) => actions.map(({ reason }) => reason);
const watch = (after: number | null = null) =>
  Effect.flatMap(Changes, (changes) => changes.watch(GUILD, after));

/** What comes next, or none while nothing does. */
const soon = (next: Effect.Effect<News>) =>
  Effect.gen(function* () {
    const waiting = yield* Effect.fork(Effect.timeoutOption(next, "1 second"));
    yield* TestClock.adjust("1 second");
    return yield* Fiber.join(waiting);
  });

describe("who watches a guild", () => {
  it.scoped("is told of its rows once they are committed, in order, and of nobody else's", () =>
    Effect.gen(function* () {
      yield* commit(record("before"));
      const { next } = yield* watch();
      assert.isTrue(Option.isNone(yield* soon(next)));
      yield* commit(Effect.zipRight(record("one"), record("two")));
      yield* commit(record("elsewhere", OTHER_GUILD));
      assert.deepStrictEqual(Option.map(yield* soon(next), reasons), Option.some(["one", "two"]));
      assert.isTrue(Option.isNone(yield* soon(next)));
    }).pipe(Effect.provide(services())),
  );

  it.scoped("hears nothing of what was rolled back", () =>
    Effect.gen(function* () {
      const { next } = yield* watch();
      yield* Effect.flip(commit(Effect.zipRight(record("never"), Effect.fail("no"))));
      yield* commit(record("elsewhere", OTHER_GUILD));
      assert.isTrue(Option.isNone(yield* soon(next)));
    }).pipe(Effect.provide(services())),
  );

  it.scoped("continues behind the row it saw last, a hundred rows at a time", () =>
    Effect.gen(function* () {
      yield* commit(Effect.forEach(Array.from({ length: 150 }), (_, n) => record(`${n + 1}`)));
      const { next } = yield* watch(20);
      const first = yield* next;
      const second = yield* next;
      assert.deepStrictEqual(
        [...reasons(first), ...reasons(second)],
        Array.from({ length: 130 }, (_, n) => `${n + 21}`),
      );
      assert.deepStrictEqual([first.upTo, second.upTo], [120, 150]);
    }).pipe(Effect.provide(services())),
  );

  it.scoped("is told to ask again when it is too far behind, or ahead of a log that was restored", () =>
    Effect.gen(function* () {
      yield* commit(Effect.forEach(Array.from({ length: FURTHEST_BEHIND + 2 }), (_, n) => record(`${n}`)));
      for (const place of [1, FURTHEST_BEHIND + 3]) {
        const { reset, actions, upTo } = yield* (yield* watch(place)).next;
        assert.deepStrictEqual(
          { reset, rows: actions.length, upTo },
          {
            reset: true,
            rows: 0,
            upTo: FURTHEST_BEHIND + 2,
          },
        );
      }
    }).pipe(Effect.provide(services())),
  );

  it.effect("is told which applications' side effects have got on", () =>
    inWorld(
      Effect.gen(function* () {
        const bot = yield* startBot;
        yield* bot.run(
          Effect.gen(function* () {
            yield* setUp();
            const { id } = yield* apply();
            yield* rested;
            const { next } = yield* watch();
            const reviews = yield* Reviews;
            const moderator = { id: MAYA, admin: true, via: "command" } as const;
            yield* reviews.decide(GUILD, { _tag: "Id", id }, moderator, { kind: "approve", reason: null });
            yield* rested;
            const told = new Set<string>();
            for (let news = yield* soon(next); Option.isSome(news); news = yield* soon(next)) {
              for (const one of news.value.effects ?? []) told.add(one);
            }
            assert.deepStrictEqual([...told], [id]);
          }).pipe(Effect.scoped),
        );
      }),
    ),
  );
});
