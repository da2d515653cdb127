import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, TestClock } from "effect";
import type { GuildSettings } from "../../../src/domain/Settings.js";
import { Gate } from "../../../src/services/Gate.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  ANSWERS,
  at,
  DAY,
  GUILD,
  HOUR,
  MAYA,
  MEMBER_ROLE,
  member,
  MINUTE,
  OTHER_GUILD,
  ROBIN,
  SETUP,
  settings,
  userId,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

const invite = (who = member()) => Effect.flatMap(Gate, (gate) => gate.invite(GUILD, who));
const refusal = (who = member()) => Effect.flip(invite(who));
const change = (changes: Partial<GuildSettings>) =>
  Effect.flatMap(SettingsRepo, (repo) => repo.put(settings(changes)));
const decide = (kind: "approve" | "reject" | "perm_reject" | "kick") =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(
      GUILD,
      { _tag: "Person", userId: ROBIN },
      { id: MAYA, admin: false, via: "command" },
      { kind, reason: kind === "approve" ? null : "a reason" },
    ),
  );

describe("who may apply", () => {
  it.effect("somebody new: they get the questions", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { questions, draft } = yield* invite();
      assert.deepStrictEqual([questions, draft], [settings().questions, []]);
    }).pipe(inWorld),
  );

  it.effect("nobody where no gate was set up", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* refusal(), { _tag: "GuildNotSetUp", guildId: GUILD });
      assert.deepInclude(yield* Effect.flip(apply()), { _tag: "GuildNotSetUp" });
    }).pipe(inWorld),
  );

  it.effect("nobody who has an application open", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { code } = yield* apply();
      assert.deepInclude(yield* refusal(), { _tag: "AlreadyApplied", code, status: "pending" });
      yield* Effect.flatMap(Reviews, (reviews) =>
        reviews.claim(GUILD, { _tag: "Code", code }, { id: MAYA, admin: false, via: "command" }),
      );
      assert.deepInclude(yield* refusal(), { _tag: "AlreadyApplied", code, status: "claimed" });
    }).pipe(inWorld),
  );

  it.effect("nobody who holds the accepted role", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.strictEqual((yield* refusal(member(ROBIN, { roles: [MEMBER_ROLE] })))._tag, "AlreadyMember");
    }).pipe(inWorld),
  );

  it.effect("nobody whose account is too new, to the millisecond", () =>
    Effect.gen(function* () {
      yield* change({ minAccountAgeDays: 7 });
      const young = member(userId(9, 7 * DAY - 1));
      assert.deepInclude(yield* refusal(young), { _tag: "AccountTooYoung", until: at(1) });
      yield* TestClock.adjust(1);
      yield* invite(young);
    }).pipe(inWorld),
  );

  it.effect("nobody who joined a moment ago", () =>
    Effect.gen(function* () {
      yield* change({ minJoinAgeMinutes: 10 });
      const hasty = member(ROBIN, { joinedAt: at(-9 * MINUTE) });
      assert.deepInclude(yield* refusal(hasty), { _tag: "JoinedTooRecently", until: at(MINUTE) });
      yield* TestClock.adjust("1 minute");
      yield* invite(hasty);
    }).pipe(inWorld),
  );

  it.effect("nobody who was rejected less than the cooldown ago", () =>
    Effect.gen(function* () {
      yield* change({ reapplyCooldownHours: 24 });
      yield* apply();
      yield* TestClock.adjust("5 minutes");
      yield* decide("reject");
      const until = at(5 * MINUTE + 24 * HOUR);
      assert.deepInclude(yield* refusal(), { _tag: "CoolingDown", until });
      yield* TestClock.setTime(until - 1);
      assert.deepInclude(yield* refusal(), { _tag: "CoolingDown", until });
      yield* TestClock.setTime(until);
      const { draft } = yield* invite();
      assert.deepStrictEqual(draft, []);
      yield* apply();
    }).pipe(inWorld),
  );

  it.effect.each(["perm_reject", "kick"] as const)("nobody after a %s, ever", (kind) =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* decide(kind);
      yield* TestClock.adjust("1000 days");
      assert.strictEqual((yield* refusal())._tag, "Blocked");
      assert.strictEqual((yield* Effect.flip(apply()))._tag, "Blocked");
    }).pipe(inWorld),
  );

  it.effect("anybody whom another server has refused", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, MAYA, SETUP));
      yield* apply();
      yield* decide("perm_reject");
      const gate = yield* Gate;
      yield* gate.submit(OTHER_GUILD, member(), ANSWERS);
    }).pipe(inWorld),
  );
});

describe("a half-written application", () => {
  const half = ANSWERS.slice(0, 2);
  const save = (answers = half) => Effect.flatMap(Gate, (gate) => gate.saveDraft(GUILD, member(), answers));

  it.effect("is kept and offered again, the newest of it", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* save(ANSWERS.slice(0, 1));
      yield* save();
      assert.deepStrictEqual((yield* invite()).draft, half);
      const drafts = yield* rowsOf("SELECT status FROM application");
      assert.deepStrictEqual(drafts, [{ status: "draft" }]);
    }).pipe(inWorld),
  );

  it.effect("is nobody's business: no log row, no card, nothing for moderators", () =>
    Effect.gen(function* () {
      yield* setUp();
      const before = yield* rowsOf("SELECT id FROM action_log UNION ALL SELECT id FROM side_effect");
      yield* save();
      assert.deepStrictEqual(
        yield* rowsOf("SELECT id FROM action_log UNION ALL SELECT id FROM side_effect"),
        before,
      );
      const reviews = yield* Reviews;
      const applications = yield* Applications;
      assert.deepStrictEqual(yield* applications.queue(GUILD, 10), []);
      const found = yield* Effect.either(
        reviews.claim(GUILD, { _tag: "Person", userId: ROBIN }, { id: MAYA, admin: false, via: "command" }),
      );
      assert.strictEqual(Either.getOrThrow(Either.flip(found))._tag, "ApplicationNotFound");
    }).pipe(inWorld),
  );

  it.effect("becomes the application when it is sent", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* save();
      yield* TestClock.adjust("1 hour");
      const sent = yield* apply();
      assert.deepInclude(sent, { status: "pending", submittedAt: at(HOUR), answers: ANSWERS });
      assert.strictEqual((yield* rowsOf("SELECT id FROM application")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("is not kept for somebody who may not apply", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      assert.strictEqual((yield* Effect.flip(save()))._tag, "AlreadyApplied");
      assert.deepStrictEqual(yield* rowsOf("SELECT status FROM application"), [{ status: "pending" }]);
    }).pipe(inWorld),
  );
});
