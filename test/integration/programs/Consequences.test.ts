import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { DecisionKind } from "../../../src/domain/Application.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { MissingPermission } from "../../../src/layers/discord/Errors.js";
import type { Operation } from "../../../src/layers/discord/fake/Calls.js";
import { describe as describeError } from "../../../src/programs/views/ErrorText.js";
import { Reviews } from "../../../src/services/Reviews.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  REVIEW_CHANNEL,
  ROBIN,
} from "../../support/fixtures.js";
import { apply, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const decide = (kind: DecisionKind) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(
      GUILD,
      { _tag: "Person", userId: ROBIN },
      { id: MAYA, admin: false, via: "command" },
      { kind, reason: kind === "approve" ? null : "Too few words" },
    ),
  );
/** From the set-up to what follows from the decision; where it is named, one call of that takes Discord a while. */
const until = (kind: DecisionKind, slow?: Operation) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const { run } = yield* startBot;
    yield* run(Effect.all([setUp(), apply(), rested]));
    if (slow !== undefined) yield* fake.script(slow, { _tag: "Late", millis: 2_000 });
    yield* run(Effect.all([decide(kind), rested]));
  });
const outcomes = rowsOf(
  "SELECT kind, state, outcome FROM side_effect WHERE application_id IS NOT NULL AND kind <> 'DrawCard' ORDER BY id",
);
const done = (kind: string, outcome: string | null = null) => ({ kind, state: "done", outcome });
const text = (value: unknown) => JSON.stringify(value);

describe("a note to an approval", () => {
  it.effect("stays among moderators: it is in the log, and the person is not told", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const note = "Knows somebody here";
      yield* run(
        Effect.flatMap(Reviews, (reviews) =>
          reviews.decide(
            GUILD,
            { _tag: "Person", userId: ROBIN },
            { id: MAYA, admin: false, via: "command" },
            { kind: "approve", reason: note },
          ),
        ),
      );
      yield* rested;
      assert.deepStrictEqual(yield* rowsOf("SELECT reason FROM action_log WHERE name = 'approve'"), [
        { reason: note },
      ]);
      assert.notInclude(text(yield* fake.directMessages(ROBIN)), note);
      assert.include(text(yield* fake.messages(REVIEW_CHANNEL)), `Note: ${note}`);
    }).pipe(inWorld),
  );
});

describe("what follows from a decision", () => {
  it.effect(
    "approve: the role, the outcome as a direct message, a welcome that pings the person and nobody else",
    () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        yield* until("approve");
        assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), [MEMBER_ROLE]);
        const [, told] = yield* fake.directMessages(ROBIN);
        assert.include(text(told?.payload), "was approved");
        const welcomes = yield* fake.messages(GENERAL_CHANNEL);
        assert.deepStrictEqual(
          welcomes.map(({ payload }) => payload),
          [{ content: `Please welcome <@${ROBIN}> to **The Den**!`, pings: [ROBIN] }],
        );
        assert.deepStrictEqual(yield* outcomes, [
          done("ReceivedMessage"),
          done("GrantRole"),
          done("DecisionMessage"),
          done("WelcomePost"),
        ]);
      }).pipe(inWorld),
  );

  it.effect("approve: the welcome comes after the role", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* until("approve", "addRole");
      const [role] = yield* fake.callsOf("addRole");
      const [welcome] = yield* fake.messages(GENERAL_CHANNEL);
      assert.isAtLeast((welcome?.at ?? 0) - (role?.at ?? 0), 2_000);
    }).pipe(inWorld),
  );

  it.effect("kick: the person is told first, then removed, with the reason", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* until("kick", "sendMessage");
      const [, told] = yield* fake.directMessages(ROBIN);
      const [kick] = yield* fake.callsOf("kick");
      assert.include(text(told?.payload), "you were removed");
      assert.isAtLeast((kick?.at ?? 0) - (told?.at ?? 0), 2_000);
      assert.isNull(yield* fake.rolesOf(GUILD, ROBIN));
      assert.strictEqual(kick?.reason, "Too few words");
    }).pipe(inWorld),
  );

  it.effect.each(["reject", "perm_reject"] as const)(
    "%s: the person is told the reason, and nothing else happens",
    (kind) =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        yield* until(kind);
        const [, told] = yield* fake.directMessages(ROBIN);
        assert.include(text(told?.payload), "Too few words");
        assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), []);
        assert.deepStrictEqual(yield* outcomes, [done("ReceivedMessage"), done("DecisionMessage")]);
      }).pipe(inWorld),
  );

  it.effect("a closed direct message is an outcome, not an error, and stops nothing", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* fake.closeDms(ROBIN);
      yield* until("kick");
      assert.deepStrictEqual(yield* outcomes, [
        done("ReceivedMessage", "dm_closed"),
        done("DecisionMessage", "dm_closed"),
        done("KickMember"),
      ]);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'effect_failed'"), []);
      const [card] = yield* fake.messages(REVIEW_CHANNEL);
      assert.include(text(card?.payload), "takes no direct messages");
    }).pipe(inWorld),
  );

  it.effect.each([
    ["approve", "GrantRole"],
    ["kick", "KickMember"],
  ] as const)("%s of somebody who left is recorded, and skips what cannot be done", ([kind, effect]) =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(member(NOAH)), apply(), rested]));
      yield* fake.putGuild({
        id: GUILD,
        name: "The Den",
        channels: [
          [REVIEW_CHANNEL, { _tag: "Ok", name: "review" }],
          [GENERAL_CHANNEL, { _tag: "Ok", name: "general" }],
        ],
        roles: [[MEMBER_ROLE, { _tag: "Ok", name: "Member" }]],
      });
      yield* run(Effect.all([decide(kind), rested]));
      assert.deepInclude(yield* outcomes, done(effect, "left"));
    }).pipe(inWorld),
  );
});

describe("the review card", () => {
  it.effect("is one message, posted once and redrawn with the newest state", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* until("approve");
      const cards = yield* fake.messages(REVIEW_CHANNEL);
      assert.strictEqual(cards.length, 1);
      const shown = text(cards[0]?.payload);
      for (const words of ["**Approved** by", "Role: done", "Direct message: done", "Welcome post: done"]) {
        assert.include(shown, words);
      }
    }).pipe(inWorld),
  );

  it.effect("that somebody deletes comes back while the application is open", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const [card] = yield* fake.messages(REVIEW_CHANNEL);
      const id = card?.id ?? assert.fail("no card");
      yield* fake.deleteMessage(REVIEW_CHANNEL, id);
      yield* run(Effect.flatMap(Reviews, (reviews) => reviews.cardDeleted(id)));
      yield* rested;
      const [again] = yield* fake.messages(REVIEW_CHANNEL);
      assert.include(text(again?.payload), "**Waiting**");
    }).pipe(inWorld),
  );

  it.effect("that was deleted while the bot was away comes back with the next change", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const [card] = yield* fake.messages(REVIEW_CHANNEL);
      yield* fake.deleteMessage(REVIEW_CHANNEL, card?.id ?? assert.fail("no card"));
      yield* run(Effect.all([decide("reject"), rested]));
      const cards = yield* fake.messages(REVIEW_CHANNEL);
      assert.strictEqual(cards.length, 1);
      assert.include(text(cards[0]?.payload), "**Rejected**");
    }).pipe(inWorld),
  );
});

describe("the gate message", () => {
  const gateMessages = Effect.flatMap(DiscordFake, (fake) => fake.messages(GATE_CHANNEL));

  it.effect("is posted and pinned, and a second set-up edits it", () =>
    Effect.gen(function* () {
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      const first = yield* gateMessages;
      assert.deepStrictEqual(
        first.map(({ pinned }) => pinned),
        [true],
      );
      yield* run(Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), rested]));
      assert.deepStrictEqual(
        (yield* gateMessages).map(({ id, pinned }) => [id, pinned]),
        first.map(({ id }) => [id, true]),
      );
    }).pipe(inWorld),
  );

  it.effect("that could be posted but not pinned is not posted a second time", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const error = new MissingPermission({ permission: "Pin Messages" });
      yield* fake.script("pinMessage", { _tag: "Refused", error });
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      assert.deepStrictEqual(yield* rowsOf("SELECT state, last_error FROM side_effect"), [
        { state: "failed", lastError: describeError(error) },
      ]);
      yield* run(Effect.all([setUp(), rested]));
      assert.deepStrictEqual(
        (yield* gateMessages).map(({ pinned }) => pinned),
        [true],
      );
    }).pipe(inWorld),
  );

  it.effect("that the bot forgot is found among the pins; one that is gone is posted again", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      const [first] = yield* gateMessages;
      yield* rowsOf("DELETE FROM guild_settings");
      yield* run(Effect.all([setUp(), rested]));
      assert.deepStrictEqual(
        (yield* gateMessages).map(({ id }) => id),
        [first?.id],
      );
      yield* fake.deleteMessage(GATE_CHANNEL, first?.id ?? assert.fail("no gate message"));
      yield* run(Effect.all([setUp(), rested]));
      assert.strictEqual((yield* gateMessages).length, 1);
    }).pipe(inWorld),
  );
});
