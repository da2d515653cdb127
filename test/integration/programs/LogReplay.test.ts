import { assert, describe, it } from "@effect/vitest";
import { Effect, Option, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { idAt, layerAlone, LogReplay } from "../../../src/services/LogReplay.js";
import { startOf } from "../../../src/programs/cli/LogReplay.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GUILD, LOG_CHANNEL, MAYA, NOW, OTHER_GUILD, REVIEW_CHANNEL } from "../../support/fixtures.js";
import { inWorld, rested, setUp, startBot } from "../../support/layers.js";

const record = (...numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const log = yield* AuditLog;
    const outbox = yield* Outbox;
    return yield* outbox.commit(
      Effect.forEach(numbers, (number) =>
        log.record({ guildId: GUILD, name: "send", actor: MAYA, reason: `number ${number}` }),
      ),
    );
  });
const posted = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(LOG_CHANNEL)),
  (messages) =>
    messages.flatMap(({ payload }) =>
      (payload.embeds ?? []).flatMap(({ description }) => {
        const number = /number (\d+)/.exec(description ?? "")?.[1];
        return number === undefined ? [] : [Number(number)];
      }),
    ),
);
const channelIs = (there: boolean) =>
  Effect.flatMap(DiscordFake, (fake) =>
    fake.putGuild({
      id: GUILD,
      name: "The Den",
      channels: [
        [REVIEW_CHANNEL, { _tag: "Ok", name: "review" }],
        ...(there ? [[LOG_CHANNEL, { _tag: "Ok", name: "log" }] as const] : []),
      ],
    }),
  );
/** As a process of its own does it: nothing tells the bot. */
const byHand = Effect.provide(layerAlone);
const importFile = byHand(Effect.flatMap(LogReplay, ({ importFile: run }) => run));
const replay = (from: string, dryRun = false, guild = GUILD) =>
  byHand(Effect.flatMap(LogReplay, (by) => by.replay(from, guild, dryRun)));

const started = Effect.gen(function* () {
  const bot = yield* startBot;
  yield* bot.run(Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), rested]));
  return bot;
});

describe("npm run replay:logs", () => {
  it.effect("posts rows again from a moment on, in order, and the running bot notices by itself", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* run(Effect.all([record(1, 2), rested, TestClock.adjust("1 minute"), record(3, 4), rested]));
      const from = idAt(NOW + 50_000);
      assert.deepStrictEqual(yield* replay(from, true), { queued: 2, waiting: 0, nowhere: 0 });
      yield* run(rested);
      assert.deepStrictEqual(yield* posted, [1, 2, 3, 4]);
      assert.deepStrictEqual(yield* replay(from), { queued: 2, waiting: 0, nowhere: 0 });
      assert.deepStrictEqual(yield* replay(from), { queued: 0, waiting: 2, nowhere: 0 });
      yield* run(rested);
      assert.deepStrictEqual(yield* posted, [1, 2, 3, 4, 3, 4]);
    }).pipe(inWorld),
  );

  it.effect("goes on over hundreds of rows, keeps to one server, and leaves out what has nowhere to go", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      const ids = yield* run(record(...Array.from({ length: 230 }, (_, n) => n)));
      yield* run(rested);
      const [first = ""] = ids;
      assert.deepStrictEqual(yield* replay(first, true), { queued: 230, waiting: 0, nowhere: 0 });
      assert.deepStrictEqual(yield* replay(first, true, OTHER_GUILD), { queued: 0, waiting: 0, nowhere: 0 });
      yield* run(Effect.all([setUp(), rested]));
      assert.strictEqual((yield* replay(first, true)).nowhere, 231);
    }).pipe(inWorld),
  );

  it("takes a row's id, a date or a moment", () => {
    const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert.deepStrictEqual(startOf(id), Option.some(id));
    assert.deepStrictEqual(startOf("2026-01-15T12:00Z"), Option.some(idAt(NOW)));
    assert.isTrue(Option.isSome(startOf("2026-01-15")));
    for (const wrong of ["", "yesterday", "2026-99-99", "5"]) assert.isTrue(Option.isNone(startOf(wrong)));
  });
});

describe("npm run import:fallback-logs", () => {
  it.effect("puts what is in the file back to work, and doubles nothing", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* started;
      yield* channelIs(false);
      yield* run(Effect.all([record(1, 2, 3), rested]));
      yield* kill;
      const none = { posted: 0, unknown: 0, unreadable: 0 };
      assert.deepStrictEqual(yield* importFile, { queued: 3, waiting: 0, ...none });
      assert.deepStrictEqual(yield* importFile, { queued: 0, waiting: 3, ...none });
      yield* channelIs(true);
      yield* startBot;
      yield* rested;
      assert.deepStrictEqual(yield* posted, [1, 2, 3]);
      assert.deepStrictEqual(yield* importFile, { queued: 0, waiting: 0, ...none, posted: 3 });
      yield* rested;
      assert.deepStrictEqual(yield* posted, [1, 2, 3]);
    }).pipe(inWorld),
  );
});
