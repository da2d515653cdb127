import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { MessageId } from "../../../src/domain/Ids.js";
import { SETTINGS_DEFAULTS } from "../../../src/domain/Settings.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { Applications } from "../../../src/services/Applications.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  OTHER_GUILD,
  REVIEW_CHANNEL,
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
      assert.deepInclude(
        { ...found },
        { ...SETUP, questions: SETTINGS_DEFAULTS.questions, gateMessageId: null },
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
