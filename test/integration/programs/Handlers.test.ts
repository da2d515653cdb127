import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType } from "discord.js";
import { Effect, TestClock } from "effect";
import { ApplicationId } from "../../../src/domain/Ids.js";
import type { Callback, Interaction } from "../../../src/layers/discord/Interaction.js";
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
import { askAll, inGuild } from "../../support/asking.js";
import {
  ANSWERS,
  command,
  member,
  NOAH,
  press,
  REVIEW_CHANNEL,
  reviewer,
  ROBIN,
  submit,
  userId,
} from "../../support/fixtures.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { formOf } from "../../support/limits.js";

const inWorld = inGuild();

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

describe("the form", () => {
  const filled = (text: string) => ANSWERS.map(({ question }): [string, string] => [fieldOf(question), text]);
  const send = (fields: ReadonlyArray<[string, string]>) =>
    submit(ApplyId.encode({ page: 0 }), member(), fields);

  it.effect("comes back with what was typed, when it was too short", () =>
    Effect.gen(function* () {
      yield* setUp();
      const [problem] = yield* askAll(
        send([
          ...filled("Long enough an answer.").slice(1),
          [fieldOf(ANSWERS[0]?.question ?? ""), "too short"],
        ]),
      );
      assert.include(textOf(problem), "at least 10 characters");
      const [form] = yield* askAll(press(VerifyId.encode({}), member()));
      const values = form?._tag === "Modal" ? formOf(form.modal).inputs.map(({ value }) => value) : [];
      assert.deepStrictEqual(values, ["too short", ...Array<string>(4).fill("Long enough an answer.")]);
      assert.deepStrictEqual(yield* rowsOf("SELECT status FROM application"), [{ status: "draft" }]);
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
      const [all, byCode, byName, none] = yield* askAll(
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
      const [percent, any, displayed] = yield* askAll(typing("50%_O"), typing("%"), typing("REX"));
      assert.deepStrictEqual(offered(percent).length, 1);
      assert.deepStrictEqual(offered(any).length, 1);
      assert.match(offered(displayed)[0] ?? "", /50%_off/);
      const [byHand] = yield* askAll(
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
      const [answer] = yield* askAll(typing(""));
      assert.strictEqual(offered(answer).length, 25);
      assert.isTrue(offered(answer).every((name, index) => name.startsWith(`#${codes[index] ?? ""}`)));
      assert.isTrue(offered(answer).every((name) => name.length <= 100));
    }).pipe(inWorld),
  );

  it.effect("are none for somebody who may not review", () =>
    Effect.gen(function* () {
      yield* applied;
      const [answer] = yield* askAll(typing("", member()));
      assert.deepStrictEqual(offered(answer), []);
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
        const [answer] = yield* askAll(press(id.encode({ application: gone }), reviewer()));
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
      const answers = yield* askAll(
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
