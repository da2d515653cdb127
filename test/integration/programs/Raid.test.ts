import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, TestClock } from "effect";
import type { ChannelId, UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction, MessagePayload } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { ApplyId, fieldOf, VerifyId } from "../../../src/programs/views/Apply.js";
import { Gate } from "../../../src/services/Gate.js";
import { Raid } from "../../../src/services/Raid.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import {
  ANSWERS,
  command,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  NOAH,
  press,
  REVIEW_CHANNEL,
  reviewer,
  ROBIN,
  settings,
  submit,
  userId,
} from "../../support/fixtures.js";
import { apply, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const admin = member(MAYA, { permissions: 1n << 5n });
const panic = (what: "on" | "off" | "status", by = admin) => command("panic", by, [], what);

/** What the bot answers privately to one interaction. */
const ask = (interaction: Interaction) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(Router.make(commands, components)(interaction));
    yield* TestClock.adjust("5 seconds");
    yield* Fiber.join(fiber);
    const calls = yield* Effect.flatMap(DiscordFake, (fake) => fake.callsOf("respond"));
    const callback = calls.find((call) => call.interaction.id === interaction.id)?.callback;
    return callback?._tag === "Reply" && callback.private ? (callback.payload.content ?? "") : "";
  });

const titlesIn = (channel: ChannelId) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.messages(channel)),
    (messages) => messages.map(({ payload }) => payload.embeds?.[0]?.title ?? ""),
  );
const textIn = (channel: ChannelId) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.messages(channel)),
    (messages) =>
      messages.map(({ payload }: { payload: MessagePayload }) => payload.embeds?.[0]?.description ?? ""),
  );
const join = (id: UserId) =>
  Effect.flatMap(Gate, (gate) => gate.membersJoined(GUILD, [{ userId: id, joinedAt: null }]));
const names = Effect.map(rowsOf("SELECT name, actor, reason FROM action_log ORDER BY seq"), (rows) =>
  rows.filter(({ name }) => String(name).startsWith("panic")),
);

const CLOSED = "Panic mode is on: the gate is closed";
const OPEN = "Panic mode is over: the gate is open";

describe("panic mode", () => {
  it.effect("closes the gate with a word to whoever presses Verify, and opens it again", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        assert.include(yield* run(ask(panic("on"))), "**Panic mode is on.** The gate is closed");
        assert.include(
          yield* run(ask(press(VerifyId.encode({}), member()))),
          "takes no applications for the moment",
        );
        const refused = yield* run(Effect.flip(apply()));
        assert.strictEqual(refused._tag, "GateClosed");
        assert.include(yield* run(ask(panic("off"))), "**Panic mode is off.** The gate is open");
        yield* run(apply());
        assert.deepStrictEqual(yield* names, [
          { name: "panic_on", actor: MAYA, reason: null },
          { name: "panic_off", actor: MAYA, reason: null },
        ]);
      }),
    ),
  );

  it.effect("keeps what somebody typed whose form was open when it began", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        const typed = ANSWERS.map(({ question, text }) => [fieldOf(question), text] as const);
        yield* run(ask(panic("on")));
        const words = yield* run(ask(submit(ApplyId.encode({ page: 0 }), member(), typed)));
        assert.include(words, "takes no applications for the moment. What you typed is kept.");
        assert.deepStrictEqual(yield* rowsOf("SELECT status, answers FROM application"), [
          { status: "draft", answers: JSON.stringify(ANSWERS) },
        ]);
        yield* run(ask(panic("off")));
        const { draft } = yield* run(Effect.flatMap(Gate, (gate) => gate.invite(GUILD, member())));
        assert.deepStrictEqual(draft, ANSWERS);
      }),
    ),
  );

  it.effect("is for admins, is switched once, and waits for a set-up", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        assert.include(yield* run(ask(panic("on"))), "is not set up yet");
        yield* run(setUp());
        assert.strictEqual(
          yield* run(ask(panic("on", reviewer(NOAH)))),
          "This is for admins of this server.",
        );
        assert.include(yield* run(ask(panic("off"))), "off already");
        const raid = yield* run(Raid);
        const both = yield* Effect.all([raid.panicOn(GUILD, MAYA), raid.panicOn(GUILD, NOAH)], {
          concurrency: "unbounded",
        });
        assert.deepStrictEqual([...both].sort(), [false, true]);
        assert.include(yield* run(ask(panic("on"))), "on already");
        assert.strictEqual((yield* names).length, 1);
      }),
    ),
  );

  it.effect("puts one digest in place of new cards, also after a restart; at its end the cards appear", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* startBot;
        yield* first.run(setUp());
        // They apply in the moment before: the outbox has not come to their cards yet.
        for (const n of [21, 22, 23]) {
          yield* first.run(apply(member(userId(n), { username: `raider${n}` })));
        }
        yield* first.run(Effect.flatMap(Raid, (raid) => raid.panicOn(GUILD, MAYA)));
        yield* rested;
        yield* TestClock.adjust("5 seconds");
        yield* rested;
        assert.deepStrictEqual(yield* titlesIn(REVIEW_CHANNEL), [CLOSED]);
        assert.include((yield* textIn(REVIEW_CHANNEL))[0], "**3** applications are waiting.");
        yield* first.kill;

        const second = yield* startBot;
        assert.include(yield* second.run(ask(panic("status"))), "**Panic mode is on** since");
        yield* second.run(Effect.flatMap(Gate, (gate) => gate.memberLeft(GUILD, userId(21))));
        yield* TestClock.adjust("5 seconds");
        yield* rested;
        assert.deepStrictEqual(yield* titlesIn(REVIEW_CHANNEL), [CLOSED]);
        assert.include((yield* textIn(REVIEW_CHANNEL))[0], "**2** applications are waiting.");

        yield* second.run(Effect.flatMap(Raid, (raid) => raid.panicOff(GUILD, MAYA)));
        yield* rested;
        const titles = yield* titlesIn(REVIEW_CHANNEL);
        assert.strictEqual(titles.length, 3);
        assert.strictEqual(titles[0], OPEN);
        assert.isTrue(titles.slice(1).every((title) => title.startsWith("Application #")));
      }),
    ),
  );

  it.effect("redraws the digest once for many changes", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        const raid = yield* run(Raid);
        yield* raid.panicOn(GUILD, MAYA);
        yield* rested;
        for (let n = 0; n < 20; n += 1) yield* raid.redrawDigest(GUILD);
        assert.strictEqual(
          (yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawDigest' AND state = 'waiting'"))
            .length,
          1,
        );
      }),
    ),
  );
});

describe("a wave of joins", () => {
  const waved = (changes: Parameters<typeof settings>[0]) =>
    Effect.flatMap(SettingsRepo, (repo) => repo.put(settings({ loggingChannelId: LOG_CHANNEL, ...changes })));
  const alerts = Effect.map(titlesIn(LOG_CHANNEL), (all) =>
    all.filter((title) => title === "Many people are joining"),
  );

  it.effect("raises one alert for all of it, and another for the next one", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(waved({ joinWavePerMinute: 3 }));
        for (let n = 0; n < 2; n += 1) yield* run(join(userId(30 + n)));
        yield* rested;
        assert.strictEqual((yield* alerts).length, 0);
        for (let n = 2; n < 9; n += 1) yield* run(join(userId(30 + n)));
        yield* rested;
        assert.strictEqual((yield* alerts).length, 1);
        assert.isFalse(yield* run(Effect.flatMap(Raid, (raid) => raid.isPanicking(GUILD))));
        yield* TestClock.adjust("6 minutes");
        for (let n = 9; n < 12; n += 1) yield* run(join(userId(30 + n)));
        yield* rested;
        assert.strictEqual((yield* alerts).length, 2);
      }),
    ),
  );

  it.effect("is none when the same number comes over more than a minute, or nobody wants to know", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(waved({ joinWavePerMinute: 3 }));
        for (let n = 0; n < 6; n += 1) {
          yield* run(join(userId(50 + n)));
          yield* TestClock.adjust("31 seconds");
        }
        yield* run(waved({ joinWavePerMinute: 0 }));
        for (let n = 6; n < 12; n += 1) yield* run(join(userId(50 + n)));
        yield* rested;
        assert.strictEqual((yield* alerts).length, 0);
      }),
    ),
  );

  it.effect("turns panic mode on by itself where that is wanted, in the name of the bot", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(waved({ joinWavePerMinute: 2, joinWavePanic: true }));
        yield* run(join(ROBIN));
        yield* run(join(NOAH));
        assert.isTrue(yield* run(Effect.flatMap(Raid, (raid) => raid.isPanicking(GUILD))));
        assert.deepStrictEqual(yield* names, [
          { name: "panic_on", actor: "system", reason: "2 joins within a minute" },
        ]);
        yield* rested;
        assert.include((yield* titlesIn(REVIEW_CHANNEL))[0], CLOSED);
        assert.isTrue((yield* textIn(LOG_CHANNEL)).some((text) => text.includes("until an admin opens it")));
      }),
    ),
  );
});
