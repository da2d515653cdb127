import { assert, describe, it } from "@effect/vitest";
import { Effect, Random, TestClock } from "effect";
import { MAX_ATTEMPTS } from "../../../src/domain/SideEffect.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable, MissingPermission, RateLimited } from "../../../src/layers/discord/Errors.js";
import { Reviews } from "../../../src/services/Reviews.js";
import {
  DEN,
  GENERAL_CHANNEL,
  GUILD,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  NOW,
  REVIEW_CHANNEL,
  ROBIN,
} from "../../support/fixtures.js";
import { apply, eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const moderator = { id: MAYA, admin: false, via: "command" } as const;
const approve = (userId = ROBIN) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(GUILD, { _tag: "Person", userId }, moderator, { kind: "approve", reason: null }),
  );
const retry = Effect.flatMap(Reviews, (reviews) =>
  reviews.retryFailed(GUILD, { _tag: "Person", userId: ROBIN }, moderator),
);
const effectsOf = (kind: string) =>
  rowsOf(`SELECT state, attempts, last_error FROM side_effect WHERE kind = '${kind}'`);
const down = (times: number) =>
  Array.from({ length: times }, () => ({
    _tag: "Refused" as const,
    error: new DiscordUnavailable({ detail: "Discord answered 503" }),
  }));
const card = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(REVIEW_CHANNEL)),
  (cards) => JSON.stringify(cards.at(-1)?.payload),
);
const noRoles = new MissingPermission({ permission: "Manage Roles" });

describe("a side effect that Discord does not take", () => {
  it.effect("is tried again after 1, 2, 4 and 8 seconds, and then it is done", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      yield* fake.script("addRole", ...down(4));
      yield* run(approve());
      yield* eventually(
        "the role is given",
        Effect.map(effectsOf("GrantRole"), ([row]) => row?.["state"] === "done"),
        100,
      );
      const times = (yield* fake.callsOf("addRole")).map(({ at }) => at);
      const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1_000);
      assert.strictEqual(gaps.length, 4);
      gaps.forEach((gap, index) => {
        assert.isAtLeast(gap, 0.9 * 2 ** index);
        assert.isAtMost(gap, 1.1 * 2 ** index + 0.5);
      });
      assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), [MEMBER_ROLE]);
    }).pipe(inWorld, Effect.withRandom(Random.make("seed"))),
  );

  it.effect("shows on the card with why, while it waits, and no more when it is done", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      yield* fake.script("addRole", ...down(1));
      yield* run(approve());
      yield* eventually(
        "the card says so",
        Effect.map(card, (text) => text.includes("Role: trying again. Discord answered 503.")),
      );
      yield* rested;
      const text = yield* card;
      assert.include(text, "Role: done");
      assert.notInclude(text, "503");
    }).pipe(inWorld),
  );

  it.effect("is left alone as long as Discord asks for", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      yield* fake.script("addRole", {
        _tag: "Refused",
        error: new RateLimited({ retryAfterMillis: 42_000 }),
      });
      yield* run(approve());
      yield* TestClock.adjust("41 seconds");
      assert.strictEqual((yield* fake.callsOf("addRole")).length, 1);
      yield* TestClock.adjust("2 seconds");
      assert.strictEqual((yield* fake.callsOf("addRole")).length, 2);
    }).pipe(inWorld),
  );

  it.effect("holds up nobody else", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), apply(member(NOAH)), rested]));
      yield* fake.script("addRole", {
        _tag: "Refused",
        error: new RateLimited({ retryAfterMillis: 600_000 }),
      });
      yield* run(Effect.all([approve(), approve(NOAH)]));
      yield* eventually(
        "Noah has the role",
        Effect.map(fake.rolesOf(GUILD, NOAH), (roles) => roles?.length === 1),
      );
      assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), []);
    }).pipe(inWorld),
  );

  it.effect("is given up after three hundred attempts, and says so", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      yield* fake.script("addRole", ...down(MAX_ATTEMPTS + 5));
      yield* run(approve());
      yield* eventually(
        "it was tried",
        Effect.map(effectsOf("GrantRole"), ([row]) => row?.["attempts"] === 1),
      );
      yield* rowsOf(`UPDATE side_effect SET attempts = ${MAX_ATTEMPTS - 2} WHERE kind = 'GrantRole'`);
      yield* rowsOf(`UPDATE side_effect SET not_before = ${NOW} WHERE kind = 'GrantRole'`);
      yield* eventually(
        "it waits again",
        Effect.map(effectsOf("GrantRole"), ([row]) => row?.["attempts"] === MAX_ATTEMPTS - 1),
      );
      yield* rowsOf(`UPDATE side_effect SET not_before = ${NOW} WHERE kind = 'GrantRole'`);
      yield* eventually(
        "it has failed",
        Effect.map(effectsOf("GrantRole"), ([row]) => row?.["state"] === "failed"),
      );
      const [row] = yield* effectsOf("GrantRole");
      assert.strictEqual(row?.["lastError"], "Given up after 300 attempts. Discord answered 503.");
    }).pipe(inWorld),
  );
});

describe("during an outage of the server", () => {
  it.effect("role, card and messages wait, nothing fails, and all of it is done when it is over", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      const den = (available: boolean) => fake.putGuild({ ...DEN, available, members: [ROBIN] });
      yield* den(false);
      const before = (yield* fake.calls).length;
      yield* run(approve());
      yield* TestClock.adjust("5 seconds");
      assert.strictEqual((yield* fake.calls).length, before, "nothing is asked of a server that is away");
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect WHERE state = 'failed'"), []);
      yield* den(true);
      yield* rested;
      assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), [MEMBER_ROLE]);
      assert.include(yield* card, "Welcome post: done");
    }).pipe(inWorld),
  );
});

describe("a side effect that Discord refuses for good", () => {
  const refused = Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const bot = yield* startBot;
    yield* bot.run(Effect.all([setUp(), apply(), rested]));
    yield* fake.script("addRole", { _tag: "Refused", error: noRoles });
    yield* bot.run(Effect.all([approve(), rested]));
    return bot;
  });

  it.effect("shows on the card and in the log, with the remedy", () =>
    Effect.gen(function* () {
      yield* refused;
      assert.include(yield* card, "Role: failed. The bot lacks **Manage Roles**.");
      assert.include(yield* card, "Try again");
      const rows = yield* rowsOf(
        "SELECT actor, target, reason, details FROM action_log WHERE name = 'effect_failed'",
      );
      assert.strictEqual(rows.length, 1);
      assert.deepInclude(rows[0], { actor: "system", target: ROBIN, details: '{"effect":"GrantRole"}' });
      assert.include(rows[0]?.["reason"], "The bot lacks **Manage Roles**.");
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'role_granted'"), []);
    }).pipe(inWorld),
  );

  it.effect("is not tried again by itself", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* refused;
      yield* TestClock.adjust("1 minute");
      assert.strictEqual((yield* fake.callsOf("addRole")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("stops only what needs it: the person is told, the welcome waits for the role", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* refused;
      yield* TestClock.adjust("1 minute");
      const [told] = yield* effectsOf("DecisionMessage");
      assert.strictEqual(told?.["state"], "done");
      const [welcome] = yield* effectsOf("WelcomePost");
      assert.deepInclude(welcome, { state: "waiting", attempts: 0 });
      assert.deepStrictEqual(yield* fake.messages(GENERAL_CHANNEL), []);
    }).pipe(inWorld),
  );

  it.effect("is done by Try again once the cause is mended, and what waited for it follows", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* refused;
      assert.strictEqual((yield* run(retry)).retried, 1);
      yield* rested;
      assert.deepStrictEqual(yield* fake.rolesOf(GUILD, ROBIN), [MEMBER_ROLE]);
      assert.strictEqual((yield* fake.messages(GENERAL_CHANNEL)).length, 1);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'role_granted'")).length, 1);
      const text = yield* card;
      assert.include(text, "Welcome post: done");
      assert.notInclude(text, "Try again");
      assert.strictEqual((yield* run(retry)).retried, 0);
    }).pipe(inWorld),
  );

  it.effect("fails again, and can be tried again, while the cause is not mended", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* refused;
      yield* fake.script("addRole", { _tag: "Refused", error: noRoles });
      yield* run(Effect.all([retry, rested]));
      assert.include(yield* card, "Role: failed");
      yield* run(Effect.all([retry, rested]));
      assert.include(yield* card, "Welcome post: done");
      assert.strictEqual((yield* fake.messages(GENERAL_CHANNEL)).length, 1);
    }).pipe(inWorld),
  );
});
