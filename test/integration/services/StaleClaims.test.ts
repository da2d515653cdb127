import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { StaleClaims } from "../../../src/services/StaleClaims.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { GUILD, MAYA, member, NOAH, settings, userId } from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

const release = Effect.flatMap(StaleClaims, (claims) => claims.release);
const claim = (applicant = member()) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.claim(
      GUILD,
      { _tag: "Person", userId: applicant.id },
      { id: MAYA, admin: false, via: "command" },
    ),
  );
const states = rowsOf("SELECT status, claimed_by FROM application ORDER BY id");
const CLAIMED = { status: "claimed", claimedBy: MAYA };
const PENDING = { status: "pending", claimedBy: null };

describe("a claim that nobody acts on", () => {
  it.effect("is handed back after two hours, and logged with whose it was", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { id } = yield* apply();
      yield* claim();
      yield* TestClock.adjust("2 hours");
      assert.strictEqual(yield* release, 0);
      yield* TestClock.adjust(1);
      assert.strictEqual(yield* release, 1);
      assert.deepStrictEqual(yield* states, [PENDING]);
      const rows = yield* rowsOf(
        "SELECT actor, application_id, details FROM action_log WHERE name = 'stale_release'",
      );
      assert.deepInclude(rows[0], { actor: "system", applicationId: id });
      assert.deepInclude(JSON.parse(String(rows[0]?.["details"])), { claimed_by: MAYA });
      assert.strictEqual(yield* release, 0);
    }).pipe(inWorld),
  );

  it.effect("is told to whoever had it, once for all that went back at a time", () =>
    Effect.gen(function* () {
      yield* setUp();
      const one = yield* apply();
      const other = yield* apply(member(NOAH));
      yield* claim();
      yield* claim(member(NOAH));
      yield* TestClock.adjust("3 hours");
      yield* release;
      const rows = yield* rowsOf("SELECT payload FROM side_effect WHERE kind = 'ReleasedMessage'");
      assert.deepStrictEqual(
        rows.map(({ payload }): unknown => JSON.parse(String(payload))),
        [{ _tag: "ReleasedMessage", userId: MAYA, codes: [one.code, other.code] }],
      );
    }).pipe(inWorld),
  );

  it.effect("has the card redrawn", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* claim();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* TestClock.adjust("3 hours");
      yield* release;
      assert.deepStrictEqual(
        yield* rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting' ORDER BY id"),
        [{ kind: "DrawCard" }, { kind: "ReleasedMessage" }],
      );
    }).pipe(inWorld),
  );

  it.effect("is handed back after as long as the guild has set, the fresh ones stay", () =>
    Effect.gen(function* () {
      yield* Effect.flatMap(SettingsRepo, (repo) => repo.put(settings({ staleClaimMinutes: 10 })));
      for (const applicant of [member(), member(NOAH)]) {
        yield* apply(applicant);
        yield* claim(applicant);
        yield* TestClock.adjust("6 minutes");
      }
      assert.strictEqual(yield* release, 1);
      assert.deepStrictEqual(yield* states, [PENDING, CLAIMED]);
    }).pipe(inWorld),
  );

  it.effect("counts from the last claim", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* claim();
      yield* TestClock.adjust("119 minutes");
      const reviews = yield* Reviews;
      const moderator = { id: MAYA, admin: false, via: "command" } as const;
      yield* reviews.unclaim(GUILD, { _tag: "Person", userId: member().id }, moderator);
      yield* claim();
      yield* TestClock.adjust("2 minutes");
      assert.strictEqual(yield* release, 0);
    }).pipe(inWorld),
  );

  it.effect("may be one of many", () =>
    Effect.gen(function* () {
      yield* setUp();
      for (let n = 10; n < 130; n += 1) {
        yield* apply(member(userId(n)));
        yield* claim(member(userId(n)));
      }
      yield* TestClock.adjust("1 day");
      assert.strictEqual((yield* release) + (yield* release), 120);
      assert.deepStrictEqual(yield* rowsOf("SELECT DISTINCT status FROM application"), [
        { status: "pending" },
      ]);
    }).pipe(inWorld),
  );
});
