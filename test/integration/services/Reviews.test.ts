import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, TestClock } from "effect";
import type { UserId } from "../../../src/domain/Ids.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  at,
  GUILD,
  HOUR,
  MAYA,
  member,
  MINUTE,
  NOAH,
  OTHER_GUILD,
  ROBIN,
  SETUP,
} from "../../support/fixtures.js";
import { applied, claim, decide, log, logged, openNow, ROBINS } from "../../support/fixtures-reviews.js";
import { apply, rowsOf, services } from "../../support/layers.js";

const inWorld = Effect.provide(services());

describe("claiming", () => {
  it.effect("gives the application to a moderator, and logs it", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* TestClock.adjust("5 minutes");
      const { facts } = yield* claim(MAYA);
      assert.deepInclude(facts.application, {
        status: "claimed",
        claimedBy: MAYA,
        claimedAt: at(5 * MINUTE),
      });
      assert.deepStrictEqual(yield* log, [logged("claim", MAYA)]);
    }).pipe(inWorld),
  );

  it.effect("in the same instant: exactly one claims, the others are told who was faster", () =>
    Effect.gen(function* () {
      yield* applied;
      const outcomes = yield* Effect.all(
        Array.from({ length: 10 }, (_, n) => Effect.either(claim(n % 2 === 0 ? MAYA : NOAH))),
        { concurrency: "unbounded" },
      );
      const claims = outcomes.filter(Either.isRight);
      assert.strictEqual(claims.length, 1);
      const claimedBy = claims[0]?.right.facts.application.claimedBy ?? assert.fail("claimed by nobody");
      for (const outcome of outcomes.filter(Either.isLeft)) {
        assert.deepInclude(outcome.left, { _tag: "AlreadyClaimed", claimedBy });
      }
      assert.deepStrictEqual(yield* log, [logged("claim", claimedBy)]);
    }).pipe(inWorld),
  );

  it.effect("finds an application by its code, written in any way", () =>
    Effect.gen(function* () {
      const { code } = yield* applied;
      const { facts } = yield* claim(MAYA, { _tag: "Code", code: ` #${code.toUpperCase()} ` });
      assert.strictEqual(facts.application.code, code);
    }).pipe(inWorld),
  );

  it.effect("finds nothing by what is no code, in another server, or of somebody who never applied", () =>
    Effect.gen(function* () {
      const { code, id } = yield* applied;
      const reviews = yield* Reviews;
      const applications = yield* Applications;
      const moderator = { id: MAYA, admin: true, via: "command" } as const;
      for (const wrong of ["", "12345", "g12345", `${code}0`, "' OR 1=1 --"]) {
        assert.strictEqual(
          (yield* Effect.flip(claim(MAYA, { _tag: "Code", code: wrong })))._tag,
          "ApplicationNotFound",
        );
      }
      assert.strictEqual(
        (yield* Effect.flip(claim(MAYA, { _tag: "Person", userId: NOAH })))._tag,
        "ApplicationNotFound",
      );
      assert.strictEqual(
        (yield* Effect.flip(applications.card(OTHER_GUILD, id)))._tag,
        "ApplicationNotFound",
      );
      yield* Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, MAYA, SETUP));
      const elsewhere = yield* Effect.flip(reviews.claim(OTHER_GUILD, { _tag: "Id", id }, moderator));
      assert.strictEqual(elsewhere._tag, "ApplicationNotFound");
    }).pipe(inWorld),
  );
});

describe("deciding", () => {
  it.effect.each([
    ["approve", "approved"],
    ["reject", "rejected"],
    ["perm_reject", "perm_rejected"],
    ["kick", "kicked"],
  ] as const)("%s by the claimer: %s, with reason and log row", ([kind, status]) =>
    Effect.gen(function* () {
      yield* applied;
      yield* claim(MAYA);
      yield* TestClock.adjust("1 hour");
      const { facts } = yield* decide(MAYA, kind);
      const reason = kind === "approve" ? null : "Too few words";
      assert.deepInclude(facts.application, { status, decidedBy: MAYA, decidedAt: at(HOUR), reason });
      assert.deepStrictEqual(yield* log, [logged("claim", MAYA), logged(kind, MAYA, reason)]);
      assert.deepStrictEqual(
        yield* Effect.flatMap(Applications, (applications) => applications.queue(GUILD, 10)),
        [],
      );
    }).pipe(inWorld),
  );

  it.effect("measures the time from submission to decision", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* TestClock.adjust("90 minutes");
      yield* decide(MAYA);
      const [row] = yield* rowsOf("SELECT details FROM action_log WHERE name = 'approve'");
      assert.deepInclude(JSON.parse(String(row?.["details"])), { response_ms: 90 * MINUTE });
    }).pipe(inWorld),
  );

  it.effect("by anybody but the claimer is refused, an admin too, and changes nothing", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* claim(MAYA);
      const before = yield* openNow;
      assert.deepInclude(yield* Effect.flip(decide(NOAH)), { _tag: "NotClaimer", claimedBy: MAYA });
      assert.deepStrictEqual(yield* openNow, before);
      assert.deepStrictEqual(yield* log, [logged("claim", MAYA)]);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'GrantRole'"), []);
    }).pipe(inWorld),
  );

  it.effect("about an unclaimed application claims it, and both are in the log", () =>
    Effect.gen(function* () {
      yield* applied;
      const { facts } = yield* decide(NOAH, "reject");
      assert.deepInclude(facts.application, { status: "rejected", claimedBy: NOAH, decidedBy: NOAH });
      assert.deepStrictEqual(yield* log, [logged("claim", NOAH), logged("reject", NOAH, "Too few words")]);
    }).pipe(inWorld),
  );

  it.effect("twice is refused, whoever comes second, also in the same instant", () =>
    Effect.gen(function* () {
      yield* applied;
      const outcomes = yield* Effect.all(
        [decide(MAYA), decide(NOAH, "kick"), decide(MAYA, "reject")].map(Effect.either),
        { concurrency: "unbounded" },
      );
      assert.strictEqual(outcomes.filter(Either.isRight).length, 1);
      assert.strictEqual((yield* Effect.flip(decide(MAYA)))._tag, "IllegalTransition");
      assert.strictEqual((yield* log).length, 2);
    }).pipe(inWorld),
  );

  it.effect("may be asked about before a form is opened, and asking changes nothing", () =>
    Effect.gen(function* () {
      yield* applied;
      const applications = yield* Applications;
      const mayDecide = (by: UserId) => applications.mayDecide(GUILD, ROBINS, by, "kick");
      yield* mayDecide(NOAH);
      yield* claim(MAYA);
      yield* mayDecide(MAYA);
      assert.strictEqual((yield* Effect.flip(mayDecide(NOAH)))._tag, "NotClaimer");
      yield* decide(MAYA);
      assert.strictEqual((yield* Effect.flip(mayDecide(MAYA)))._tag, "IllegalTransition");
      assert.deepStrictEqual(yield* log, [logged("claim", MAYA), logged("approve", MAYA)]);
    }).pipe(inWorld),
  );

  it.effect.each([
    ["approve", []],
    ["reject", []],
    ["perm_reject", [{ userId: ROBIN }]],
    ["kick", [{ userId: ROBIN }]],
  ] as const)("%s blocks %o", ([kind, blocked]) =>
    Effect.gen(function* () {
      yield* applied;
      yield* decide(MAYA, kind);
      assert.deepStrictEqual(yield* rowsOf("SELECT user_id FROM block"), [...blocked]);
    }).pipe(inWorld),
  );

  it.effect("tells on the card when a rejected person may apply again, and of earlier applications", () =>
    Effect.gen(function* () {
      const first = yield* applied;
      const { facts } = yield* decide(MAYA, "reject");
      assert.strictEqual(facts.reapplyAt, at(24 * HOUR));
      yield* TestClock.adjust("2 days");
      const second = yield* apply();
      yield* apply(member(NOAH));
      const applications = yield* Applications;
      const card = yield* applications.card(GUILD, second.id);
      assert.deepStrictEqual(
        card.earlier.map(({ code, status }) => [code, status]),
        [[first.code, "rejected"]],
      );
      assert.isNull(card.reapplyAt);
      const old = yield* applications.card(GUILD, first.id);
      assert.deepStrictEqual(old.earlier, [], "a later application is not an earlier one");
    }).pipe(inWorld),
  );
});
