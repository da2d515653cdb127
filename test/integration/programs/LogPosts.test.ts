import { existsSync } from "node:fs";
import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { MAX_ATTEMPTS } from "../../../src/domain/SideEffect.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordRefused, DiscordUnavailable, RateLimited } from "../../../src/layers/discord/Errors.js";
import { FallbackFile } from "../../../src/layers/FallbackFile.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GUILD, LOG_CHANNEL, MAYA } from "../../support/fixtures.js";
import { eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

/** Writes so many rows at once; each says its number as the reason. */
const record = (...numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const log = yield* AuditLog;
    const outbox = yield* Outbox;
    yield* outbox.commit(
      Effect.forEach(numbers, (number) =>
        log.record({ guildId: GUILD, name: "send", actor: MAYA, reason: `number ${number}` }),
      ),
    );
  });
const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The numbers in each message of the log channel. */
const posted = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(LOG_CHANNEL)),
  (messages) =>
    messages.map(({ payload }) =>
      (payload.embeds ?? []).map(({ description }) => Number(/number (\d+)/.exec(description ?? "")?.[1])),
    ),
);
const attempts = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.callsOf("sendMessage")),
  (calls) => calls.filter(({ channelId }) => channelId === LOG_CHANNEL),
);
const tried = (times: number) =>
  eventually(
    `tried ${times} times`,
    Effect.map(attempts, ({ length }) => length === times),
  );

/** A bot whose log channel is empty but for what a test records. */
const started = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  const bot = yield* startBot;
  yield* bot.run(Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), rested]));
  for (const { id } of yield* fake.messages(LOG_CHANNEL)) yield* fake.deleteMessage(LOG_CHANNEL, id);
  const before = yield* attempts;
  return { ...bot, fake, before: before.length };
});
const unavailable = new DiscordUnavailable({ detail: "Discord answered 502" });

describe("rows that come together", () => {
  it.effect("share a message, eight at most, in order", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* run(Effect.all([record(...upTo(19)), rested]));
      assert.deepStrictEqual(yield* posted, [upTo(8), upTo(16, 9), upTo(19, 17)]);
    }).pipe(inWorld),
  );

  it.effect("stay together when the first attempt fails, and nobody joins them late", () =>
    Effect.gen(function* () {
      const { run, fake, before } = yield* started;
      yield* fake.script("sendMessage", { _tag: "Refused", error: unavailable });
      yield* run(record(...upTo(7)));
      yield* tried(before + 1);
      yield* run(Effect.all([record(8, 9), rested]));
      assert.deepStrictEqual(yield* posted, [upTo(7), [8, 9]]);
    }).pipe(inWorld),
  );

  it.effect("are not posted twice when Discord took them and the answer got lost", () =>
    Effect.gen(function* () {
      const { run, fake, before } = yield* started;
      const lost = { _tag: "AnswerLost", error: unavailable } as const;
      yield* fake.script("sendMessage", lost, lost, lost);
      yield* run(Effect.all([record(...upTo(8)), rested]));
      assert.deepStrictEqual(yield* posted, [upTo(8)]);
      const nonces = (yield* attempts).slice(before).map(({ nonce }) => nonce);
      assert.strictEqual(nonces.length, 4);
      assert.strictEqual(new Set(nonces).size, 1);
    }).pipe(inWorld),
  );

  it.effect("are never overtaken, however long Discord keeps the first one waiting", () =>
    Effect.gen(function* () {
      const { run, fake, before } = yield* started;
      const error = new RateLimited({ retryAfterMillis: 5_000 });
      yield* fake.script("sendMessage", { _tag: "Refused", error });
      yield* run(record(1));
      yield* tried(before + 1);
      yield* run(Effect.all([record(2), TestClock.adjust("4 seconds")]));
      assert.deepStrictEqual(yield* posted, []);
      yield* run(rested);
      assert.deepStrictEqual((yield* posted).flat(), [1, 2]);
    }).pipe(inWorld),
  );

  it.effect("fail together where Discord does not take the message, without a row about that", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      const error = new DiscordRefused({ code: 50035, detail: "400 Invalid Form Body" });
      yield* fake.script("sendMessage", { _tag: "Refused", error });
      yield* run(Effect.all([record(1, 2), rested]));
      assert.deepStrictEqual(yield* posted, []);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'effect_failed'"), []);
      yield* run(Effect.all([record(3), rested]));
      assert.deepStrictEqual(yield* posted, [[3]]);
    }).pipe(inWorld),
  );
});

describe("while all of Discord is away", () => {
  it.effect(
    "rows wait however long that takes, none fails or goes to the file, and all are posted in order",
    () =>
      Effect.gen(function* () {
        const { run, fake, before } = yield* started;
        const away = { _tag: "Refused", error: unavailable } as const;
        yield* fake.script("sendMessage", away, away, away);
        yield* run(record(...upTo(20)));
        yield* tried(before + 1);
        // Days later: more attempts than any other side effect has.
        yield* rowsOf(`UPDATE side_effect SET attempts = ${MAX_ATTEMPTS}, not_before = 0 WHERE attempts > 0`);
        yield* tried(before + 2);
        yield* TestClock.adjust("1 second");
        // The first message alone is tried: the others are not worn out behind it.
        assert.strictEqual(new Set((yield* attempts).slice(before).map(({ nonce }) => nonce)).size, 1);
        assert.deepStrictEqual(
          yield* rowsOf("SELECT COUNT(*) AS count FROM side_effect WHERE state = 'waiting'"),
          [{ count: 20 }],
        );
        assert.isFalse(existsSync((yield* FallbackFile).path));
        yield* fake.unscript;
        yield* rowsOf("UPDATE side_effect SET not_before = 0 WHERE attempts > 0");
        yield* run(rested);
        assert.deepStrictEqual(yield* posted, [upTo(8), upTo(16, 9), upTo(20, 17)]);
      }).pipe(inWorld),
  );

  it.effect("of a server that Discord does not show nothing is tried, and no attempt is used up", () =>
    Effect.gen(function* () {
      const { run, fake, before } = yield* started;
      yield* fake.putGuild({ id: GUILD, name: "The Den", available: false });
      yield* run(record(...upTo(3)));
      yield* TestClock.adjust("20 seconds");
      assert.strictEqual((yield* attempts).length, before);
      const waiting = yield* rowsOf(
        "SELECT attempts, first_attempt_at FROM side_effect WHERE state = 'waiting'",
      );
      assert.deepStrictEqual(
        waiting,
        upTo(3).map(() => ({ attempts: 0, firstAttemptAt: null })),
      );
      yield* fake.putGuild({
        id: GUILD,
        name: "The Den",
        channels: [[LOG_CHANNEL, { _tag: "Ok", name: "log" }]],
      });
      yield* TestClock.adjust("15 seconds");
      yield* run(rested);
      assert.deepStrictEqual(yield* posted, [upTo(3)]);
    }).pipe(inWorld),
  );
});

describe("rows that an earlier process left", () => {
  const noAnswer = { _tag: "NoAnswer" } as const;

  it.effect("are all posted, once and in order", () =>
    Effect.gen(function* () {
      const { run, fake, kill, before } = yield* started;
      yield* fake.script("sendMessage", noAnswer);
      yield* run(record(1, 2));
      yield* tried(before + 1);
      yield* run(record(...upTo(12, 3)));
      yield* kill;
      yield* startBot;
      yield* rested;
      assert.deepStrictEqual((yield* posted).flat(), upTo(12));
    }).pipe(inWorld),
  );

  it.effect("are found, also when the last attempt was a while after the first", () =>
    Effect.gen(function* () {
      const { run, fake, kill, before } = yield* started;
      const error = new RateLimited({ retryAfterMillis: 5_000 });
      yield* fake.script("sendMessage", { _tag: "Refused", error }, noAnswer);
      yield* run(record(1));
      yield* tried(before + 1);
      yield* run(record(2));
      yield* tried(before + 2);
      yield* kill;
      yield* TestClock.adjust("5 minutes");
      yield* startBot;
      yield* rested;
      assert.deepStrictEqual((yield* posted).flat().sort(), [1, 2]);
    }).pipe(inWorld),
  );
});
