import type { SqlClient } from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import type { DecisionKind } from "../../../src/domain/Application.js";
import type { UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Operation } from "../../../src/layers/discord/fake/Calls.js";
import type { Gate } from "../../../src/services/Gate.js";
import { Reviews } from "../../../src/services/Reviews.js";
import type { Settings } from "../../../src/services/Settings.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  MEMBER_ROLE,
  NOAH,
  REVIEW_CHANNEL,
  ROBIN,
} from "../../support/fixtures.js";
import { apply, eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

type Step = Effect.Effect<unknown, unknown, Gate | Reviews | Settings | SqlClient>;
type Found = Effect.Effect<number, never, DiscordFake>;

const moderator = { id: MAYA, admin: false, via: "command" } as const;
const robins = { _tag: "Person", userId: ROBIN } as const;
const decide = (kind: DecisionKind, userId: UserId = ROBIN) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(GUILD, { _tag: "Person", userId }, moderator, {
      kind,
      reason: kind === "approve" ? null : "Spam",
    }),
  );
const claim = Effect.flatMap(Reviews, (reviews) => reviews.claim(GUILD, robins, moderator));

const calls = (operation: Operation) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.callsOf(operation)),
    ({ length }) => length,
  );
const texts = (channel: typeof GATE_CHANNEL) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.messages(channel)),
    (messages) => messages.map(({ payload }) => JSON.stringify(payload)),
  );
const robinsMessages = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.directMessages(ROBIN)),
  ({ length }) => length,
);
const count = (channel: typeof GATE_CHANNEL) => Effect.map(texts(channel), ({ length }) => length);

/**
 * Each message the bot sends: what is done in peace before, what brings it about, and how many there are in the end.
 */
const MESSAGES: ReadonlyArray<
  readonly [what: string, before: Step, next: Step, found: Found, expected: number]
> = [
  ["the gate message", Effect.void, setUp(), count(GATE_CHANNEL), 1],
  ["the card", setUp(), apply(), count(REVIEW_CHANNEL), 1],
  ["the outcome", Effect.all([setUp(), apply()]), decide("reject"), robinsMessages, 2],
  [
    "a welcome that says the same to everybody",
    Effect.all([
      setUp(),
      rowsOf("UPDATE guild_settings SET welcome_template = 'Hello!'"),
      apply(),
      apply(member(NOAH)),
      decide("approve", NOAH),
      rested,
    ]),
    decide("approve"),
    count(GENERAL_CHANNEL),
    2,
  ],
  ["the welcome", Effect.all([setUp(), apply()]), decide("approve"), count(GENERAL_CHANNEL), 1],
  [
    "the log",
    Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), apply()]),
    claim,
    Effect.map(texts(LOG_CHANNEL), (all) => all.filter((text) => text.includes("Claimed")).length),
    1,
  ],
];

/** Discord takes everything that `next` brings about, and the process dies before it hears of it. */
const dieDuring = (before: Step, next: Step, operation: Operation = "sendMessage") =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const { run, kill } = yield* startBot;
    yield* run(before);
    yield* rested;
    const asked = yield* calls(operation);
    yield* fake.script(operation, ...Array.from({ length: 20 }, () => ({ _tag: "NoAnswer" }) as const));
    yield* run(next);
    yield* eventually(
      "Discord was asked",
      Effect.map(calls(operation), (now) => now > asked),
    );
    yield* TestClock.adjust("2 seconds");
    yield* kill;
    yield* fake.unscript;
  });

describe("a process that dies after Discord took a message and before it heard of it", () => {
  it.effect.each(MESSAGES)(
    "does not post %s twice: Discord knows it by its nonce",
    ([, before, next, found, expected]) =>
      Effect.gen(function* () {
        yield* dieDuring(before, next);
        yield* startBot;
        yield* rested;
        assert.strictEqual(yield* found, expected);
        assert.strictEqual(yield* calls("findMine"), 0);
      }).pipe(inWorld),
  );

  it.effect.each(MESSAGES)(
    "does not post %s twice after five minutes either: it is found by its marker",
    ([, before, next, found, expected]) =>
      Effect.gen(function* () {
        yield* dieDuring(before, next);
        yield* TestClock.adjust("5 minutes");
        yield* startBot;
        yield* rested;
        assert.strictEqual(yield* found, expected);
        assert.isAbove(yield* calls("findMine"), 0);
      }).pipe(inWorld),
  );
});

describe("a process that dies after Discord did something and before it heard of it", () => {
  it.effect("gives the role once more, which changes nothing, and says that it is done", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* dieDuring(Effect.all([setUp(), apply()]), decide("approve"), "addRole");
      yield* startBot;
      yield* rested;
      assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), [MEMBER_ROLE]);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'role_granted'")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("does not take the person it kicked for one who left", () =>
    Effect.gen(function* () {
      yield* dieDuring(Effect.all([setUp(), apply()]), decide("kick"), "kick");
      yield* startBot;
      yield* rested;
      assert.deepStrictEqual(
        yield* rowsOf("SELECT state, outcome FROM side_effect WHERE kind = 'KickMember'"),
        [{ state: "done", outcome: null }],
      );
    }).pipe(inWorld),
  );

  it.effect("leaves a card that shows what has happened since", () =>
    Effect.gen(function* () {
      yield* dieDuring(setUp(), apply());
      const { run } = yield* startBot;
      yield* run(claim);
      yield* rested;
      const cards = yield* texts(REVIEW_CHANNEL);
      assert.strictEqual(cards.length, 1);
      assert.include(cards[0], "**Claimed** by");
    }).pipe(inWorld),
  );
});
