/** A router with things that a test makes up, and what Discord and the log hear of them. */
import { Cause, Effect, Fiber, Logger, type LogLevel, Schema, TestClock } from "effect";
import { DiscordFake } from "../../src/layers/Discord.js";
import type { Interaction, MessagePayload } from "../../src/layers/discord/Interaction.js";
import * as Command from "../../src/programs/kit/Command.js";
import * as Component from "../../src/programs/kit/Component.js";
import * as CustomId from "../../src/programs/kit/CustomId.js";
import type { Handled } from "../../src/programs/kit/Handler.js";
import type { Reply } from "../../src/programs/kit/Reply.js";
import * as Router from "../../src/programs/kit/Router.js";
import { command, member, NOW, press } from "./fixtures.js";

const Id = CustomId.make("thing", Schema.Struct({ page: Schema.NumberFromString }));
export const THING_ID = Id.encode({ page: 1 });

interface Spec {
  readonly rung?: "everyone" | "reviewer";
  readonly opensModal?: boolean;
  readonly answers?: "private";
  readonly handler: Handled<never>;
}

/** A router with one command, one button and one form, all called `thing`, which all do the same. */
export const routerFor = ({ rung = "everyone", opensModal = false, answers, handler }: Spec) => {
  const slow = answers === undefined ? {} : { answers };
  return Router.make(
    [Command.make({ name: "thing", description: "A thing", rung, options: {}, handler: () => handler })],
    [
      Component.button(Id, { rung, opensModal, ...slow, handler: () => handler }),
      Component.modal(Id, { rung, ...slow, handler: () => handler }),
    ],
  );
};

export const theCommand = (actor = member()) => command("thing", actor);
export const theButton = (actor = member()) => press(THING_ID, actor);

export const after = (millis: number, reply: Reply): Handled<never> => Effect.as(Effect.sleep(millis), reply);

/** Handles an interaction, for as long as it takes. */
export const handle = <R>(
  route: (interaction: Interaction) => Effect.Effect<void, never, R>,
  interaction: Interaction,
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(route(interaction));
    yield* TestClock.adjust("2 minutes");
    yield* Fiber.join(fiber);
  });
export const ask = (spec: Spec, interaction: Interaction = theCommand()) =>
  handle(routerFor(spec), interaction);

const textOf = ({ content }: MessagePayload) => content ?? "";

/** What Discord was told, and after how many milliseconds. */
export const told = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  return (yield* fake.calls).map((call): readonly [number, string, string] => {
    const time = call.at - NOW;
    if (call._tag === "editResponse" || call._tag === "followUp")
      return [time, call._tag, textOf(call.payload)];
    if (call._tag !== "respond") return [time, call._tag, ""];
    const { callback } = call;
    const kept = "private" in callback && callback.private ? " privately" : "";
    return [time, `${callback._tag}${kept}`, "payload" in callback ? textOf(callback.payload) : ""];
  });
});

export interface Line {
  readonly level: LogLevel.LogLevel["_tag"];
  readonly text: string;
}

/** Writes what is logged into `lines`, causes and annotations included. */
export const logTo = (lines: Array<Line>) =>
  Logger.add(
    Logger.make((options) => {
      const text = Logger.stringLogger.log(options);
      lines.push({ level: options.logLevel._tag, text: `${text} ${Cause.pretty(options.cause)}` });
    }),
  );
