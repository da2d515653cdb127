import { assert, describe, it } from "@effect/vitest";
import { Clock, Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Bot from "../../../src/programs/Bot.js";
import { VerifyId } from "../../../src/programs/views/Apply.js";
import * as Services from "../../../src/services/index.js";
import { Reviews } from "../../../src/services/Reviews.js";
import {
  command,
  GATE_CHANNEL,
  GUILD,
  MAYA,
  member,
  NOAH,
  press,
  REVIEW_CHANNEL,
  reviewer,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { apply, eventually, rested, rowsOf, setUp, world } from "../../support/layers.js";

const bot = Bot.layer.pipe(Layer.provideMerge(Services.layer));
const inWorld = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  test.pipe(Effect.scoped, Effect.provide(world({ schedulersEnabled: true })));

/** The whole bot, and how to stop it; `stop` says how long that took. */
const start = Effect.gen(function* () {
  const scope = yield* Scope.make();
  const context = yield* Layer.buildWithScope(bot, scope);
  const stop = Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis;
    const closing = yield* Effect.fork(
      Effect.zipRight(Scope.close(scope, Exit.void), Clock.currentTimeMillis),
    );
    yield* TestClock.adjust("20 seconds");
    return (yield* Fiber.join(closing)) - began;
  });
  yield* Effect.addFinalizer(() => stop);
  return { stop, run: Effect.provide(context) };
});
const log = rowsOf("SELECT name, target FROM action_log WHERE name <> 'config_change' ORDER BY seq");
const answers = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.callsOf("respond")),
  (calls) => calls.map(({ callback }) => callback._tag),
);

describe("the bot", () => {
  it.effect("answers what people press and type", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* start;
      yield* run(setUp());
      yield* fake.interact(press(VerifyId.encode({}), member()));
      yield* fake.interact(command("health", reviewer()));
      yield* eventually(
        "both are answered",
        Effect.map(answers, ({ length }) => length === 2),
      );
      assert.deepStrictEqual(yield* answers, ["Modal", "Reply"]);
    }).pipe(inWorld),
  );

  it.effect("records who joins, withdraws for who leaves, and takes no notice of bots", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* start;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const about = { guildId: GUILD, userId: ROBIN };
      yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: NOAH, bot: true, joinedAt: null });
      yield* fake.emit({ _tag: "MemberLeft", ...about, bot: true });
      yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: NOAH, bot: false, joinedAt: null });
      yield* fake.emit({ _tag: "MemberLeft", ...about, bot: false });
      yield* eventually(
        "the leaving is recorded",
        Effect.map(log, ({ length }) => length === 3),
      );
      assert.deepStrictEqual(yield* log, [
        { name: "app_submitted", target: ROBIN },
        { name: "member_join", target: NOAH },
        { name: "withdraw", target: ROBIN },
      ]);
    }).pipe(inWorld),
  );

  it.effect("posts a deleted gate message again", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* start;
      yield* run(Effect.all([setUp(), rested]));
      const [gate] = yield* fake.messages(GATE_CHANNEL);
      const messageId = gate?.id ?? assert.fail("no gate message");
      yield* fake.deleteMessage(GATE_CHANNEL, messageId);
      yield* fake.emit({ _tag: "MessagesDeleted", channelId: GATE_CHANNEL, messageIds: [messageId] });
      yield* eventually(
        "there is another",
        Effect.map(fake.messages(GATE_CHANNEL), ([now]) => now !== undefined && now.pinned),
      );
      assert.strictEqual((yield* fake.messages(GATE_CHANNEL)).length, 1);
    }).pipe(inWorld),
  );

  it.effect("makes up for what it did not see, while it answers already", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* start;
      yield* run(Effect.all([setUp(), apply(), rested]));
      yield* fake.removeMember(GUILD, ROBIN);
      yield* fake.script("membersAfter", { _tag: "Late", millis: 30_000 });
      yield* fake.emit({ _tag: "GuildShown", guildId: GUILD });
      yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: NOAH, bot: false, joinedAt: null });
      yield* eventually(
        "the event after is handled",
        Effect.map(log, (rows) => rows.some(({ name }) => name === "member_join")),
      );
      assert.strictEqual((yield* log).length, 2);
      yield* TestClock.adjust("30 seconds");
      yield* eventually(
        "the leaving is made up for",
        Effect.map(log, (rows) => rows.some(({ name }) => name === "withdraw")),
      );
    }).pipe(inWorld),
  );

  it.effect(
    "records joins that come in one go, each once, and keeps their order with what comes between",
    () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        const { run } = yield* start;
        yield* run(Effect.all([setUp(), apply(), rested]));
        const joins = (n: number) =>
          fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: userId(n), bot: false, joinedAt: null });
        yield* Effect.all([joins(31), joins(32)]);
        yield* fake.emit({
          _tag: "MemberJoined",
          guildId: GUILD,
          userId: userId(39),
          bot: true,
          joinedAt: null,
        });
        yield* fake.emit({ _tag: "MemberLeft", guildId: GUILD, userId: ROBIN, bot: false });
        yield* Effect.all([joins(33), joins(34), joins(34)]);
        yield* eventually(
          "all of it is in the log",
          Effect.map(log, ({ length }) => length === 6),
        );
        assert.deepStrictEqual((yield* log).map(({ name, target }) => [name, target]).slice(1), [
          ["member_join", userId(31)],
          ["member_join", userId(32)],
          ["withdraw", ROBIN],
          ["member_join", userId(33)],
          ["member_join", userId(34)],
        ]);
      }).pipe(inWorld),
  );

  it.effect("posts a deleted card again", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* start;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const [card] = yield* fake.messages(REVIEW_CHANNEL);
      const messageId = card?.id ?? assert.fail("no card");
      yield* fake.deleteMessage(REVIEW_CHANNEL, messageId);
      yield* fake.emit({ _tag: "MessagesDeleted", channelId: REVIEW_CHANNEL, messageIds: [messageId] });
      yield* eventually(
        "it is back",
        Effect.map(fake.messages(REVIEW_CHANNEL), ({ length }) => length === 1),
      );
    }).pipe(inWorld),
  );

  it.effect("goes on after an event that could not be handled", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* start;
      yield* rowsOf(
        "CREATE TRIGGER full BEFORE INSERT ON action_log BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      );
      yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: ROBIN, bot: false, joinedAt: null });
      yield* TestClock.adjust("1 second");
      yield* rowsOf("DROP TRIGGER full");
      yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: NOAH, bot: false, joinedAt: null });
      yield* eventually(
        "the second is recorded",
        Effect.map(log, ({ length }) => length === 1),
      );
      assert.deepStrictEqual(yield* log, [{ name: "member_join", target: NOAH }]);
    }).pipe(inWorld),
  );
});

describe("stale claims", () => {
  const claimed = Effect.gen(function* () {
    const { run } = yield* start;
    yield* run(Effect.all([setUp(), apply(), rested]));
    const reviews = yield* run(Reviews);
    yield* reviews.claim(
      GUILD,
      { _tag: "Person", userId: ROBIN },
      { id: MAYA, admin: false, via: "command" },
    );
    yield* rowsOf("UPDATE application SET claimed_at = claimed_at - 3 * 3600 * 1000");
    yield* TestClock.adjust("61 seconds");
    return yield* rowsOf("SELECT status FROM application");
  });

  it.effect("are handed back within a minute", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* claimed, [{ status: "pending" }]);
    }).pipe(inWorld),
  );

  it.effect("stay where DISABLE_SCHEDULERS is set", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* claimed, [{ status: "claimed" }]);
    }).pipe(Effect.scoped, Effect.provide(world({ schedulersEnabled: false }))),
  );
});

describe("a stop", () => {
  it.effect("lets running interactions finish, and what follows from them", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run, stop } = yield* start;
      yield* run(Effect.all([setUp(), rested]));
      yield* fake.script("respond", { _tag: "Late", millis: 1_000 });
      yield* fake.interact(press(VerifyId.encode({}), member()));
      yield* eventually(
        "it is being handled",
        Effect.map(answers, ({ length }) => length === 1),
      );
      const took = yield* stop;
      assert.isAtLeast(took, 500);
      assert.isAtMost(took, 1_100);
    }).pipe(inWorld),
  );

  it.effect(
    "waits two seconds at most for each of the two, whatever Discord does: PM2 kills after five",
    () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        const { run, stop } = yield* start;
        yield* run(Effect.all([setUp(), rested]));
        yield* fake.script("respond", { _tag: "NoAnswer" });
        yield* fake.script("sendMessage", { _tag: "NoAnswer" });
        yield* run(apply());
        yield* fake.interact(press(VerifyId.encode({}), member(NOAH)));
        yield* eventually(
          "both hang",
          Effect.map(answers, ({ length }) => length === 1),
        );
        assert.isAtMost(yield* stop, 4_500);
      }).pipe(inWorld),
  );

  it.effect("with nothing under way takes no time", () =>
    Effect.gen(function* () {
      const { stop } = yield* start;
      assert.isAtMost(yield* stop, 50);
    }).pipe(inWorld),
  );
});
