import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { MissingPermission } from "../../../src/layers/discord/Errors.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { RoleWatch } from "../../../src/services/RoleWatch.js";
import { at, GUILD, HOUR, MAYA, MEMBER_ROLE, NOAH, REVIEWER_ROLE, ROBIN } from "../../support/fixtures.js";
import {
  apply,
  inWorld as inBotWorld,
  rested,
  rowsOf,
  services,
  setUp,
  startBot,
} from "../../support/layers.js";

const inWorld = Effect.provide(services());

/** Discord tells of Robin's roles. */
const robinHas = (roles: ReadonlyArray<typeof MEMBER_ROLE>, joinedAt = at(-HOUR), userId = ROBIN) =>
  Effect.flatMap(RoleWatch, (watch) => watch.memberUpdated({ guildId: GUILD, userId, roles, joinedAt }));
const changedBy = (by: typeof MAYA | "the bot" | null) =>
  Effect.flatMap(DiscordFake, (fake) => fake.setRoleActor(by));
const applied = Effect.gen(function* () {
  yield* setUp();
  const application = yield* apply();
  yield* rowsOf("UPDATE side_effect SET state = 'done'");
  return application;
});
const roleOnCard = Effect.gen(function* () {
  const applications = yield* Applications;
  const { id } = yield* applications.resolve(GUILD, { _tag: "Person", userId: ROBIN });
  return (yield* applications.card(GUILD, id)).role;
});
const logged = rowsOf(
  "SELECT actor, target, details FROM action_log WHERE name = 'role_granted' ORDER BY seq",
);
const redraws = rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard' AND state = 'waiting'");

describe("the accepted role given by hand", () => {
  it.effect("to somebody who waits is logged with who did it, and the card shows it", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* changedBy(NOAH);
      yield* robinHas([MEMBER_ROLE, REVIEWER_ROLE]);
      assert.deepStrictEqual(yield* roleOnCard, { held: true, by: NOAH, at: at(0) });
      const [row] = yield* logged;
      assert.deepInclude(row, { actor: NOAH, target: ROBIN });
      assert.deepInclude(JSON.parse(String(row?.["details"])), { by_hand: true, removed: false });
      assert.strictEqual((yield* redraws).length, 1);
    }).pipe(inWorld),
  );

  it.effect("is noticed once, however often Discord tells of the member", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* robinHas([MEMBER_ROLE]);
      yield* robinHas([MEMBER_ROLE, REVIEWER_ROLE]);
      yield* Effect.all([robinHas([MEMBER_ROLE]), robinHas([MEMBER_ROLE])], { concurrency: "unbounded" });
      assert.strictEqual((yield* logged).length, 1);
    }).pipe(inWorld),
  );

  it.effect("by nobody knows whom, where the bot may not read the audit log", () =>
    Effect.gen(function* () {
      yield* applied;
      const fake = yield* DiscordFake;
      yield* fake.script("roleChangedBy", {
        _tag: "Refused",
        error: new MissingPermission({ permission: "View Audit Log" }),
      });
      yield* robinHas([MEMBER_ROLE]);
      assert.deepStrictEqual(yield* roleOnCard, { held: true, by: null, at: at(0) });
    }).pipe(inWorld),
  );

  it.effect("and taken again is a second row", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* robinHas([MEMBER_ROLE]);
      yield* TestClock.adjust("1 hour");
      yield* changedBy(MAYA);
      yield* robinHas([]);
      assert.deepStrictEqual(yield* roleOnCard, { held: false, by: MAYA, at: at(HOUR) });
      assert.strictEqual((yield* logged).length, 2);
    }).pipe(inWorld),
  );

  it.effect("to somebody who never applied is nobody's business", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* robinHas([MEMBER_ROLE], at(-HOUR), NOAH);
      assert.deepStrictEqual(yield* logged, []);
    }).pipe(inWorld),
  );

  it.effect("is not what any other change of a member is", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* robinHas([]);
      yield* robinHas([REVIEWER_ROLE]);
      assert.deepStrictEqual(yield* logged, []);
      assert.deepStrictEqual(yield* redraws, []);
    }).pipe(inWorld),
  );
});

describe("the accepted role that the bot gave", () => {
  const moderator = { id: MAYA, admin: false, via: "command" } as const;
  const approve = Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(GUILD, { _tag: "Person", userId: ROBIN }, moderator, { kind: "approve", reason: null }),
  );
  const accepted = Effect.gen(function* () {
    const bot = yield* startBot;
    yield* bot.run(Effect.all([setUp(), apply(), rested, approve]));
    // Discord tells of the role before the bot has written down that it gave it.
    yield* bot.run(robinHas([MEMBER_ROLE]));
    yield* bot.run(rested);
    yield* bot.run(robinHas([MEMBER_ROLE]));
    return bot;
  });

  it.effect("was not given by hand, whenever Discord tells of it", () =>
    Effect.gen(function* () {
      const { run } = yield* accepted;
      assert.isNull(yield* run(roleOnCard));
      assert.strictEqual((yield* logged).length, 1);
    }).pipe(inBotWorld),
  );

  it.effect("and that somebody took away later is noted", () =>
    Effect.gen(function* () {
      const { run } = yield* accepted;
      yield* changedBy(NOAH);
      yield* run(robinHas([]));
      assert.deepInclude(yield* run(roleOnCard), { held: false, by: NOAH });
    }).pipe(inBotWorld),
  );

  it.effect("is gone when the person left and came back, and nobody took it", () =>
    Effect.gen(function* () {
      const { run } = yield* accepted;
      yield* run(robinHas([], at(24 * HOUR)));
      assert.isNull(yield* run(roleOnCard));
      assert.strictEqual((yield* logged).length, 1);
    }).pipe(inBotWorld),
  );
});
