import { createHash } from "node:crypto";
import { assert, describe, it } from "@effect/vitest";
import { Cause, Effect, Exit, Fiber, Option, TestClock } from "effect";
import { AuditLog, type Entry } from "../../../src/services/AuditLog.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  NOAH,
  NOW,
  OTHER_GUILD,
  ROBIN,
  SETUP,
  userId,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

const ENTRY: Entry = { guildId: GUILD, name: "config_change", actor: MAYA };
/** Records, and then does something else in the same transaction. */
const recordAnd = <E>(next: Effect.Effect<unknown, E>) =>
  Effect.gen(function* () {
    const log = yield* AuditLog;
    const outbox = yield* Outbox;
    return yield* outbox.commit(Effect.zipRight(log.record(ENTRY), next));
  });
const rows = rowsOf("SELECT * FROM action_log ORDER BY guild_id, seq");
const counts = rowsOf(
  "SELECT (SELECT COUNT(*) FROM action_log) AS rows, (SELECT COUNT(*) FROM side_effect) AS effects",
);

describe("a row of the log", () => {
  it.effect("holds who, what, whom, why and when, and is found again", () =>
    Effect.gen(function* () {
      const log = yield* AuditLog;
      const { id: applicationId } = yield* Effect.zipRight(setUp(), apply());
      yield* TestClock.adjust("1 minute");
      const details = { code: "a1b2c3", response_ms: 60_000, manual: true, note: null };
      const id = yield* log.record({
        ...ENTRY,
        name: "kick",
        target: ROBIN,
        applicationId,
        reason: "Spam 🐦",
        details,
      });
      const found = Option.getOrThrow(yield* log.find(id));
      assert.deepInclude(
        { ...found },
        {
          id,
          guildId: GUILD,
          name: "kick",
          actor: MAYA,
          target: ROBIN,
          applicationId,
          ticketId: null,
          reason: "Spam 🐦",
          details,
        },
      );
      assert.strictEqual(found.at, NOW + 60_000);
      const [newest] = yield* log.ofApplication(applicationId, 1);
      assert.strictEqual(newest?.id, id);
    }).pipe(inWorld),
  );

  it.effect.each([
    ["a refusal", Effect.fail("no")],
    ["a defect", Effect.dieMessage("broken")],
    ["an interruption", Effect.interrupt],
  ] as const)("is not there, and neither is its embed, when its transaction ends in %s", ([, end]) =>
    Effect.gen(function* () {
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const before = yield* counts;
      assert.isTrue(Exit.isFailure(yield* Effect.exit(recordAnd(end))));
      assert.deepStrictEqual(yield* counts, before);
      yield* recordAnd(Effect.void);
      assert.deepStrictEqual(yield* counts, [
        { rows: Number(before[0]?.["rows"]) + 1, effects: Number(before[0]?.["effects"]) + 1 },
      ]);
    }).pipe(inWorld),
  );

  it.effect(
    "is not there when what it records could not be stored: no decision without a row, no row without one",
    () =>
      Effect.gen(function* () {
        yield* setUp({ loggingChannelId: LOG_CHANNEL });
        const { id } = yield* apply();
        const before = yield* counts;
        yield* rowsOf(
          "CREATE TRIGGER no_room BEFORE INSERT ON block BEGIN SELECT RAISE(ABORT, 'no room'); END",
        );
        const reviews = yield* Reviews;
        const applications = yield* Applications;
        const moderator = { id: MAYA, admin: false, via: "command" } as const;
        const kicked = yield* Effect.exit(
          reviews.decide(GUILD, { _tag: "Id", id }, moderator, { kind: "kick", reason: "Spam" }),
        );
        assert.isTrue(Exit.isFailure(kicked) && Cause.isDie(kicked.cause));
        assert.deepStrictEqual(yield* counts, before);
        assert.strictEqual((yield* applications.card(GUILD, id)).application.status, "pending");
      }).pipe(inWorld),
  );

  it.effect.each(["UPDATE action_log SET reason = 'nicer'", "DELETE FROM action_log"])(
    "is never changed, whoever asks the database: %s",
    (statement) =>
      Effect.gen(function* () {
        yield* setUp();
        const before = yield* rows;
        const refused = yield* Effect.flip(rowsOf(statement));
        assert.match(String(refused.cause), /the action log is never changed/);
        assert.deepStrictEqual(yield* rows, before);
      }).pipe(inWorld),
  );
});

/** The chain as an auditor computes it, from the stored columns alone. */
const HASHED = [
  "prevHash",
  "id",
  "guildId",
  "seq",
  "name",
  "actor",
  "target",
  "applicationId",
  "ticketId",
  "reason",
  "details",
  "at",
];
const verify = (chain: ReadonlyArray<Record<string, string | number | null>>) => {
  let previous = "0".repeat(64);
  chain.forEach((row, index) => {
    assert.strictEqual(row["seq"], index + 1);
    assert.strictEqual(row["prevHash"], previous);
    const hash = createHash("sha256")
      .update(JSON.stringify(HASHED.map((column) => row[column])))
      .digest("hex");
    assert.strictEqual(row["hash"], hash);
    previous = hash;
  });
};
const chainOf = (guild: string) => Effect.map(rows, (all) => all.filter(({ guildId }) => guildId === guild));

describe("the chain", () => {
  it.effect("links every row of a guild to the one before, from 64 zeros on", () =>
    Effect.gen(function* () {
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const { id } = yield* apply();
      const reviews = yield* Reviews;
      const moderator = { id: MAYA, admin: false, via: "press" } as const;
      yield* reviews.decide(GUILD, { _tag: "Id", id }, moderator, { kind: "reject", reason: "„No“ \n🐦" });
      const chain = yield* chainOf(GUILD);
      assert.deepStrictEqual(
        chain.map(({ name }) => name),
        ["config_change", "app_submitted", "claim", "reject"],
      );
      verify(chain);
    }).pipe(inWorld),
  );

  it.effect("does not fork when many write at once, and each guild has its own", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, NOAH, SETUP));
      yield* Effect.forEach(Array.from({ length: 30 }), (_, n) => apply(member(userId(10 + n))), {
        concurrency: "unbounded",
      });
      verify(yield* chainOf(GUILD));
      verify(yield* chainOf(OTHER_GUILD));
      assert.strictEqual((yield* chainOf(GUILD)).length, 31);
      assert.strictEqual((yield* chainOf(OTHER_GUILD)).length, 1);
    }).pipe(inWorld),
  );

  it.effect("goes on after a transaction that was given up", () =>
    Effect.gen(function* () {
      yield* recordAnd(Effect.void);
      yield* Effect.exit(recordAnd(Effect.fail("no")));
      const fiber = yield* Effect.fork(recordAnd(Effect.yieldNow()));
      yield* Fiber.interrupt(fiber);
      yield* recordAnd(Effect.void);
      verify(yield* chainOf(GUILD));
    }).pipe(inWorld),
  );
});

describe("the embed of a row", () => {
  const posts = rowsOf("SELECT lane FROM side_effect WHERE kind = 'LogPost'");
  const withDefault = Effect.provide(services({ logging: { channelId: Option.some(GENERAL_CHANNEL) } }));
  const post = { lane: `log:${GUILD}` };

  it.effect("is planned where the guild has a logging channel", () =>
    Effect.gen(function* () {
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      assert.deepStrictEqual(yield* posts, [post]);
    }).pipe(inWorld),
  );

  it.effect("is planned where there is LOGGING_CHANNEL, set up or not", () =>
    Effect.gen(function* () {
      yield* recordAnd(Effect.void);
      yield* setUp();
      assert.deepStrictEqual(yield* posts, [post, post]);
    }).pipe(withDefault),
  );

  it.effect("goes nowhere where there is neither, and the row is stored all the same", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.deepStrictEqual(yield* posts, []);
      assert.strictEqual((yield* rows).length, 1);
    }).pipe(inWorld),
  );
});
