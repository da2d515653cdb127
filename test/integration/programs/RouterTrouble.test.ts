import { assert, describe, it } from "@effect/vitest";
import { Effect, Logger, LogLevel } from "effect";
import { Blocked } from "../../../src/domain/Gate.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { InteractionGone } from "../../../src/layers/discord/Errors.js";
import type { Interaction } from "../../../src/layers/discord/Interaction.js";
import type { Handled } from "../../../src/programs/kit/Handler.js";
import { Private, Update } from "../../../src/programs/kit/Reply.js";
import { traceOf } from "../../../src/programs/kit/Router.js";
import { command, member, press, reviewer, submit } from "../../support/fixtures.js";
import { services, setUp } from "../../support/layers.js";
import {
  after,
  ask,
  handle,
  type Line,
  logTo,
  routerFor,
  theButton,
  theCommand,
  THING_ID,
  told,
} from "../../support/layers-router.js";

const inWorld = Effect.provide(services());
const DONE = Effect.succeed(Private("Done."));
const broken = (what: string) => Effect.dieMessage(what);

describe("an interaction that is delivered twice", () => {
  it.effect("is handled once, also while the first is still being handled", () =>
    Effect.gen(function* () {
      let times = 0;
      const handler = Effect.zipRight(
        Effect.sync(() => (times += 1)),
        after(1_000, Private("Done.")),
      );
      const route = routerFor({ handler });
      const interaction = theCommand();
      yield* Effect.all([handle(route, interaction), route(interaction)], { concurrency: "unbounded" });
      yield* route(interaction);
      assert.strictEqual(times, 1);
      assert.deepStrictEqual(yield* told, [[1_000, "Reply privately", "Done."]]);
      yield* handle(route, theCommand());
      assert.strictEqual(times, 2);
    }).pipe(inWorld),
  );
});

describe("what the bot does not know", () => {
  it.effect.each([
    ["a button of an older version", press("v0:thing:1", member()), "older version"],
    ["another bot's button", press("accept_1234", member()), "older version"],
    ["a button with nothing in it", press("", member()), "older version"],
    ["a button that was removed", press("v1:gone:1", member()), "older version"],
    ["a button with other values", press("v1:thing:one", member()), "older version"],
    ["a button with more values", press("v1:thing:1:2", member()), "older version"],
    ["a form that was removed", submit("v1:gone", member(), []), "older version"],
    ["a command that was removed", command("gone", member()), "has changed"],
    ["a subcommand that was removed", command("thing", member(), [], "gone"), "has changed"],
  ] as const)("%s gets a polite private answer", ([, interaction, words]) =>
    Effect.gen(function* () {
      yield* ask({ handler: broken("must not run") }, interaction);
      const [[time, how, text] = assert.fail("no answer"), ...more] = yield* told;
      assert.deepStrictEqual([time, how, more.length], [0, "Reply privately", 0]);
      assert.include(text, words);
    }).pipe(inWorld),
  );
});

describe("the guard", () => {
  it.effect("denies privately, says which rung was needed, and nothing runs", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* ask({ rung: "reviewer", handler: broken("must not run") });
      assert.deepStrictEqual(yield* told, [
        [0, "Reply privately", "This is for moderators with the reviewer role."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("guards buttons and forms like commands", () =>
    Effect.gen(function* () {
      yield* setUp();
      for (const interaction of [theButton(), submit(THING_ID, member(), [])]) {
        yield* ask({ rung: "reviewer", handler: broken("must not run") }, interaction);
      }
      assert.deepStrictEqual(
        (yield* told).map(([, how]) => how),
        ["Reply privately", "Reply privately"],
      );
    }).pipe(inWorld),
  );

  it.effect("lets through whoever stands on the rung", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* ask({ rung: "reviewer", handler: DONE }, theCommand(reviewer()));
      assert.deepStrictEqual(yield* told, [[0, "Reply privately", "Done."]]);
    }).pipe(inWorld),
  );

  it.effect("lets nobody but admins review where no reviewer role is set", () =>
    Effect.gen(function* () {
      yield* setUp({ reviewerRoleId: null });
      yield* ask({ rung: "reviewer", handler: DONE }, theCommand(reviewer()));
      yield* ask({ rung: "reviewer", handler: DONE }, theCommand(member(undefined, { permissions: 0x20n })));
      assert.deepStrictEqual(
        (yield* told).map(([, , text]) => text),
        ["This is for moderators with the reviewer role.", "Done."],
      );
    }).pipe(inWorld),
  );

  it.effect("lets nothing run in direct messages", () =>
    Effect.gen(function* () {
      yield* ask({ handler: broken("must not run") }, { ...theCommand(), guildId: null });
      assert.include((yield* told)[0]?.[2], "works in a server only");
    }).pipe(inWorld),
  );
});

/** What is told and logged of an interaction that goes wrong. */
const trouble = (handler: Handled<never>, interaction: Interaction = theCommand()) =>
  Effect.gen(function* () {
    const lines: Array<Line> = [];
    yield* ask({ handler }, interaction).pipe(
      Effect.provide(logTo(lines)),
      Logger.withMinimumLogLevel(LogLevel.Debug),
    );
    return { answers: yield* told, trace: traceOf(interaction), lines };
  });
const ofLevel = (lines: ReadonlyArray<Line>, level: Line["level"]) =>
  lines.filter((line) => line.level === level);

describe("a handler that goes wrong", () => {
  it.effect("with something people can act on says so, and is no error", () =>
    Effect.gen(function* () {
      const { answers, lines } = yield* trouble(new Blocked());
      assert.include(answers[0]?.[2], "You cannot apply to this server any more.");
      assert.deepStrictEqual(ofLevel(lines, "Error"), []);
    }).pipe(inWorld),
  );

  it.effect("unforeseen gets an apology with a trace id, under which the log has the cause", () =>
    Effect.gen(function* () {
      const { answers, trace, lines } = yield* trouble(broken("the cat is on the keyboard"));
      assert.strictEqual(answers.length, 1);
      assert.include(answers[0]?.[2], `\`${trace}\``);
      assert.notInclude(answers[0]?.[2], "keyboard");
      const errors = ofLevel(lines, "Error");
      assert.strictEqual(errors.length, 1);
      assert.include(errors[0]?.text, trace);
      assert.include(errors[0]?.text, "the cat is on the keyboard");
    }).pipe(inWorld),
  );

  it.effect("unforeseen after it was deferred gets the apology too", () =>
    Effect.gen(function* () {
      const { answers, trace } = yield* trouble(Effect.zipRight(Effect.sleep(5_000), broken("late")));
      assert.deepStrictEqual(answers[0], [1_500, "Defer privately", ""]);
      assert.include(answers[1]?.[2], `\`${trace}\``);
    }).pipe(inWorld),
  );

  it.effect("after its first answer leaves that answer, and the log has the cause", () =>
    Effect.gen(function* () {
      const { answers, trace, lines } = yield* trouble(Effect.succeed(Private("Decided.", broken("later"))));
      assert.deepStrictEqual(answers, [[0, "Reply privately", "Decided."]]);
      assert.include(ofLevel(lines, "Error")[0]?.text, trace);
      assert.include(ofLevel(lines, "Error")[0]?.text, "later");
    }).pipe(inWorld),
  );

  it.effect("after it was deferred still says what is known", () =>
    Effect.gen(function* () {
      const { answers } = yield* trouble(after(2_000, Private("Decided.", broken("later"))));
      assert.deepStrictEqual(answers.slice(1), [[2_000, "editResponse", "Decided."]]);
    }).pipe(inWorld),
  );

  it.effect("once its message is drawn is logged", () =>
    Effect.gen(function* () {
      const { answers, lines } = yield* trouble(
        Effect.succeed(Update({ content: "Drawn." }, broken("afterwards"))),
        theButton(),
      );
      assert.deepStrictEqual(answers, [[0, "Update", "Drawn."]]);
      assert.include(ofLevel(lines, "Error")[0]?.text, "afterwards");
    }).pipe(inWorld),
  );

  it.effect("because Discord did not take the answer is a warning, and no error", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* fake.script("respond", { _tag: "Refused", error: new InteractionGone({ code: 10062 }) });
      const { lines } = yield* trouble(DONE);
      assert.strictEqual(ofLevel(lines, "Warning").length, 1);
      assert.deepStrictEqual(ofLevel(lines, "Error"), []);
    }).pipe(inWorld),
  );
});
