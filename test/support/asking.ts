/** What people press, type and send, and the bot's first answers. */
import { assert } from "@effect/vitest";
import { ApplicationCommandOptionType as Type } from "discord.js";
import { Effect, Fiber, Layer, TestClock } from "effect";
import { DiscordFake } from "../../src/layers/Discord.js";
import type { Interaction, MessagePayload, OptionValue } from "../../src/layers/discord/Interaction.js";
import { commands } from "../../src/programs/commands/index.js";
import { components } from "../../src/programs/components/index.js";
import * as CardHold from "../../src/programs/kit/CardHold.js";
import * as Router from "../../src/programs/kit/Router.js";
import { MAYA, member } from "./fixtures.js";
import { services } from "./layers.js";
import { messageProblems, modalProblems } from "./limits.js";

/** Every command and component on every service, but nobody who works off the side effects. */
const guild = (config: Parameters<typeof services>[0]) =>
  CardHold.layer.pipe(Layer.provideMerge(services(config)));
export const inGuild = (config: Parameters<typeof services>[0] = {}) => Effect.provide(guild(config));
/** What there is to ask in there. */
export type InGuild = Layer.Layer.Success<ReturnType<typeof guild>>;

/** Somebody with Manage Server. */
export const admin = (id = MAYA) => member(id, { permissions: 1n << 5n });

export const text = (value: string): OptionValue => ({ type: Type.String, value });
export const number = (value: number): OptionValue => ({ type: Type.Integer, value });
export const channel = (value: string): OptionValue => ({ type: Type.Channel, value });
export const boolean = (value: boolean): OptionValue => ({ type: Type.Boolean, value });
export const role = (value: string): OptionValue => ({ type: Type.Role, value });

/** The bot's first answers to what comes in the same instant; they have to be inside Discord's limits. */
export const askAll = (...interactions: ReadonlyArray<Interaction>) =>
  Effect.gen(function* () {
    const route = Router.make(commands, components);
    const fiber = yield* Effect.fork(Effect.forEach(interactions, route, { concurrency: "unbounded" }));
    // Some wait a while for what comes of it.
    for (let turn = 0; turn < 4 && (yield* Fiber.status(fiber))._tag !== "Done"; turn += 1)
      yield* TestClock.adjust("15 seconds");
    yield* Fiber.join(fiber);
    const calls = yield* Effect.flatMap(DiscordFake, (fake) => fake.callsOf("respond"));
    return interactions.map(({ id }) => {
      const callback = calls.find(({ interaction }) => interaction.id === id)?.callback;
      if (callback === undefined) return assert.fail("no answer");
      if ("payload" in callback) assert.deepStrictEqual(messageProblems(callback.payload), []);
      if (callback._tag === "Modal") assert.deepStrictEqual(modalProblems(callback.modal), []);
      return callback;
    });
  });

/** The bot's first answer to one. */
export const ask = (interaction: Interaction) =>
  Effect.map(askAll(interaction), ([callback]) => callback ?? assert.fail("no answer"));

/** A message, as the first answer. */
export const told = (interaction: Interaction) =>
  Effect.map(ask(interaction), (callback) =>
    "payload" in callback ? callback.payload : assert.fail(`a ${callback._tag} for an answer`),
  );

/** A form, as the first answer. */
export const opened = (interaction: Interaction) =>
  Effect.map(ask(interaction), (callback) =>
    callback._tag === "Modal" ? callback.modal : assert.fail(`a ${callback._tag} for a form`),
  );

/** All that there is to read in a message. */
export const wordsOf = ({ content = "", embeds = [] }: MessagePayload): string =>
  [
    content,
    ...embeds.flatMap(({ title, description, fields }) => [
      title,
      description,
      ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    ]),
  ]
    .filter((line) => line !== undefined && line !== "")
    .join("\n");
