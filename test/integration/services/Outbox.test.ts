import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, Option, Queue, TestClock } from "effect";
import { type Attempt, type Consequence, Done, Failed } from "../../../src/domain/SideEffect.js";
import { SideEffectId } from "../../../src/domain/Ids.js";
import { Outbox, type Planned } from "../../../src/services/Outbox.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { Settlement } from "../../../src/services/Settlement.js";
import {
  GUILD,
  MAYA,
  member,
  MEMBER_ROLE,
  NOAH,
  NOW,
  ROBIN,
  REVIEW_CHANNEL,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

const role = (userId = ROBIN): Consequence => ({ _tag: "GrantRole", userId, roleId: MEMBER_ROLE });
const kick: Consequence = { _tag: "KickMember", userId: ROBIN, reason: null };
const plan = (consequence: Consequence, conditions: Omit<Planned, "consequence"> = {}) =>
  Effect.flatMap(Outbox, (outbox) => outbox.plan(GUILD, null, { consequence, ...conditions }));
const commit = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Outbox, (outbox) => outbox.commit(effect));

/** What could be done now, by lane, without doing it. */
const due = Effect.flatMap(Settlement, ({ dueLanes }) => Effect.map(dueLanes, (lanes) => [...lanes].sort()));
const settle = (id: SideEffectId, attempt: Attempt) =>
  Effect.gen(function* () {
    const outbox = yield* Outbox;
    const settlement = yield* Settlement;
    const effect = Option.getOrThrow(yield* outbox.find(id));
    yield* settlement.settle([{ _tag: "Attempted", effect, attempt }]);
  });
const woken = Effect.flatMap(Outbox, ({ wake }) => Effect.map(Queue.takeAll(wake), (lanes) => [...lanes]));

describe("a planned side effect", () => {
  it.effect("wakes the worker once its transaction is through", () =>
    Effect.gen(function* () {
      yield* commit(
        Effect.zipRight(
          plan(role()),
          Effect.map(woken, (lanes) => assert.deepStrictEqual(lanes, [])),
        ),
      );
      assert.deepStrictEqual(yield* woken, [`role:${GUILD}`]);
    }).pipe(inWorld),
  );

  it.effect("is not there when its transaction is given up", () =>
    Effect.gen(function* () {
      yield* Effect.flip(commit(Effect.zipRight(plan(role()), Effect.fail("no"))));
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect"), []);
      assert.deepStrictEqual(yield* due, []);
    }).pipe(inWorld),
  );

  it.effect("waits for its time", () =>
    Effect.gen(function* () {
      yield* commit(plan(kick));
      yield* rowsOf("UPDATE side_effect SET not_before = not_before + 1000");
      assert.deepStrictEqual(yield* due, []);
      yield* TestClock.adjust("1 second");
      assert.deepStrictEqual(yield* due, [`kick:${GUILD}`]);
    }).pipe(inWorld),
  );
});

describe("what failed for good", () => {
  const failed = Effect.flatMap(Outbox, (outbox) => outbox.failedIn(GUILD));
  const gate: Consequence = { _tag: "GateMessage", channelId: REVIEW_CHANNEL };

  it.effect("is told by kind, with the time of the last", () =>
    Effect.gen(function* () {
      for (const consequence of [kick, kick, gate])
        yield* settle(yield* commit(plan(consequence)), Failed("no"));
      yield* TestClock.adjust("1 minute");
      yield* settle(yield* commit(plan(kick)), Failed("no"));
      assert.deepStrictEqual(yield* failed, [
        { kind: "GateMessage", count: 1, newest: NOW },
        { kind: "KickMember", count: 3, newest: NOW + 60_000 },
      ]);
    }).pipe(inWorld),
  );

  it.effect("is made up for by the same that works later, where that shows the newest state", () =>
    Effect.gen(function* () {
      for (const consequence of [gate, kick]) yield* settle(yield* commit(plan(consequence)), Failed("no"));
      for (const consequence of [gate, kick]) yield* settle(yield* commit(plan(consequence)), Done());
      assert.deepStrictEqual(
        (yield* failed).map(({ kind }) => kind),
        ["KickMember"],
      );
    }).pipe(inWorld),
  );

  it.effect("of one application's card is not made up for by the card of another", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { id } = yield* apply();
      yield* apply(member(NOAH));
      yield* rowsOf(
        `UPDATE side_effect SET state = 'failed' WHERE kind = 'DrawCard' AND application_id = '${id}'`,
      );
      const [other] = yield* rowsOf(
        "SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'",
      );
      yield* settle(SideEffectId.make(String(other?.["id"])), Done());
      assert.deepInclude((yield* failed)[0], { kind: "DrawCard", count: 1 });
    }).pipe(inWorld),
  );
});

describe("a side effect that depends on another", () => {
  it.effect.each([
    ["after", "done", true],
    ["after", "failed", true],
    ["needs", "done", true],
    ["needs", "failed", false],
  ] as const)("%s: once the other is %s it may start: %s", ([how, end, may]) =>
    Effect.gen(function* () {
      const first = yield* commit(plan(role()));
      yield* commit(plan(kick, { [how]: [first] }));
      assert.deepStrictEqual(yield* due, [`role:${GUILD}`]);
      yield* settle(first, end === "done" ? Done() : Failed("no"));
      assert.deepStrictEqual(yield* due, may ? [`kick:${GUILD}`] : []);
    }).pipe(inWorld),
  );

  it.effect("waits for all it depends on", () =>
    Effect.gen(function* () {
      const first = yield* commit(plan(role()));
      const second = yield* commit(plan(role(NOAH)));
      yield* commit(plan(kick, { after: [first], needs: [second] }));
      yield* settle(first, Failed("no"));
      assert.deepStrictEqual(yield* due, [`role:${GUILD}`]);
      yield* settle(second, Done());
      assert.deepStrictEqual(yield* due, [`kick:${GUILD}`]);
    }).pipe(inWorld),
  );
});

describe("waiting for a side effect", () => {
  it.effect("ends when it is settled, and tells how", () =>
    Effect.gen(function* () {
      const settlement = yield* Settlement;
      const id = yield* commit(plan(role()));
      const waiting = yield* Effect.fork(settlement.await(id, 10_000));
      yield* TestClock.adjust("1 second");
      yield* settle(id, Failed("no"));
      const settled = Option.getOrThrow(yield* Fiber.join(waiting));
      assert.deepStrictEqual([settled.state, settled.lastError], ["failed", "no"]);
      assert.isTrue(Option.isSome(yield* settlement.await(id, 10_000)));
    }).pipe(inWorld),
  );

  it.effect("ends when patience does", () =>
    Effect.gen(function* () {
      const settlement = yield* Settlement;
      const id = yield* commit(plan(role()));
      const waiting = yield* Effect.fork(settlement.await(id, 10_000));
      yield* TestClock.adjust("10 seconds");
      assert.isTrue(Option.isNone(yield* Fiber.join(waiting)));
    }).pipe(inWorld),
  );
});

describe("a press that has drawn its card", () => {
  const claim = (via: "press" | "command") =>
    Effect.flatMap(Reviews, (reviews) =>
      reviews.claim(GUILD, { _tag: "Person", userId: ROBIN }, { id: MAYA, admin: false, via }),
    );
  const waiting = rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'");
  /** An application whose card stands in the review channel, and which was just claimed by a press. */
  const pressed = Effect.gen(function* () {
    yield* setUp();
    yield* apply();
    yield* rowsOf("UPDATE side_effect SET state = 'done'");
    yield* rowsOf(
      `UPDATE application SET card_channel_id = ${REVIEW_CHANNEL}, card_message_id = ${REVIEW_CHANNEL}`,
    );
    return yield* claim("press");
  });
  const shown = (card: Effect.Effect.Success<typeof pressed>["card"]) =>
    Effect.flatMap(Settlement, (settlement) => settlement.settle([{ _tag: "Shown", card }]));

  it.effect("takes the planned redraw off", () =>
    Effect.gen(function* () {
      const { card } = yield* pressed;
      assert.strictEqual((yield* waiting).length, 1);
      yield* shown(card);
      assert.deepStrictEqual(yield* waiting, []);
    }).pipe(inWorld),
  );

  it.effect("leaves it where another press has changed the application since", () =>
    Effect.gen(function* () {
      const { card } = yield* pressed;
      const reviews = yield* Reviews;
      const moderator = { id: MAYA, admin: false, via: "press" } as const;
      yield* reviews.unclaim(GUILD, { _tag: "Person", userId: ROBIN }, moderator);
      yield* shown(card);
      assert.strictEqual((yield* waiting).length, 1);
    }).pipe(inWorld),
  );

  it.effect("leaves it where something else wants to be seen on the card since", () =>
    Effect.gen(function* () {
      const { card } = yield* pressed;
      const reviews = yield* Reviews;
      const moderator = { id: MAYA, admin: false, via: "command" } as const;
      yield* reviews.retryFailed(GUILD, { _tag: "Person", userId: ROBIN }, moderator);
      yield* shown(card);
      assert.strictEqual((yield* waiting).length, 1);
    }).pipe(inWorld),
  );
});
