/** Slash commands with options that fit, do not fit, or are nobody's. */
import { type APIApplicationCommandOption, ApplicationCommandOptionType as Type } from "discord.js";
import { FastCheck as fc } from "effect";
import type { OptionValue } from "../../src/layers/discord/Interaction.js";
import { commands } from "../../src/programs/commands/index.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  LOG_CHANNEL,
  MEMBER_ROLE,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
} from "./fixtures.js";
import type { Aim } from "./fuzz-people.js";
import { constant, junk, ofAim, snowflake } from "./fuzz-text.js";

const value: fc.Arbitrary<(aim: Aim) => OptionValue["value"]> = fc.oneof(
  ofAim,
  constant(snowflake),
  constant(junk),
  constant(fc.constantFrom("mine", "all", "welcome", "gate", "A reason.")),
  fc.oneof(fc.integer(), fc.double(), fc.boolean()).map((plain) => () => plain),
);
/** A command by its name and subcommand, as it is or made up. */
export const leaf = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      ...commands.flatMap(({ definition, leaves }) =>
        [...leaves.keys()].map((sub) => [definition.name, sub] as const),
      ),
    ),
    weight: 8,
  },
  { arbitrary: fc.tuple(junk, fc.option(junk, { nil: null })), weight: 1 },
);
/** The options that any command has. */
const namesIn = (options: ReadonlyArray<APIApplicationCommandOption>): ReadonlyArray<string> =>
  options.flatMap((option) =>
    option.type === Type.Subcommand || option.type === Type.SubcommandGroup
      ? namesIn(option.options ?? [])
      : [option.name],
  );
const optionNames = [...new Set(commands.flatMap(({ definition }) => namesIn(definition.options ?? [])))];
export const options = fc.array(
  fc.tuple(
    fc.oneof({ arbitrary: fc.constantFrom(...optionNames), weight: 9 }, { arbitrary: junk, weight: 1 }),
    fc.constantFrom(Type.String, Type.Integer, Type.Boolean, Type.User, Type.Channel, Type.Role, Type.Number),
    value,
  ),
  { maxLength: 8 },
);
/** What a moderator types who means it. */
export const sound = fc.tuple(
  fc.constantFrom("accept", "reject", "kick", "unclaim", "unblock", "listopen"),
  fc.boolean(),
);
export const SETUP_OPTIONS: ReadonlyArray<readonly [string, string]> = [
  ["review_channel", REVIEW_CHANNEL],
  ["gate_channel", GATE_CHANNEL],
  ["general_channel", GENERAL_CHANNEL],
  ["accepted_role", MEMBER_ROLE],
  ["reviewer_role", REVIEWER_ROLE],
  ["logging_channel", LOG_CHANNEL],
];
