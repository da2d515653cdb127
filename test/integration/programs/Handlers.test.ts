import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType } from "discord.js";
import { Effect, Fiber, Layer, TestClock } from "effect";
import { ApplicationId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Callback, Interaction } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { ApplyId, fieldOf, VerifyId } from "../../../src/programs/views/Apply.js";
import { NO_REASON, REASON_FIELD, ReasonId } from "../../../src/programs/views/ReasonForm.js";
import {
  AcceptId,
  AnswersId,
  AvatarId,
  ClaimId,
  CopyUidId,
  PingId,
  RetryId,
  UnclaimId,
} from "../../../src/programs/views/CardButtons.js";
import { Gate } from "../../../src/services/Gate.js";
import { Reviews } from "../../../src/services/Reviews.js";
import {
  ANSWERS,
  command,
  GUILD,
  MAYA,
  member,
  NOAH,
  press,
  REVIEW_CHANNEL,
  reviewer,
  ROBIN,
  submit,
  userId,
} from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";
import { formOf } from "../../support/limits.js";

const inWorld = Effect.provide(CardHold.layer.pipe(Layer.provideMerge(services())));

/** Whoever the bot is, to everybody at once; and its first answers, in the order of the interactions. */
const ask = (...interactions: ReadonlyArray<Interaction>) =>
  Effect.gen(function* () {
    const route = Router.make(commands, components);
    const fiber = yield* Effect.fork(Effect.forEach(interactions, route, { concurrency: "unbounded" }));
    yield* TestClock.adjust("5 seconds");
    yield* Fiber.join(fiber);
    const fake = yield* DiscordFake;
    const calls = yield* fake.callsOf("respond");
    return interactions.map(
      ({ id }) =>
        calls.find(({ interaction }) => interaction.id === id)?.callback ?? assert.fail("no answer"),
    );
  });
const textOf = (callback: Callback | undefined) =>
  callback !== undefined && "payload" in callback ? (callback.payload.content ?? "") : "";

/** An application with its card in the review channel. */
const applied = Effect.gen(function* () {
  yield* setUp();
  const { id, code } = yield* apply();
  yield* rowsOf(
    `UPDATE application SET card_channel_id = '${REVIEW_CHANNEL}', card_message_id = '${REVIEW_CHANNEL}'`,
  );
  return { application: id, code };
});

describe("two moderators who press Claim in the same instant", () => {
  it.effect("one claims and sees the card redrawn, the other is told privately who was faster", () =>
    Effect.gen(function* () {
      const claim = ClaimId.encode({ application: (yield* applied).application });
      const answers = yield* ask(press(claim, reviewer(MAYA)), press(claim, reviewer(NOAH)));
      const kinds = answers.map(({ _tag }) => _tag).sort();
      assert.deepStrictEqual(kinds, ["Reply", "Update"]);
      const refused = answers.find(({ _tag }) => _tag === "Reply");
      assert.deepInclude(refused, { private: true });
      assert.match(textOf(refused), /is already claimed by <@\d+>/);
    }).pipe(inWorld),
  );
});

describe("the form", () => {
  const filled = (text: string) => ANSWERS.map(({ question }): [string, string] => [fieldOf(question), text]);
  const send = (fields: ReadonlyArray<[string, string]>) =>
    submit(ApplyId.encode({ page: 0 }), member(), fields);

  it.effect("comes back with what was typed, when it was too short", () =>
    Effect.gen(function* () {
      yield* setUp();
      const [problem] = yield* ask(
        send([
          ...filled("Long enough an answer.").slice(1),
          [fieldOf(ANSWERS[0]?.question ?? ""), "too short"],
        ]),
      );
      assert.include(textOf(problem), "at least 10 characters");
      const [form] = yield* ask(press(VerifyId.encode({}), member()));
      const values = form?._tag === "Modal" ? formOf(form.modal).inputs.map(({ value }) => value) : [];
      assert.deepStrictEqual(values, ["too short", ...Array<string>(4).fill("Long enough an answer.")]);
      assert.deepStrictEqual(yield* rowsOf("SELECT status FROM application"), [{ status: "draft" }]);
    }).pipe(inWorld),
  );

  it.effect("is taken once, when it is sent twice in the same instant", () =>
    Effect.gen(function* () {
      yield* setUp();
      const answers = yield* ask(
        send(filled("Long enough an answer.")),
        send(filled("Long enough an answer.")),
      );
      const texts = answers.map(textOf).sort();
      assert.match(texts[0] ?? "", /^Thank you! Your application \*\*#[0-9a-f]{6}\*\* is in/);
      assert.match(texts[1] ?? "", /^Your application \*\*#[0-9a-f]{6}\*\* is in and waiting/);
      assert.strictEqual((yield* rowsOf("SELECT id FROM application")).length, 1);
    }).pipe(inWorld),
  );
});

describe("the applications that a command offers", () => {
  const typing = (typed: string, actor = reviewer()): Interaction => {
    const { options: _, resolved: __, ...base } = command("accept", actor);
    return { ...base, _tag: "Autocomplete", focused: { name: "app", typed } };
  };
  const offered = (callback: Callback | undefined) =>
    callback?._tag === "Choices" ? callback.choices.map(({ name }) => name) : assert.fail("no choices");

  it.effect("are the open ones, by code or by name, longest waiting first", () =>
    Effect.gen(function* () {
      const { code } = yield* applied;
      const second = yield* apply(member(NOAH, { username: "noah" }));
      const [all, byCode, byName, none] = yield* ask(
        typing(""),
        typing(`#${code.slice(0, 5).toUpperCase()}`),
        typing("OAH"),
        typing("zzz"),
      );
      assert.deepStrictEqual(offered(all), [`#${code} robin (waiting)`, `#${second.code} noah (waiting)`]);
      assert.deepStrictEqual(offered(byCode), [`#${code} robin (waiting)`]);
      assert.deepStrictEqual(offered(byName), [`#${second.code} noah (waiting)`]);
      assert.deepStrictEqual(offered(none), []);
    }).pipe(inWorld),
  );

  it.effect("are found by name as it is written, and by nothing that only looks like a pattern", () =>
    Effect.gen(function* () {
      const { code } = yield* applied;
      yield* apply(member(NOAH, { username: "50%_off", displayName: "Rex" }));
      const [percent, any, displayed] = yield* ask(typing("50%_O"), typing("%"), typing("REX"));
      assert.deepStrictEqual(offered(percent).length, 1);
      assert.deepStrictEqual(offered(any).length, 1);
      assert.match(offered(displayed)[0] ?? "", /50%_off/);
      const [byHand] = yield* ask(
        command("unclaim", reviewer(), [["app", { type: ApplicationCommandOptionType.String, value: code }]]),
      );
      assert.include(textOf(byHand), `**#${code}** is not claimed`);
    }).pipe(inWorld),
  );

  it.effect("are at most twenty-five, the longest waiting, with names that Discord takes", () =>
    Effect.gen(function* () {
      yield* setUp();
      const codes: Array<string> = [];
      for (let n = 10; n < 40; n += 1) {
        codes.push((yield* apply(member(userId(n), { username: "x".repeat(200) }))).code);
        yield* TestClock.adjust("1 second");
      }
      const [answer] = yield* ask(typing(""));
      assert.strictEqual(offered(answer).length, 25);
      assert.isTrue(offered(answer).every((name, index) => name.startsWith(`#${codes[index] ?? ""}`)));
      assert.isTrue(offered(answer).every((name) => name.length <= 100));
    }).pipe(inWorld),
  );

  it.effect("are none for somebody who may not review", () =>
    Effect.gen(function* () {
      yield* applied;
      const [answer] = yield* ask(typing("", member()));
      assert.deepStrictEqual(offered(answer), []);
    }).pipe(inWorld),
  );
});

describe("a form for a reason that was opened a moment ago", () => {
  const moderator = { id: NOAH, admin: true, via: "command" } as const;
  const robins = { _tag: "Person", userId: ROBIN } as const;
  const meanwhile = {
    "was rejected": Effect.flatMap(Reviews, (reviews) =>
      reviews.decide(GUILD, robins, moderator, { kind: "reject", reason: "No" }),
    ),
    "was claimed by somebody else": Effect.flatMap(Reviews, (reviews) =>
      reviews.claim(GUILD, robins, moderator),
    ),
    "was withdrawn": Effect.flatMap(Gate, (gate) => gate.memberLeft(GUILD, ROBIN)),
  };
  const send = (application: ApplicationId, actor = reviewer()) =>
    submit(ReasonId.encode({ kind: "kick", application }), actor, [[REASON_FIELD, "Spam"]]);
  const state = rowsOf("SELECT status, claimed_by, version FROM application");

  it.effect.each([
    ["was rejected", "is rejected already. Nothing was changed."],
    ["was claimed by somebody else", "Only they can decide about it"],
    ["was withdrawn", "is withdrawn already. Nothing was changed."],
  ] as const)("changes nothing when the application %s meanwhile, and says so", ([what, words]) =>
    Effect.gen(function* () {
      const { application } = yield* applied;
      yield* meanwhile[what];
      const before = yield* state;
      const [answer] = yield* ask(send(application));
      assert.include(textOf(answer), words);
      assert.deepStrictEqual(yield* state, before);
      assert.deepStrictEqual(yield* rowsOf("SELECT user_id FROM block"), []);
    }).pipe(inWorld),
  );

  it.effect("changes nothing when the moderator has lost the role meanwhile", () =>
    Effect.gen(function* () {
      const { application } = yield* applied;
      const before = yield* state;
      const [answer] = yield* ask(send(application, member(MAYA)));
      assert.strictEqual(textOf(answer), "This is for moderators with the reviewer role.");
      assert.deepStrictEqual(yield* state, before);
    }).pipe(inWorld),
  );
});

describe("two moderators who press Accept in the same instant", () => {
  it.effect("one accepts, the other is told, and what follows is planned once", () =>
    Effect.gen(function* () {
      const { application } = yield* applied;
      const id = AcceptId.encode({ application });
      const answers = yield* ask(press(id, reviewer(MAYA)), press(id, reviewer(NOAH)));
      assert.strictEqual(
        answers.filter((answer) => textOf(answer).includes("is approved already")).length,
        1,
      );
      assert.strictEqual((yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'GrantRole'")).length, 1);
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'approve'")).length, 1);
    }).pipe(inWorld),
  );
});

describe("a button of an application that is not there", () => {
  it.effect.each([CopyUidId, AvatarId, AnswersId, PingId, ClaimId, AcceptId, UnclaimId, RetryId])(
    "is answered with words: $name",
    (id) =>
      Effect.gen(function* () {
        yield* setUp({ unverifiedChannelId: REVIEW_CHANNEL });
        const gone = ApplicationId.make("0".repeat(26));
        const [answer] = yield* ask(press(id.encode({ application: gone }), reviewer()));
        assert.include(textOf(answer), "There is no application for this card in this server.");
      }).pipe(inWorld),
  );
});

describe("a reason that nobody can see", () => {
  const BLANK = "\u3164\u2800 \u200d";
  const option = (value: string) => ({ type: ApplicationCommandOptionType.String, value });

  it.effect("is none: not in the form, not in a command", () =>
    Effect.gen(function* () {
      const { application, code } = yield* applied;
      const answers = yield* ask(
        submit(ReasonId.encode({ kind: "kick", application }), reviewer(), [[REASON_FIELD, BLANK]]),
        ...["reject", "kick"].map((name) =>
          command(name, reviewer(), [
            ["app", option(code)],
            ["reason", option(BLANK)],
          ]),
        ),
      );
      assert.deepStrictEqual(answers.map(textOf), [NO_REASON, NO_REASON, NO_REASON]);
      assert.deepStrictEqual(yield* rowsOf("SELECT user_id, status FROM application"), [
        { userId: ROBIN, status: "pending" },
      ]);
    }).pipe(inWorld),
  );
});
