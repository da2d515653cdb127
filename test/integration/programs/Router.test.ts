import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { Modal, Private, Update } from "../../../src/programs/kit/Reply.js";
import { member, submit } from "../../support/fixtures.js";
import { services } from "../../support/layers.js";
import { after, ask, theButton, THING_ID, told } from "../../support/layers-router.js";

const inWorld = Effect.provide(services());
const FORM = { custom_id: THING_ID, title: "A form", components: [] };

describe("an answer in time", () => {
  it.effect("of a command is a private reply", () =>
    Effect.gen(function* () {
      yield* ask({ handler: after(1_400, Private("Done.")) });
      assert.deepStrictEqual(yield* told, [[1_400, "Reply privately", "Done."]]);
    }).pipe(inWorld),
  );

  it.effect("of a button redraws its message", () =>
    Effect.gen(function* () {
      yield* ask({ handler: Effect.succeed(Update({ content: "Drawn." })) }, theButton());
      assert.deepStrictEqual(yield* told, [[0, "Update", "Drawn."]]);
    }).pipe(inWorld),
  );

  it.effect("may be followed by what is known later, in its place", () =>
    Effect.gen(function* () {
      const later = Effect.as(Effect.sleep("5 seconds"), { content: "All done." });
      yield* ask({ handler: Effect.succeed(Private("Working.", later)) });
      assert.deepStrictEqual(yield* told, [
        [0, "Reply privately", "Working."],
        [5_000, "editResponse", "All done."],
      ]);
    }).pipe(inWorld),
  );
});

describe("an answer that takes more than a second and a half", () => {
  it.effect("of a command is deferred privately, and put in its place", () =>
    Effect.gen(function* () {
      yield* ask({ handler: after(10_000, Private("At last.")) });
      assert.deepStrictEqual(yield* told, [
        [1_500, "Defer privately", ""],
        [10_000, "editResponse", "At last."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("of a button is deferred silently, and redraws its message", () =>
    Effect.gen(function* () {
      yield* ask({ handler: after(2_000, Update({ content: "Drawn." })) }, theButton());
      assert.deepStrictEqual(yield* told, [
        [1_500, "DeferUpdate", ""],
        [2_000, "editResponse", "Drawn."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("of a button that has only something to say says it privately, and leaves the message", () =>
    Effect.gen(function* () {
      yield* ask({ handler: after(2_000, Private("No.")) }, theButton());
      assert.deepStrictEqual(yield* told, [
        [1_500, "DeferUpdate", ""],
        [2_000, "followUp", "No."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("of a form that answers privately is a private 'thinking', and put in its place", () =>
    Effect.gen(function* () {
      const form = submit(THING_ID, member(), []);
      yield* ask({ answers: "private", handler: after(2_000, Private("Thank you.")) }, form);
      assert.deepStrictEqual(yield* told, [
        [1_500, "Defer privately", ""],
        [2_000, "editResponse", "Thank you."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("waits for what is known later, and shows only that", () =>
    Effect.gen(function* () {
      const later = Effect.as(Effect.sleep("5 seconds"), { content: "All done." });
      yield* ask({ handler: after(2_000, Private("Working.", later)) });
      assert.deepStrictEqual((yield* told).slice(1), [[7_000, "editResponse", "All done."]]);
    }).pipe(inWorld),
  );

  it.effect("and never comes is given up after a minute, and what it held is released", () =>
    Effect.gen(function* () {
      let released = false;
      const release = Effect.sync(() => (released = true));
      yield* ask({
        handler: Effect.zipRight(
          Effect.addFinalizer(() => release),
          Effect.never,
        ),
      });
      assert.deepStrictEqual((yield* told).slice(1), [
        [60_000, "editResponse", "This took too long. Please try again."],
      ]);
      assert.isTrue(released);
    }).pipe(inWorld),
  );
});

describe("a button that opens a form", () => {
  const opens = (millis: number) => ({ opensModal: true, handler: after(millis, Modal(FORM)) });

  it.effect("is never deferred: Discord takes a form only as a first answer", () =>
    Effect.gen(function* () {
      yield* ask(opens(2_000), theButton());
      assert.deepStrictEqual(yield* told, [[2_000, "Modal", ""]]);
    }).pipe(inWorld),
  );

  it.effect("says so in time when it cannot make it in time", () =>
    Effect.gen(function* () {
      yield* ask(opens(10_000), theButton());
      assert.deepStrictEqual(yield* told, [
        [2_600, "Reply privately", "This took too long. Please try again."],
      ]);
    }).pipe(inWorld),
  );
});
