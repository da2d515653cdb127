import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable } from "../../../src/layers/discord/Errors.js";
import { Pings } from "../../../src/services/Pings.js";
import { Raid } from "../../../src/services/Raid.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { GENERAL_CHANNEL, GUILD, MAYA, member, MINUTE, NOW, ROBIN, userId } from "../../support/fixtures.js";
import { apply, eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const robins = { _tag: "Person", userId: ROBIN } as const;
const ping = (reference: { readonly _tag: "Person"; readonly userId: typeof ROBIN } = robins) =>
  Effect.flatMap(Pings, (pings) => pings.ping(GUILD, reference, { id: MAYA, via: "press" }));
const standing = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(GENERAL_CHANNEL)),
  (messages) => messages.map(({ payload }) => payload),
);
/** The general channel is the unverified one here. */
const applied = Effect.gen(function* () {
  const bot = yield* startBot;
  yield* bot.run(Effect.all([setUp({ unverifiedChannelId: GENERAL_CHANNEL }), apply(), rested]));
  return bot;
});
const posted = eventually(
  "the ping stands",
  Effect.map(standing, (messages) => messages.length === 1),
);
const endPlanned = eventually(
  "the end is planned",
  Effect.map(rowsOf("SELECT id FROM side_effect WHERE kind = 'DeleteMessage'"), (rows) => rows.length === 1),
);
const TIME_IS_UP = `UPDATE side_effect SET not_before = ${NOW} WHERE kind = 'DeleteMessage'`;
const waiting = rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting'");

describe("a ping in the unverified channel", () => {
  it.effect("mentions the applicant alone, is logged, and goes away after ten minutes", () =>
    Effect.gen(function* () {
      const { run } = yield* applied;
      yield* run(ping());
      yield* posted;
      const [message] = yield* standing;
      assert.include(message?.content, `<@${ROBIN}>`);
      assert.deepStrictEqual(message?.pings, [ROBIN]);
      const rows = yield* rowsOf("SELECT actor, target, details FROM action_log WHERE name = 'send'");
      assert.deepInclude(rows[0], { actor: MAYA, target: ROBIN });
      yield* endPlanned;
      const [end] = yield* rowsOf(
        "SELECT not_before - created_at AS after FROM side_effect WHERE kind = 'DeleteMessage'",
      );
      assert.strictEqual(end?.["after"], 10 * MINUTE);
      yield* rowsOf(TIME_IS_UP);
      yield* rested;
      assert.deepStrictEqual(yield* standing, []);
      assert.deepStrictEqual(yield* waiting, []);
    }).pipe(inWorld),
  );

  it.effect("goes away also when the bot died in the meantime", () =>
    Effect.gen(function* () {
      const first = yield* applied;
      yield* first.run(ping());
      yield* posted;
      yield* endPlanned;
      yield* first.kill;
      yield* TestClock.adjust("1 hour");
      assert.strictEqual((yield* standing).length, 1);
      const second = yield* startBot;
      yield* second.run(rested);
      assert.deepStrictEqual(yield* standing, []);
    }).pipe(inWorld),
  );

  it.effect("comes once, also when Discord's answer was lost", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* applied;
      yield* fake.script("sendMessage", {
        _tag: "AnswerLost",
        error: new DiscordUnavailable({ detail: "Discord answered 502" }),
      });
      yield* run(ping());
      yield* TestClock.adjust("5 seconds");
      assert.strictEqual((yield* standing).length, 1);
      yield* rowsOf(TIME_IS_UP);
      yield* rested;
      assert.deepStrictEqual(yield* standing, []);
    }).pipe(inWorld),
  );

  it.effect("is refused while the last one stands, also in the same instant", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* applied;
      const [one, other] = yield* run(
        Effect.all([Effect.either(ping()), Effect.either(ping())], { concurrency: "unbounded" }),
      );
      assert.deepStrictEqual([one._tag, other._tag].sort(), ["Left", "Right"]);
      const refused = yield* run(Effect.flip(ping()));
      assert.strictEqual(refused._tag, "PingedRecently");
      yield* kill;
      yield* TestClock.adjust("10 minutes");
      yield* run(ping());
    }).pipe(inWorld),
  );

  it.effect("is refused while panic mode is on: nobody could do anything about it", () =>
    Effect.gen(function* () {
      const { run } = yield* applied;
      yield* run(Effect.flatMap(Raid, (raid) => raid.panicOn(GUILD, MAYA)));
      assert.strictEqual((yield* run(Effect.flip(ping())))._tag, "PingsPaused");
      yield* run(Effect.flatMap(Raid, (raid) => raid.panicOff(GUILD, MAYA)));
      yield* run(ping());
      yield* posted;
    }).pipe(inWorld),
  );

  it.effect("is refused where no such channel is set, and nothing is logged", () =>
    Effect.gen(function* () {
      const { run } = yield* startBot;
      yield* run(Effect.all([setUp(), apply(), rested]));
      assert.strictEqual((yield* run(Effect.flip(ping())))._tag, "NoUnverifiedChannel");
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'send'"), []);
    }).pipe(inWorld),
  );

  it.effect("is refused when the person is gone, or the application is not open", () =>
    Effect.gen(function* () {
      const { run } = yield* applied;
      const stranger = userId(77);
      yield* run(apply(member(stranger)));
      const left = yield* run(Effect.flip(ping({ _tag: "Person", userId: stranger })));
      assert.strictEqual(left._tag, "ApplicantLeft");
      const reviews = yield* run(Reviews);
      yield* run(
        reviews.decide(
          GUILD,
          robins,
          { id: MAYA, admin: false, via: "command" },
          { kind: "approve", reason: null },
        ),
      );
      assert.strictEqual((yield* run(Effect.flip(ping())))._tag, "IllegalTransition");
    }).pipe(inWorld),
  );

  it.effect("that waited until the application was decided is not posted any more", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const { run } = yield* applied;
      yield* fake.script("sendMessage", {
        _tag: "Refused",
        error: new DiscordUnavailable({ detail: "Discord answered 502" }),
      });
      const { id } = yield* run(ping());
      const reviews = yield* run(Reviews);
      yield* run(
        reviews.decide(
          GUILD,
          robins,
          { id: MAYA, admin: false, via: "command" },
          { kind: "reject", reason: "No" },
        ),
      );
      yield* rested;
      assert.deepStrictEqual(yield* standing, []);
      assert.deepStrictEqual(yield* rowsOf(`SELECT outcome FROM side_effect WHERE id = '${id}'`), [
        { outcome: "not_needed" },
      ]);
    }).pipe(inWorld),
  );
});
