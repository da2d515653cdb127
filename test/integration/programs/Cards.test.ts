import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import type { UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { RateLimited } from "../../../src/layers/discord/Errors.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { GUILD, MAYA, member, NOAH, REVIEW_CHANNEL, ROBIN, userId } from "../../support/fixtures.js";
import { apply, eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const robins = { _tag: "Person", userId: ROBIN } as const;
const claim = (id: UserId, via: "press" | "command" = "command") =>
  Effect.flatMap(Reviews, (reviews) => reviews.claim(GUILD, robins, { id, admin: true, via }));
const unclaim = (id: UserId) =>
  Effect.flatMap(Reviews, (reviews) => reviews.unclaim(GUILD, robins, { id, admin: true, via: "command" }));

const cards = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(REVIEW_CHANNEL)),
  (messages) => messages.map(({ payload }) => JSON.stringify(payload)),
);
const drawings = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.calls),
  (calls) =>
    calls.filter(
      (call) =>
        (call._tag === "sendMessage" || call._tag === "editMessage") && call.channelId === REVIEW_CHANNEL,
    ).length,
);
/** A bot, an application, and its card. */
const drawn = Effect.gen(function* () {
  const bot = yield* startBot;
  yield* bot.run(Effect.all([setUp(), apply(), rested]));
  return { ...bot, before: yield* drawings };
});

describe("redraws of one card", () => {
  it.effect("that wait are one: it shows the newest state", () =>
    Effect.gen(function* () {
      const { run, before } = yield* drawn;
      yield* run(Effect.all([claim(MAYA), unclaim(MAYA), claim(NOAH)]));
      assert.strictEqual((yield* rowsOf("SELECT id FROM side_effect WHERE state = 'waiting'")).length, 1);
      yield* rested;
      assert.strictEqual(yield* drawings, before + 1);
      assert.include((yield* cards)[0], `**Claimed** by <@${NOAH}>`);
    }).pipe(inWorld),
  );

  it.effect("that are asked for while one is under way come after it", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run, before } = yield* drawn;
      yield* fake.script("editMessage", { _tag: "Late", millis: 2_000 });
      yield* run(claim(MAYA));
      yield* eventually(
        "it is under way",
        Effect.map(drawings, (now) => now === before + 1),
      );
      yield* run(unclaim(MAYA));
      yield* rested;
      assert.strictEqual(yield* drawings, before + 2);
      assert.include((yield* cards)[0], "**Waiting**");
    }).pipe(inWorld),
  );

  it.effect("that are asked for before the card is there make one card", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      yield* fake.script("sendMessage", { _tag: "Late", millis: 2_000 });
      yield* run(apply());
      yield* eventually(
        "it is under way",
        Effect.map(drawings, (now) => now === 1),
      );
      yield* run(claim(MAYA));
      yield* rested;
      const shown = yield* cards;
      assert.strictEqual(shown.length, 1);
      assert.include(shown[0], "**Claimed** by");
    }).pipe(inWorld),
  );

  it.effect("of many applications at once make one card each", () =>
    Effect.gen(function* () {
      const { run } = yield* startBot;
      yield* run(setUp());
      yield* run(
        Effect.forEach(Array.from({ length: 20 }), (_, n) => apply(member(userId(10 + n))), {
          concurrency: "unbounded",
        }),
      );
      yield* rested;
      const titles = (yield* cards).map((card) => /Application #[0-9a-f]{6}/.exec(card)?.[0]);
      assert.strictEqual(titles.length, 20);
      assert.strictEqual(new Set(titles).size, 20);
    }).pipe(inWorld),
  );
});

describe("many applications at once, while Discord opens conversations slowly", () => {
  it.effect("have their cards: what everybody shares does not queue behind what single people get", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      const people = Array.from({ length: 80 }, (_, index) => userId(7_000 + index));
      const never = { _tag: "Late", millis: 50_000 } as const;
      yield* fake.script("openDm", ...people.map(() => never));
      yield* run(Effect.forEach(people, (id) => apply(member(id)), { discard: true }));
      yield* eventually(
        "every card is there",
        Effect.map(cards, (shown) => shown.length === people.length),
      );
      const waiting = yield* rowsOf(
        "SELECT id FROM side_effect WHERE state = 'waiting' AND kind = 'ReceivedMessage'",
      );
      assert.strictEqual(waiting.length, people.length, "not one conversation was open by then");
    }).pipe(inWorld),
  );
});

describe("a redraw that Discord has put off", () => {
  it.effect("stays put off when something new happens, and then shows the newest", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run, before } = yield* drawn;
      yield* fake.script("editMessage", {
        _tag: "Refused",
        error: new RateLimited({ retryAfterMillis: 5_000 }),
      });
      yield* run(claim(MAYA));
      yield* eventually(
        "it was tried",
        Effect.map(drawings, (now) => now === before + 1),
      );
      yield* eventually(
        "it is put off",
        Effect.map(
          rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting' AND attempts = 1"),
          (rows) => rows.length === 1,
        ),
      );
      yield* run(unclaim(MAYA));
      yield* TestClock.adjust("3 seconds");
      assert.strictEqual(yield* drawings, before + 1);
      yield* TestClock.adjust("3 seconds");
      assert.strictEqual(yield* drawings, before + 2);
      assert.include((yield* cards)[0], "**Waiting**");
    }).pipe(inWorld),
  );
});

describe("a card that is deleted before it is written down where it stands", () => {
  it.effect("comes back", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), rested]));
      yield* fake.script("sendMessage", { _tag: "Late", millis: 2_000 });
      yield* run(apply());
      yield* eventually(
        "it stands",
        Effect.map(cards, (shown) => shown.length === 1),
      );
      const [first] = yield* fake.messages(REVIEW_CHANNEL);
      const id = first?.id ?? assert.fail("no card");
      yield* fake.deleteMessage(REVIEW_CHANNEL, id);
      yield* run(Effect.flatMap(Reviews, (reviews) => reviews.cardDeleted(id)));
      yield* rested;
      const shown = yield* fake.messages(REVIEW_CHANNEL);
      assert.strictEqual(shown.length, 1);
      assert.notStrictEqual(shown[0]?.id, id);
      assert.deepStrictEqual(yield* rowsOf("SELECT card_message_id FROM application"), [
        { cardMessageId: shown[0]?.id ?? null },
      ]);
    }).pipe(inWorld),
  );
});

describe("a press that redraws its own card", () => {
  const shown = (card: Parameters<typeof Outbox.Service.cardShown>[0]) =>
    Effect.flatMap(Outbox, (outbox) => outbox.cardShown(card));

  it.effect("leaves nothing to draw", () =>
    Effect.gen(function* () {
      const { run, before } = yield* drawn;
      const { card } = yield* run(claim(MAYA, "press"));
      yield* run(shown(card));
      yield* TestClock.adjust("10 seconds");
      assert.strictEqual(yield* drawings, before);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect WHERE state = 'waiting'"), []);
    }).pipe(inWorld),
  );

  it.effect("has two seconds for it; then it is done for it", () =>
    Effect.gen(function* () {
      const { run, before } = yield* drawn;
      yield* run(claim(MAYA, "press"));
      yield* TestClock.adjust("1900 millis");
      assert.strictEqual(yield* drawings, before);
      yield* TestClock.adjust("600 millis");
      assert.strictEqual(yield* drawings, before + 1);
      assert.include((yield* cards)[0], "**Claimed** by");
    }).pipe(inWorld),
  );

  it.effect("does not hide what has happened since", () =>
    Effect.gen(function* () {
      const { run } = yield* drawn;
      const { card } = yield* run(claim(MAYA, "press"));
      yield* run(unclaim(MAYA));
      yield* run(shown(card));
      yield* rested;
      assert.include((yield* cards)[0], "**Waiting**");
    }).pipe(inWorld),
  );
});
