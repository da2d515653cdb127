import * as Statement from "@effect/sql/Statement";
import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { MessageId, Millis, type UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { FirstMessages, type Spoken } from "../../../src/services/FirstMessages.js";
import { Flags } from "../../../src/services/Flags.js";
import { Settings } from "../../../src/services/Settings.js";
import { wordsOf } from "../../support/asking.js";
import {
  DAY,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  NOAH,
  NOW,
  OTHER_GUILD,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

/** When the bot hears the first message of the guild. */
const BEGINNING = NOW - 500 * DAY;

const spoke = (who: UserId, joined: number | null, days: number, changes: Partial<Spoken> = {}) =>
  Effect.flatMap(FirstMessages, (messages) =>
    messages.spoke({
      guildId: GUILD,
      userId: who,
      channelId: GENERAL_CHANNEL,
      messageId: MessageId.make("700000000000000001"),
      at: Millis.make(Math.round((joined ?? BEGINNING) + days * DAY)),
      joinedAt: joined === null ? null : Millis.make(joined),
      ...changes,
    }),
  );

/** A guild in which somebody has spoken already. */
const heard = (thresholdDays: number | null = null) =>
  Effect.gen(function* () {
    yield* setUp();
    const settings = yield* Settings;
    const patch = { flagsChannelId: LOG_CHANNEL, flagsThresholdDays: thresholdDays };
    yield* settings.change(yield* settings.get(GUILD), MAYA, patch, { command: "test" });
    yield* spoke(NOAH, BEGINNING - 300 * DAY, 300);
  });

const flags = Effect.map(rowsOf("SELECT user_id, kind, reason FROM flag ORDER BY at, id"), (rows) =>
  rows.map(({ userId, reason }) => ({ userId, reason })),
);
const alerts = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(LOG_CHANNEL)),
  (messages) => messages.map(({ payload }) => wordsOf(payload)).filter((words) => words.includes("Flagged")),
);

describe("a first message", () => {
  it.effect.each([
    [null, 90],
    [7, 7],
    [365, 365],
  ] as const)("with a threshold of %s flags after %i days, and not a moment before", ([threshold, days]) =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(heard(threshold));
        yield* run(spoke(userId(51), BEGINNING + DAY, days - 1 / DAY));
        yield* run(spoke(userId(52), BEGINNING + DAY, days - 1));
        assert.deepStrictEqual(yield* flags, []);
        yield* run(spoke(userId(53), BEGINNING + DAY, days));
        assert.deepStrictEqual(yield* flags, [
          { userId: userId(53), reason: `First message ${days} days after joining` },
        ]);
        yield* rested;
        const [alert, ...more] = yield* alerts;
        assert.isEmpty(more);
        assert.include(alert, "By the bot");
        assert.include(alert, `https://discord.com/channels/${GUILD}/${GENERAL_CHANNEL}/700000000000000001`);
        assert.deepStrictEqual(yield* rowsOf("SELECT actor, target FROM action_log WHERE name = 'flag'"), [
          { actor: "system", target: userId(53) },
        ]);
      }),
    ),
  );

  it.effect("flags once, also after /unflag, a restart and for a second message", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* startBot;
        yield* first.run(heard());
        yield* first.run(spoke(ROBIN, BEGINNING + DAY, 100));
        yield* first.run(spoke(ROBIN, BEGINNING + DAY, 101));
        yield* first.run(Effect.flatMap(Flags, (all) => all.unflag(GUILD, ROBIN, MAYA, null)));
        yield* first.kill;
        const { run } = yield* startBot;
        yield* run(spoke(ROBIN, BEGINNING + DAY, 102));
        assert.strictEqual((yield* flags).length, 1);
        assert.isEmpty(yield* rowsOf("SELECT id FROM flag WHERE closed_at IS NULL"));
      }),
    ),
  );

  it.effect("is remembered without a flag where the person may have spoken unheard", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(heard());
        yield* run(spoke(userId(61), BEGINNING - 1, 200));
        yield* run(spoke(userId(62), null, 200));
        assert.deepStrictEqual(yield* flags, []);
        yield* run(spoke(userId(63), BEGINNING, 200));
        assert.strictEqual((yield* flags).length, 1);
        assert.strictEqual((yield* rowsOf("SELECT at FROM first_message")).length, 4);
      }),
    ),
  );

  it.effect(
    "says nothing where nobody has set the server up, of owners, and of whoever is flagged already",
    () =>
      inWorld(
        Effect.gen(function* () {
          const { run } = yield* startBot;
          yield* run(spoke(NOAH, BEGINNING, 0, { guildId: OTHER_GUILD }));
          yield* run(spoke(ROBIN, BEGINNING, 100, { guildId: OTHER_GUILD }));
          yield* run(heard());
          const fake = yield* DiscordFake;
          yield* fake.putGuild({ id: GUILD, name: "The Den", ownerId: userId(71), members: [ROBIN] });
          yield* run(spoke(userId(71), BEGINNING + DAY, 100));
          assert.deepStrictEqual(yield* flags, []);
          const byHand = { id: ROBIN, bot: false };
          yield* run(Effect.flatMap(Flags, (all) => all.flag(GUILD, byHand, MAYA, "Sells accounts")));
          yield* run(spoke(ROBIN, BEGINNING + DAY, 100));
          assert.deepStrictEqual(yield* flags, [{ userId: ROBIN, reason: "Sells accounts" }]);
          assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'flag'")).length, 1);
        }),
      ),
  );

  it.effect("is stored with its flag or not at all", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(heard());
        yield* rowsOf(
          "CREATE TRIGGER full BEFORE INSERT ON action_log BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        );
        const ended = yield* run(Effect.exit(spoke(ROBIN, BEGINNING + DAY, 100)));
        assert.strictEqual(ended._tag, "Failure");
        yield* rowsOf("DROP TRIGGER full");
        assert.deepStrictEqual(yield* flags, []);
        yield* run(spoke(ROBIN, BEGINNING + DAY, 101));
        assert.strictEqual((yield* flags).length, 1);
      }),
    ),
  );

  it.effect("costs a statement once: people who are known cost none", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(heard());
        let statements = 0;
        const counted = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Statement.withTransformer(effect, (statement) =>
            Effect.sync(() => {
              statements += 1;
              return statement;
            }),
          );
        yield* run(counted(spoke(ROBIN, BEGINNING + DAY, 1)));
        assert.isAbove(statements, 0);
        statements = 0;
        for (let n = 0; n < 1_000; n += 1) yield* run(counted(spoke(ROBIN, BEGINNING + DAY, 1)));
        assert.strictEqual(statements, 0);
        yield* run(counted(spoke(ROBIN, BEGINNING + DAY, 1, { guildId: OTHER_GUILD })));
        assert.isAbove(statements, 0);
      }),
    ),
  );
});
