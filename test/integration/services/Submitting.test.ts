import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, Random } from "effect";
import { Gate } from "../../../src/services/Gate.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  ANSWERS,
  GUILD,
  HOUR,
  MAYA,
  member,
  NOAH,
  NOW,
  OTHER_GUILD,
  ROBIN,
  SETUP,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

describe("sending an application", () => {
  it.effect("stores it with who they are, logs it, and plans the card and the confirming message", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { id, code } = yield* apply(member(ROBIN, { displayName: "Robin 🐦" }));
      assert.match(code, /^[0-9a-f]{6}$/);
      const [stored] = yield* rowsOf("SELECT * FROM application");
      assert.deepInclude(stored, {
        id,
        guildId: GUILD,
        userId: ROBIN,
        code,
        username: "robin",
        displayName: "Robin 🐦",
        joinedAt: NOW - HOUR,
        status: "pending",
        submittedAt: NOW,
        answers: JSON.stringify(ANSWERS),
      });
      assert.deepStrictEqual(
        yield* rowsOf(
          "SELECT name, actor, target, application_id FROM action_log WHERE name <> 'config_change'",
        ),
        [{ name: "app_submitted", actor: ROBIN, target: ROBIN, applicationId: id }],
      );
      assert.deepStrictEqual(
        yield* rowsOf(`SELECT kind FROM side_effect WHERE application_id = '${id}' ORDER BY id`),
        [{ kind: "DrawCard" }, { kind: "ReceivedMessage" }],
      );
    }).pipe(inWorld),
  );

  it.effect("twice makes one", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { code } = yield* apply();
      assert.deepInclude(yield* Effect.flip(apply()), { _tag: "AlreadyApplied", code, status: "pending" });
      assert.strictEqual((yield* rowsOf("SELECT id FROM application")).length, 1);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'app_submitted'")).length, 1);
    }).pipe(inWorld),
  );

  it.effect.each(["with a draft", "without a draft"])("twenty times at once makes one, %s", (how) =>
    Effect.gen(function* () {
      yield* setUp();
      if (how === "with a draft") {
        yield* Effect.flatMap(Gate, (gate) => gate.saveDraft(GUILD, member(), ANSWERS));
      }
      const outcomes = yield* Effect.all(
        Array.from({ length: 20 }, () => Effect.either(apply())),
        {
          concurrency: "unbounded",
        },
      );
      const [refused, sent] = [outcomes.filter(Either.isLeft), outcomes.filter(Either.isRight)];
      assert.strictEqual(sent.length, 1);
      const code = sent[0]?.right.code ?? assert.fail("none was sent");
      for (const { left } of refused) {
        assert.deepInclude(left, { _tag: "AlreadyApplied", code, status: "pending" });
      }
      assert.strictEqual((yield* rowsOf("SELECT id FROM application")).length, 1);
      assert.strictEqual((yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard'")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("cannot make two open ones even past the rules: the database refuses", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      const copy = yield* Effect.either(
        rowsOf(`INSERT INTO application SELECT 'X' || substr(id, 2), guild_id, user_id, 'ffffff', username,
          display_name, avatar_url, joined_at, 'draft', version, answers, submitted_at, claimed_by, claimed_at,
          decided_by, decided_at, reason, left_at, card_channel_id, card_message_id, created_at, updated_at
          FROM application`),
      );
      assert.match(
        String(Either.getOrThrow(Either.flip(copy)).cause),
        /UNIQUE constraint failed: application.guild_id, application.user_id/,
      );
    }).pipe(inWorld),
  );

  it.effect("gives each a code of its own: one that is taken is drawn again", () =>
    Effect.gen(function* () {
      yield* setUp();
      const first = yield* Effect.withRandom(apply(), Random.fixed([0xabc]));
      const second = yield* Effect.withRandom(apply(member(NOAH)), Random.fixed([0xabc, 0xabc, 0xdef]));
      assert.deepStrictEqual([first.code, second.code], ["000abc", "000def"]);
    }).pipe(inWorld),
  );

  it.effect("may give the same code in another server", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, MAYA, SETUP));
      const gate = yield* Gate;
      yield* Effect.withRandom(apply(), Random.fixed([0xabc]));
      const there = gate.submit(OTHER_GUILD, member(), ANSWERS);
      assert.strictEqual((yield* Effect.withRandom(there, Random.fixed([0xabc]))).code, "000abc");
    }).pipe(inWorld),
  );
});
