import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, TestClock } from "effect";
import type { MessageId, Millis, UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable, MissingPermission, RateLimited } from "../../../src/layers/discord/Errors.js";
import { Absence } from "../../../src/services/Absence.js";
import { Gate } from "../../../src/services/Gate.js";
import { Reviews } from "../../../src/services/Reviews.js";
import {
  at,
  DAY,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  HOUR,
  MAYA,
  member,
  MEMBER_ROLE,
  NOAH,
  REVIEW_CHANNEL,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { apply, inWorld, rested, rowsOf, services, setUp, startBot } from "../../support/layers.js";

const inServices = Effect.provide(services());
const makeUp = Effect.flatMap(Absence, (absence) => absence.makeUp(GUILD));
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
      yield* gate.membersJoined(GUILD, [{ userId: ANNA, joinedAt: at(1_000) }]);
      yield* makeUp;
      yield* gate.membersJoined(GUILD, [{ userId: BEN, joinedAt: at(2_000) }]);
      assert.deepStrictEqual(yield* joined, [[ANNA, null, null], late(BEN, at(2_000))]);
    }).pipe(inServices),
  );

  it.effect("is no bot", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* setUp();
      yield* comes(ANNA, at(1_000));
      yield* comes(BEN, at(1_000));
      yield* fake.putMember(GUILD, member(BEN, { bot: true }));
      yield* makeUp;
      assert.deepStrictEqual(yield* joined, [late(ANNA, at(1_000))]);
    }).pipe(inServices),
  );

  it.effect("is logged again when the same person left and came back", () =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      yield* setUp();
      yield* gate.membersJoined(GUILD, [{ userId: ANNA, joinedAt: at(1_000) }]);
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
      yield* TestClock.adjust("1 hour");
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
      yield* gate.membersJoined(GUILD, [{ userId: ANNA, joinedAt: at(HOUR) }]);
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
      yield* gate.membersJoined(GUILD, [{ userId: ANNA, joinedAt: at(10) }]);
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

describe("a review card that somebody deleted while the bot was away", () => {
  const cards = Effect.flatMap(DiscordFake, (fake) => fake.messages(REVIEW_CHANNEL));
  const asked = Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.callsOf("messagesFrom")),
    ({ length }) => length,
  );
  const edits = Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.callsOf("editMessage")),
    ({ length }) => length,
  );
  /** So many people have applied, and their cards are there. */
  const applied = (count: number) =>
    Effect.gen(function* () {
      const bot = yield* startBot;
      yield* bot.run(setUp());
      const people = Array.from({ length: count }, (_, n) => member(userId(500 + n)));
      yield* Effect.forEach(people, ({ id }) => comes(id, at(-DAY)), { discard: true });
      yield* bot.run(Effect.forEach(people, (who) => apply(who), { discard: true }));
      yield* bot.run(rested);
      return { ...bot, people, posted: (yield* cards).map(({ id }) => id) };
    });
  const remove = (messageId: MessageId | undefined) =>
    Effect.flatMap(DiscordFake, (fake) =>
      fake.deleteMessage(REVIEW_CHANNEL, messageId ?? assert.fail("no card")),
    );

  it.effect("is posted again, and those that are there are neither changed nor asked for one by one", () =>
    Effect.gen(function* () {
      const { run, posted } = yield* applied(150);
      yield* remove(posted[0]);
      yield* remove(posted[120]);
      yield* remove(posted[149]);
      const before = yield* edits;
      yield* run(Effect.all([makeUp, rested]));
      const now = (yield* cards).map(({ id }) => id);
      assert.strictEqual(now.length, 150);
      assert.deepStrictEqual(
        now.slice(0, 147),
        posted.filter((_, index) => ![0, 120, 149].includes(index)),
      );
      assert.strictEqual((yield* edits) - before, 3);
      assert.isAtMost(yield* asked, 3);
    }).pipe(inWorld),
  );

  it.effect("is posted again once, however often that is looked for", () =>
    Effect.gen(function* () {
      const { run, posted } = yield* applied(2);
      yield* remove(posted[0]);
      yield* run(Effect.all([makeUp, makeUp, rested, makeUp, rested]));
      assert.strictEqual((yield* cards).length, 2);
    }).pipe(inWorld),
  );

  it.effect("of an application that is decided stays away", () =>
    Effect.gen(function* () {
      const { run, posted } = yield* applied(1);
      yield* run(
        Effect.flatMap(Reviews, (reviews) =>
          reviews.decide(
            GUILD,
            { _tag: "Person", userId: userId(500) },
            { id: MAYA, admin: false, via: "command" },
            { kind: "reject", reason: "No." },
          ),
        ),
      );
      yield* run(rested);
      yield* remove(posted[0]);
      yield* run(Effect.all([makeUp, rested]));
      assert.deepStrictEqual(yield* cards, []);
    }).pipe(inWorld),
  );

  it.effect(
    "is not believed to be gone where the bot may not read the history: Discord shows nothing then",
    () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        const { run } = yield* applied(2);
        yield* fake.putGuild({
          id: GUILD,
          name: "The Den",
          channels: [
            [REVIEW_CHANNEL, { _tag: "Lacks", name: "review", permissions: ["Read Message History"] }],
          ],
          members: [userId(500), userId(501)],
        });
        yield* run(makeUp);
        assert.strictEqual(yield* asked, 0);
        assert.deepStrictEqual(
          yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'"),
          [],
        );
      }).pipe(inWorld),
  );

  it.effect("comes back in the review channel of today when its own channel is gone", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* applied(1);
      yield* fake.putGuild({
        id: GUILD,
        name: "The Den",
        channels: [
          [GATE_CHANNEL, { _tag: "Ok", name: "gate" }],
          [GENERAL_CHANNEL, { _tag: "Ok", name: "general" }],
        ],
        members: [userId(500)],
      });
      yield* remove((yield* cards)[0]?.id);
      yield* run(Effect.all([makeUp, rested]));
      assert.deepStrictEqual(yield* fake.messages(GENERAL_CHANNEL), []);
      yield* rowsOf(`UPDATE guild_settings SET review_channel_id = '${GENERAL_CHANNEL}'`);
      yield* run(Effect.all([makeUp, rested]));
      assert.strictEqual((yield* fake.messages(GENERAL_CHANNEL)).length, 1);
    }).pipe(inWorld),
  );

  it.effect("is looked for again when Discord does not answer", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run, posted } = yield* applied(1);
      yield* remove(posted[0]);
      yield* fake.script(
        "messagesFrom",
        { _tag: "Refused", error: new DiscordUnavailable({ detail: "Discord answered 503" }) },
        { _tag: "Refused", error: new RateLimited({ retryAfterMillis: 60_000 }) },
      );
      const pass = yield* Effect.fork(run(makeUp));
      yield* TestClock.adjust("2 minutes");
      yield* Fiber.join(pass);
      yield* run(rested);
      assert.strictEqual((yield* cards).length, 1);
    }).pipe(inWorld),
  );
});

describe("the accepted role given or taken by hand while the bot was away", () => {
  const roleRows = Effect.map(
    rowsOf("SELECT actor, target, details FROM action_log WHERE name = 'role_granted' ORDER BY seq"),
    (rows) =>
      rows.map(({ actor, target, details }) => {
        const { removed } = JSON.parse(String(details)) as { removed?: boolean };
        return [actor, target, removed];
      }),
  );
  const has = (id: UserId, roles: ReadonlyArray<typeof MEMBER_ROLE>) =>
    Effect.flatMap(DiscordFake, (fake) => fake.putMember(GUILD, member(id, { roles })));
  const approve = Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(
      GUILD,
      { _tag: "Person", userId: ROBIN },
      { id: MAYA, admin: false, via: "command" },
      { kind: "approve", reason: null },
    ),
  );
  const approved = Effect.gen(function* () {
    const bot = yield* startBot;
    yield* bot.run(Effect.all([setUp(), apply(), rested]));
    yield* bot.run(Effect.all([approve, rested]));
    return bot;
  });

  it.effect("to somebody who waits is logged once, with who did it, and the card is redrawn", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* setUp();
      yield* apply();
      yield* apply(member(NOAH));
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* has(ROBIN, [MEMBER_ROLE]);
      yield* fake.setRoleActor(MAYA);
      yield* makeUp;
      yield* makeUp;
      assert.deepStrictEqual(yield* roleRows, [[MAYA, ROBIN, false]]);
      assert.strictEqual(
        (yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'")).length,
        1,
      );
    }).pipe(inServices),
  );

  it.effect("from somebody who was accepted is logged; somebody who keeps it is no news", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* approved;
      yield* run(makeUp);
      assert.deepStrictEqual(yield* roleRows, [["system", ROBIN, undefined]]);
      yield* has(ROBIN, []);
      yield* fake.setRoleActor(NOAH);
      yield* run(makeUp);
      assert.deepStrictEqual((yield* roleRows).slice(1), [[NOAH, ROBIN, true]]);
    }).pipe(inWorld),
  );

  it.effect(
    "to an approved person of whom the log says nothing is no hand, unless the bot could not give it",
    () =>
      Effect.gen(function* () {
        yield* setUp();
        yield* apply();
        yield* approve;
        yield* rowsOf("UPDATE side_effect SET state = 'done'");
        yield* has(ROBIN, [MEMBER_ROLE]);
        yield* makeUp;
        assert.deepStrictEqual(yield* roleRows, []);
        yield* rowsOf("UPDATE side_effect SET state = 'failed' WHERE kind = 'GrantRole'");
        yield* makeUp;
        assert.strictEqual((yield* roleRows).length, 1);
      }).pipe(inServices),
  );

  it.effect(
    "is asked about only where something differs: a large guild costs no request for each member",
    () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        yield* setUp();
        yield* Effect.forEach(
          Array.from({ length: 300 }, (_, n) => userId(500 + n)),
          (id) => has(id, [MEMBER_ROLE]),
          { discard: true },
        );
        yield* apply();
        yield* makeUp;
        assert.deepStrictEqual(yield* fake.callsOf("roleChangedBy"), []);
      }).pipe(inServices),
  );
});
