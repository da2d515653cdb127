import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { AutocompleteInteraction, Choice } from "../../../src/layers/discord/Interaction.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Command from "../../../src/programs/kit/Command.js";
import * as Options from "../../../src/programs/kit/Options.js";
import { Private } from "../../../src/programs/kit/Reply.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { command, member, reviewer } from "../../support/fixtures.js";
import { services, setUp } from "../../support/layers.js";
import { handle, type Line, logTo } from "../../support/layers-router.js";

const inWorld = Effect.provide(services());

const thing = (offer: Effect.Effect<ReadonlyArray<Choice>>) =>
  Command.make({
    name: "thing",
    description: "A thing",
    rung: "reviewer",
    options: {
      which: Options.optional(Options.string({ description: "Which one", autocomplete: () => offer })),
      where: Options.optional(Options.string({ description: "Where" })),
    },
    handler: () => Effect.succeed(Private("Done.")),
  });

const typing = (option = "which", actor = reviewer(), name = "thing"): AutocompleteInteraction => {
  const { options: _, resolved: __, ...base } = command(name, actor);
  return { ...base, _tag: "Autocomplete", focused: { name: option, typed: "a" } };
};

/** What is offered, and what the log says about it. */
const offered = (offer: Effect.Effect<ReadonlyArray<Choice>>, interaction = typing()) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const lines: Array<Line> = [];
    yield* setUp();
    yield* handle(Router.make<never, never>([thing(offer)], []), interaction).pipe(
      Effect.provide(logTo(lines)),
    );
    const calls = yield* fake.callsOf("respond");
    assert.strictEqual(calls.length, 1);
    const callback = calls[0]?.callback;
    if (callback?._tag !== "Choices") return assert.fail("no choices");
    return { choices: callback.choices, warnings: lines.filter(({ level }) => level === "Warning") };
  });

const FINE = Effect.succeed([{ name: "One", value: "1" }]);

describe("what is offered while somebody types", () => {
  it("is announced in the definition of that option alone", () => {
    const options = thing(FINE).definition.options ?? [];
    assert.deepStrictEqual(
      options.map((option) => [option.name, "autocomplete" in option]),
      [
        ["which", true],
        ["where", false],
      ],
    );
  });

  it.effect("is what the option says", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* offered(FINE), { choices: [{ name: "One", value: "1" }], warnings: [] });
    }).pipe(inWorld),
  );

  it.effect("is kept inside what Discord takes", () =>
    Effect.gen(function* () {
      const long = Array.from({ length: 30 }, (_, n) => ({ name: "🦊".repeat(80), value: `${n}` }));
      const odd = [
        { name: "  ", value: "blank" },
        { name: "x", value: "" },
        { name: "x", value: "y".repeat(101) },
      ];
      const { choices } = yield* offered(Effect.succeed([...odd, ...long]));
      assert.deepStrictEqual(
        choices.map(({ value }) => value),
        Array.from({ length: 25 }, (_, n) => `${n}`),
      );
      assert.isTrue(choices.every(({ name }) => name.length <= 100 && !/\p{Surrogate}/u.test(name)));
    }).pipe(inWorld),
  );

  it.effect.each([
    ["somebody below the command's rung", typing("which", member())],
    ["an option that offers nothing", typing("where")],
    ["an option that was removed", typing("gone")],
    ["a command that was removed", typing("which", reviewer(), "gone")],
  ] as const)("is nothing for %s, and that is no trouble", ([, interaction]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* offered(FINE, interaction), { choices: [], warnings: [] });
    }).pipe(inWorld),
  );

  it.effect.each([
    ["it fails", Effect.dieMessage("no such table")],
    ["it comes too late to be seen", Effect.delay(FINE, "10 seconds")],
  ] as const)("is nothing when %s, and the log says so", ([, offer]) =>
    Effect.gen(function* () {
      const { choices, warnings } = yield* offered(offer);
      assert.deepStrictEqual(choices, []);
      assert.strictEqual(warnings.length, 1);
      assert.include(warnings[0]?.text, "Nothing could be offered");
    }).pipe(inWorld),
  );
});
