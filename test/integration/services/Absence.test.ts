import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, TestClock } from "effect";
import { type Millis, type UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable, MissingPermission, RateLimited } from "../../../src/layers/discord/Errors.js";
import { Absence } from "../../../src/services/Absence.js";
import { Gate } from "../../../src/services/Gate.js";
import { at, DAY, GATE_CHANNEL, GUILD, HOUR, member, NOAH, ROBIN, userId } from "../../support/fixtures.js";
import { apply, inWorld, rested, rowsOf, services, setUp, startBot } from "../../support/layers.js";

const inServices = Effect.provide(services());
const makeUp = Effect.flatMap(Absence, (absence) => absence.makeUp);
const joined = Effect.map(
  rowsOf("SELECT target, reason, details FROM action_log WHERE name = 'member_join' ORDER BY seq"),
  (rows) => rows.map(({ target, reason, details }) => [target, reason, details]),
);
const withdrawn = rowsOf("SELECT actor, target, reason FROM action_log WHERE name = 'withdraw'");
const AWAY = "while the bot was away";
const late = (id: UserId, when: number) => [id, AWAY, JSON.stringify({ joined_at: when })];
const comes = (id: UserId, when: Millis) =>
  Effect.flatMap(DiscordFake, (fake) => fake.addMember(GUILD, id, when));
const goes = (id: UserId) => Effect.flatMap(DiscordFake, (fake) => fake.removeMember(GUILD, id));
const ANNA = userId(21);
const BEN = userId(22);
const pages = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.callsOf("membersAfter")),
  (calls) => calls.map(({ after }) => after),
);

describe("who joined while the bot was away", () => {
  it.effect("is logged with the true time of joining, and once however often the bot starts", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* comes(ANNA, at(HOUR));
      yield* TestClock.adjust("2 hours");
      yield* makeUp;
      yield* makeUp;
      yield* TestClock.adjust("10 days");
      yield* makeUp;
      assert.deepStrictEqual(yield* joined, [late(ANNA, at(HOUR))]);
    }).pipe(inServices),
  );

  it.effect("is not the membership from before the bot's first day", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* comes(ANNA, at(-DAY));
      yield* makeUp;
      assert.deepStrictEqual(yield* joined, []);
    }).pipe(inServices),
  );

  it.effect("is logged once when the gateway tells of it too, before or after", () =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      yield* setUp();
      yield* comes(ANNA, at(1_000));
      yield* comes(BEN, at(2_000));
      yield* gate.memberJoined(GUILD, ANNA, at(1_000));
      yield* makeUp;
      yield* gate.memberJoined(GUILD, BEN, at(2_000));
      assert.deepStrictEqual(yield* joined, [[ANNA, null, null], late(BEN, at(2_000))]);
    }).pipe(inServices),
  );

  it.effect("is logged again when the same person left and came back", () =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      yield* setUp();
      yield* gate.memberJoined(GUILD, ANNA, at(1_000));
      yield* comes(ANNA, at(HOUR));
      yield* makeUp;
      assert.deepStrictEqual(yield* joined, [[ANNA, null, null], late(ANNA, at(HOUR))]);
    }).pipe(inServices),
  );

  it.effect("is logged in full when the bot stopped in the middle, and somebody joined then", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const gate = yield* Gate;
      yield* setUp();
      const many = Array.from({ length: 1_200 }, (_, n) => userId(1_000 + n));
      yield* Effect.forEach(many, (id, n) => comes(id, at(n)), { discard: true });
      yield* fake.script(
        "membersAfter",
        { _tag: "Late", millis: 0 },
        { _tag: "Refused", error: new MissingPermission({ permission: "View Channel" }) },
      );
      const first = yield* Effect.fork(makeUp);
      yield* TestClock.adjust("1 minute");
      yield* Fiber.join(first);
      const soFar = (yield* joined).length;
      assert.isAbove(soFar, 0);
      assert.isBelow(soFar, many.length);
      yield* gate.memberJoined(GUILD, ANNA, at(HOUR));
      yield* makeUp;
      const targets = (yield* joined).map(([target]) => target);
      assert.strictEqual(targets.length, many.length + 1);
      assert.strictEqual(new Set(targets).size, many.length + 1);
    }).pipe(inServices),
  );

  it.effect("is no wave of joins", () =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      yield* setUp();
      yield* rowsOf("UPDATE guild_settings SET join_wave_per_minute = 3");
      yield* Effect.forEach([1, 2, 3, 4, 5], (n) => comes(userId(100 + n), at(n)), { discard: true });
      yield* makeUp;
      yield* gate.memberJoined(GUILD, ANNA, at(10));
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'JoinWaveAlert'"), []);
    }).pipe(inServices),
  );
});

describe("who left while the bot was away", () => {
  it.effect("has the open application withdrawn once, and others keep theirs", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* apply(member(NOAH));
      yield* goes(ROBIN);
      yield* makeUp;
      yield* makeUp;
      assert.deepStrictEqual(yield* withdrawn, [
        { actor: "system", target: ROBIN, reason: "left the server" },
      ]);
    }).pipe(inServices),
  );

  it.effect("is believed only when nobody came back while the pages were read", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* setUp();
      yield* apply();
      yield* goes(ROBIN);
      yield* fake.script("membersAfter", { _tag: "Late", millis: 1_000 });
      const pass = yield* Effect.fork(makeUp);
      yield* TestClock.adjust("500 millis");
      yield* comes(ROBIN, at(500));
      yield* TestClock.adjust("5 seconds");
      yield* Fiber.join(pass);
      assert.deepStrictEqual(yield* withdrawn, []);
    }).pipe(inServices),
  );
});

describe("a large guild, and a Discord that does not answer", () => {
  it.effect("is read in pages, each asked for again with patience", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* setUp();
      const many = Array.from({ length: 2_500 }, (_, n) => userId(1_000 + n));
      yield* Effect.forEach(many, (id) => comes(id, at(-DAY)), { discard: true });
      yield* fake.script(
        "membersAfter",
        { _tag: "Refused", error: new DiscordUnavailable({ detail: "Discord answered 503" }) },
        { _tag: "Refused", error: new RateLimited({ retryAfterMillis: 60_000 }) },
      );
      const pass = yield* Effect.fork(makeUp);
      yield* TestClock.adjust("5 seconds");
      assert.strictEqual((yield* pages).length, 2);
      yield* TestClock.adjust("1 minute");
      yield* Fiber.join(pass);
      const [first, second, third, ...others] = yield* pages;
      assert.deepStrictEqual([first, second, third, others.length], [null, null, null, 2]);
    }).pipe(inServices),
  );
});

describe("a gate message that somebody has deleted", () => {
  const gateMessages = Effect.flatMap(DiscordFake, (fake) => fake.messages(GATE_CHANNEL));

  it.effect("is put back at the next start, and one that is there is left alone", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      const [before] = yield* gateMessages;
      const edits = yield* fake.callsOf("editMessage");
      yield* run(Effect.all([makeUp, rested]));
      assert.deepStrictEqual(yield* fake.callsOf("editMessage"), edits);
      yield* fake.deleteMessage(GATE_CHANNEL, before?.id ?? assert.fail("no gate message"));
      yield* run(Effect.all([makeUp, rested]));
      const after = yield* gateMessages;
      assert.deepStrictEqual(
        after.map(({ pinned }) => pinned),
        [true],
      );
      assert.notStrictEqual(after[0]?.id, before?.id);
    }).pipe(inWorld),
  );

  it.effect("is pinned again when somebody unpinned it: there is still one", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      const [before] = yield* gateMessages;
      yield* fake.unpin(GATE_CHANNEL, before?.id ?? assert.fail("no gate message"));
      yield* run(Effect.all([makeUp, rested]));
      const after = yield* gateMessages;
      assert.deepStrictEqual(
        after.map(({ id, pinned }) => [id, pinned]),
        [[before?.id, true]],
      );
    }).pipe(inWorld),
  );
});
