import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType } from "discord.js";
import { Effect, Fiber, Layer, TestClock } from "effect";
import type { DecisionKind } from "../../../src/domain/Application.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { command, GUILD, MAYA, member, NOAH, reviewer, ROBIN } from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(CardHold.layer.pipe(Layer.provideMerge(services())));

/** `/unblock` with these options, and what it answers. */
const unblock = (options: Readonly<Record<string, string>>, actor = reviewer()) =>
  Effect.gen(function* () {
    const interaction = command(
      "unblock",
      actor,
      Object.entries(options).map(([name, value]) => [
        name,
        { type: ApplicationCommandOptionType.String, value },
      ]),
    );
    const fiber = yield* Effect.fork(Router.make(commands, components)(interaction));
    yield* TestClock.adjust("1 second");
    yield* Fiber.join(fiber);
    const fake = yield* DiscordFake;
    const answer = (yield* fake.callsOf("respond")).find((call) => call.interaction.id === interaction.id);
    return answer?.callback._tag === "Reply" ? answer.callback.payload.content : assert.fail("no reply");
  });

const refused = (kind: DecisionKind) =>
  Effect.gen(function* () {
    yield* setUp();
    const { id } = yield* apply();
    const reviews = yield* Reviews;
    const moderator = { id: MAYA, admin: false, via: "command" } as const;
    yield* reviews.decide(GUILD, { _tag: "Id", id }, moderator, { kind, reason: "Spam" });
    yield* rowsOf("UPDATE side_effect SET state = 'done'");
    return id;
  });

describe("/unblock", () => {
  it.effect.each(["perm_reject", "kick"] as const)(
    "lets somebody apply again after %s, with a log row and a new card",
    (kind) =>
      Effect.gen(function* () {
        const id = yield* refused(kind);
        const card = Effect.flatMap(Applications, (applications) => applications.card(GUILD, id));
        assert.isTrue((yield* card).blocked);
        const words = yield* unblock({ user_id: ROBIN, reason: "It was a mistake" });
        assert.strictEqual(words, `<@${ROBIN}> may apply here again.`);
        assert.isFalse((yield* card).blocked);
        const [row] = yield* rowsOf("SELECT * FROM action_log WHERE name = 'unblock'");
        assert.deepInclude(row, {
          actor: MAYA,
          target: ROBIN,
          applicationId: id,
          reason: "It was a mistake",
        });
        assert.deepStrictEqual(yield* rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting'"), [
          { kind: "DrawCard" },
        ]);
        yield* apply();
      }).pipe(inWorld),
  );

  it.effect("says when nobody is blocked, also the second time, and logs nothing", () =>
    Effect.gen(function* () {
      yield* refused("kick");
      assert.include(yield* unblock({ user_id: NOAH, reason: "Why not" }), "is not blocked here");
      yield* unblock({ user_id: ROBIN, reason: "Why not" });
      assert.include(yield* unblock({ user_id: ROBIN, reason: "Why not" }), "is not blocked here");
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'unblock'")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("takes an id as people paste it", () =>
    Effect.gen(function* () {
      yield* refused("kick");
      assert.include(yield* unblock({ user_id: ` <@${ROBIN}> `, reason: "Why not" }), "may apply here again");
    }).pipe(inWorld),
  );

  it.effect.each([
    ["nobody", {}],
    ["a name", { user_id: "robin" }],
    ["half an id", { user_id: "12345" }],
    ["two ids", { user_id: `${ROBIN} ${NOAH}` }],
  ] as const)("asks whom, when it is told %s", ([, options]) =>
    Effect.gen(function* () {
      yield* refused("kick");
      assert.include(yield* unblock({ reason: "Why not", ...options }), "Whom?");
      assert.strictEqual((yield* rowsOf("SELECT user_id FROM block")).length, 1);
    }).pipe(inWorld),
  );

  it.effect("wants a reason that can be seen, and a moderator", () =>
    Effect.gen(function* () {
      yield* refused("kick");
      assert.include(yield* unblock({ user_id: ROBIN, reason: "\u3164" }), "A reason is needed");
      assert.include(
        yield* unblock({ user_id: ROBIN, reason: "Please" }, member(NOAH)),
        "moderators with the reviewer role",
      );
      assert.strictEqual((yield* rowsOf("SELECT user_id FROM block")).length, 1);
    }).pipe(inWorld),
  );
});
