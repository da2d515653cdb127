import { assert, describe, it } from "@effect/vitest";
import { Effect, Redacted, Schema } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Command from "../../../src/programs/kit/Command.js";
import * as Component from "../../../src/programs/kit/Component.js";
import * as CustomId from "../../../src/programs/kit/CustomId.js";
import { passwordOf } from "../../../src/programs/kit/Password.js";
import { Modal, Private } from "../../../src/programs/kit/Reply.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { CONFIRM_FIELD, PASSWORD_FIELD, passwordForm } from "../../../src/programs/views/PasswordForm.js";
import { command, member, submit } from "../../support/fixtures.js";
import { handle, told } from "../../support/layers-router.js";
import { formOf, modalProblems } from "../../support/limits.js";
import { rowsOf, services } from "../../support/layers.js";

const inWorld = Effect.provide(services({ resetPassword: Redacted.make("open sesame") }));

const Id = CustomId.make("erase", Schema.Struct({}));
const FORM = passwordForm({
  customId: Id.encode({}),
  title: "Erase everything?",
  warning: "All of it will be **gone**.",
  word: "ERASE",
});
const route = Router.make(
  [
    Command.make({
      name: "erase",
      description: "Erases",
      rung: "everyone",
      opensModal: true,
      options: {},
      handler: () => Effect.succeed(Modal(FORM)),
    }),
  ],
  [
    Component.modal(Id, {
      rung: "everyone",
      answers: "private",
      handler: (input) =>
        Effect.map(passwordOf(input, { purpose: "erase", word: "ERASE" }), ({ password }) =>
          Private(`Erased, the password was ${String(password)}.`),
        ),
    }),
  ],
);
const send = (word: string, password: string) =>
  Effect.gen(function* () {
    yield* handle(
      route,
      submit(Id.encode({}), member(), [
        [CONFIRM_FIELD, word],
        [PASSWORD_FIELD, password],
      ]),
    );
    return (yield* told).at(-1)?.[2] ?? "";
  });

describe("a command that asks for the password", () => {
  it.effect("opens a form, and says in it what will happen", () =>
    Effect.gen(function* () {
      yield* handle(route, command("erase", member()));
      const fake = yield* DiscordFake;
      const [call] = yield* fake.callsOf("respond");
      assert.deepStrictEqual(call?.callback, { _tag: "Modal", modal: FORM });
      assert.deepStrictEqual(modalProblems(FORM), []);
      assert.deepStrictEqual(formOf(FORM).shown.slice(0, 2), ["All of it will be **gone**.", "Type ERASE"]);
    }).pipe(inWorld),
  );

  it.effect("does what it says for the word and the password", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* send(" ERASE ", "open sesame"), "Erased, the password was given.");
    }).pipe(inWorld),
  );

  it.effect("refuses another word before it looks at the password", () =>
    Effect.gen(function* () {
      assert.include(yield* send("erase", "guess"), "type **ERASE**");
      assert.deepStrictEqual(yield* rowsOf("SELECT name FROM action_log"), []);
    }).pipe(inWorld),
  );

  it.effect("refuses another password, and says how many tries are left", () =>
    Effect.gen(function* () {
      assert.include(yield* send("ERASE", "guess"), "4 tries are left");
    }).pipe(inWorld),
  );
});
