import { assert, describe, it } from "@effect/vitest";
import { Effect, Either } from "effect";
import { MessageId, type UserId } from "../../../src/domain/Ids.js";
import { SETTINGS_DEFAULTS, type SettingsPatch } from "../../../src/domain/Settings.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { Applications } from "../../../src/services/Applications.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  INFO_CHANNEL,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  OTHER_GUILD,
  PING_ROLE,
  NOAH,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
  SETUP,
  settings,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const stored = Effect.flatMap(Settings, (all) => all.get(GUILD));

describe("a set-up", () => {
  it.effect("is stored with five default questions, logged, and brings the gate message", () =>
    Effect.gen(function* () {
      yield* setUp();
      const found = yield* stored;
      const { reviewerRoleId, ...places } = SETUP;
      assert.deepInclude(
        { ...found },
        {
          ...places,
          reviewerRoleIds: [reviewerRoleId],
          questions: SETTINGS_DEFAULTS.questions,
          gateMessageId: null,
          version: 1,
        },
      );
      assert.strictEqual(found.questions.length, 5);
      const [row] = yield* rowsOf("SELECT name, actor, details FROM action_log");
      assert.deepInclude(row, { name: "config_change", actor: MAYA });
      assert.deepInclude(JSON.parse(String(row?.["details"])), { command: "gate setup", ...SETUP });
      assert.deepStrictEqual(yield* rowsOf("SELECT kind, lane FROM side_effect"), [
        { kind: "GateMessage", lane: `post:${GATE_CHANNEL}` },
      ]);
    }).pipe(inWorld),
  );

  it.effect("is the guild's own", () =>
    Effect.gen(function* () {
      yield* setUp();
      const all = yield* Settings;
      assert.strictEqual((yield* Effect.flip(all.get(OTHER_GUILD)))._tag, "GuildNotSetUp");
      yield* all.setUp(OTHER_GUILD, MAYA, { ...SETUP, loggingChannelId: LOG_CHANNEL });
      assert.isNull((yield* stored).loggingChannelId);
      assert.strictEqual((yield* all.all).length, 2);
    }).pipe(inWorld),
  );

  it.effect("keeps what other commands have set", () =>
    Effect.gen(function* () {
      const own = {
        questions: ["Why?"],
        staleClaimMinutes: 5,
        minAccountAgeDays: 30,
        welcomeTemplate: "Hi!",
      };
      yield* Effect.flatMap(SettingsRepo, (repo) => repo.put(settings(own)));
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      assert.deepInclude({ ...(yield* stored) }, { ...own, loggingChannelId: LOG_CHANNEL });
    }).pipe(inWorld),
  );

  it.effect("remembers the gate message of its channel, and forgets it with another", () =>
    Effect.gen(function* () {
      yield* setUp();
      const message = MessageId.make("900000000000000001");
      yield* Effect.flatMap(Settings, (all) => all.setGateMessage(GUILD, message));
      yield* setUp();
      assert.strictEqual((yield* stored).gateMessageId, message);
      yield* setUp({ gateChannelId: GENERAL_CHANNEL });
      assert.isNull((yield* stored).gateMessageId);
    }).pipe(inWorld),
  );

  it.effect("takes the gate message away from a channel that is not the gate any more", () =>
    Effect.gen(function* () {
      yield* setUp();
      const message = MessageId.make("900000000000000001");
      yield* Effect.flatMap(Settings, (all) => all.setGateMessage(GUILD, message));
      yield* setUp({ gateChannelId: GENERAL_CHANNEL });
      assert.deepStrictEqual(yield* rowsOf("SELECT payload FROM side_effect WHERE kind = 'DeleteMessage'"), [
        { payload: JSON.stringify({ _tag: "DeleteMessage", channelId: GATE_CHANNEL, messageId: message }) },
      ]);
    }).pipe(inWorld),
  );

  it.effect("without a reviewer role leaves those that were chosen before", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* setUp({ reviewerRoleId: null });
      assert.deepStrictEqual((yield* stored).reviewerRoleIds, [REVIEWER_ROLE]);
    }).pipe(inWorld),
  );

  it.effect("moves the cards of open applications into a new review channel", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { id } = yield* apply();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* rowsOf(
        `UPDATE application SET card_channel_id = '${REVIEW_CHANNEL}', card_message_id = '${REVIEW_CHANNEL}'`,
      );
      yield* setUp({ reviewChannelId: GENERAL_CHANNEL });
      const { application } = yield* Effect.flatMap(Applications, (applications) =>
        applications.card(GUILD, id),
      );
      assert.isNull(application.cardMessageId);
      assert.deepStrictEqual(
        yield* rowsOf("SELECT lane FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'"),
        [{ lane: `post:${GENERAL_CHANNEL}` }],
      );
    }).pipe(inWorld),
  );

  it.effect("is read as it is inside a transaction, and as it was after one that is given up", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { staleClaimMinutes } = yield* stored;
      const repo = yield* SettingsRepo;
      const outbox = yield* Outbox;
      const changed = Effect.zipRight(repo.put(settings({ staleClaimMinutes: 7 })), stored);
      const inside = yield* Effect.flip(outbox.commit(Effect.flatMap(changed, Effect.fail)));
      assert.deepInclude(inside, { staleClaimMinutes: 7 });
      assert.strictEqual((yield* stored).staleClaimMinutes, staleClaimMinutes);
    }).pipe(inWorld),
  );
});

/** Changes settings as somebody sees them now. */
const change = (patch: SettingsPatch, by = MAYA) =>
  Effect.gen(function* () {
    const all = yield* Settings;
    return yield* all.change(yield* all.get(GUILD), by, patch, { command: "config set" });
  });
const logged = Effect.map(
  rowsOf("SELECT actor, details FROM action_log WHERE name = 'config_change' ORDER BY seq DESC LIMIT 1"),
  ([row]) => ({ actor: row?.["actor"], details: JSON.parse(String(row?.["details"])) as unknown }),
);
const waiting = rowsOf("SELECT kind, lane FROM side_effect WHERE state = 'waiting' ORDER BY id");

describe("a change of settings", () => {
  it.effect("is stored and logged with who, what, old and new", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { before, after } = yield* change(
        { staleClaimMinutes: 30, reviewerRoleIds: [REVIEWER_ROLE, MEMBER_ROLE] },
        NOAH,
      );
      assert.strictEqual(before.staleClaimMinutes, 120);
      assert.deepStrictEqual({ ...(yield* stored) }, { ...after });
      assert.strictEqual(after.version, 2);
      assert.deepStrictEqual(yield* logged, {
        actor: NOAH,
        details: {
          command: "config set",
          mod_roles: `${REVIEWER_ROLE},${MEMBER_ROLE}`,
          mod_roles_was: REVIEWER_ROLE,
          stale_claim_minutes: 30,
          stale_claim_minutes_was: 120,
        },
      });
    }).pipe(inWorld),
  );

  it.effect("that changes nothing is neither written nor logged", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* change({ staleClaimMinutes: 120 });
      assert.strictEqual((yield* stored).version, 1);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("by the slower of two admins is refused, and says what is there now", () =>
    Effect.gen(function* () {
      yield* setUp();
      const all = yield* Settings;
      const seen = yield* stored;
      const by = (who: UserId, patch: SettingsPatch) =>
        Effect.either(all.change(seen, who, patch, { command: "config set" }));
      const results = yield* Effect.all(
        [by(MAYA, { staleClaimMinutes: 30 }), by(NOAH, { minAccountAgeDays: 7 })],
        { concurrency: "unbounded" },
      );
      const refused = results.flatMap((result) => (Either.isLeft(result) ? [result.left] : []));
      assert.strictEqual(refused.length, 1);
      const [error] = refused;
      if (error?._tag !== "SettingsChanged") return assert.fail(`not refused: ${error?._tag}`);
      const now = yield* stored;
      assert.deepStrictEqual({ ...error.now }, { ...now });
      assert.strictEqual(now.version, 2);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'config_change'")).length, 2);
    }).pipe(inWorld),
  );

  it.effect("of the gate channel moves the one gate message", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* Effect.flatMap(Settings, (all) =>
        all.setGateMessage(GUILD, MessageId.make("900000000000000001")),
      );
      yield* change({ gateChannelId: GENERAL_CHANNEL });
      assert.isNull((yield* stored).gateMessageId);
      assert.deepStrictEqual(yield* waiting, [
        { kind: "DeleteMessage", lane: `delete:${GATE_CHANNEL}` },
        { kind: "GateMessage", lane: `post:${GENERAL_CHANNEL}` },
      ]);
    }).pipe(inWorld),
  );

  it.effect("of the review channel brings the cards of open applications there", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* change({ reviewChannelId: GENERAL_CHANNEL });
      assert.deepStrictEqual(yield* waiting, [{ kind: "DrawCard", lane: `post:${GENERAL_CHANNEL}` }]);
    }).pipe(inWorld),
  );

  it.effect("before any set-up is refused", () =>
    Effect.gen(function* () {
      const all = yield* Settings;
      const error = yield* Effect.flip(
        all.change(settings(), MAYA, { staleClaimMinutes: 5 }, { command: "config set" }),
      );
      assert.strictEqual(error._tag, "GuildNotSetUp");
    }).pipe(inWorld),
  );
});

describe("a change of settings", () => {
  it.effect("redraws the gate message where it shows what has changed, and only there", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      const all = yield* Settings;
      const waiting = rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting'");
      yield* all.change(yield* stored, MAYA, { pingRoleId: PING_ROLE }, { command: "gate welcome role" });
      assert.deepStrictEqual(yield* waiting, []);
      yield* all.change(
        yield* stored,
        MAYA,
        { infoChannelId: INFO_CHANNEL },
        { command: "gate welcome channels" },
      );
      assert.deepStrictEqual(yield* waiting, [{ kind: "GateMessage" }]);
    }).pipe(inWorld),
  );
});
