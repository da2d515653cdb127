import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  type ChannelType,
} from "discord.js";
import { type Effect, Option, Schema } from "effect";
import { ChannelId, RoleId, UserId } from "../../domain/Ids.js";
import type { Person } from "../../domain/Person.js";
import { cut } from "../../domain/Text.js";
import type { Choice, OptionValue, Resolved } from "../../layers/discord/Interaction.js";
import type { Caller } from "./Handler.js";

/** Discord takes as many choices, and names and values of as many characters. */
export const MAX_CHOICES = 25;
const MAX_CHOICE_LENGTH = 100;

/** What can be offered of `choices`: long names are cut, what Discord would refuse is left out. */
export const withinLimits = (choices: ReadonlyArray<Choice>): ReadonlyArray<Choice> =>
  choices
    .map(({ name, value }) => ({ name: cut(name.trim(), MAX_CHOICE_LENGTH), value }))
    .filter(({ name, value }) => name !== "" && value !== "" && value.length <= MAX_CHOICE_LENGTH)
    .slice(0, MAX_CHOICES);

/**
 * Offers values while somebody types; what is typed by hand is taken all the same. The router guards it by the command's
 * rung, keeps it inside Discord's limits, and offers nothing where it fails or is late.
 */
export type Autocomplete<out R> = (
  typed: string,
  caller: Caller,
) => Effect.Effect<ReadonlyArray<Choice>, never, R>;

/**
 * One option of a command: what Discord is told, how its value is read, and what is offered while it is typed. None from
 * `read`: it is not as defined.
 */
export interface CommandOption<out A, out R = never> {
  readonly json: (name: string) => APIApplicationCommandBasicOption;
  readonly read: (value: OptionValue | undefined, resolved: Resolved) => Option.Option<A>;
  readonly autocomplete: Autocomplete<R> | null;
}

export type OptionsRecord<R = unknown> = Readonly<Record<string, CommandOption<unknown, R>>>;
export type Values<O extends OptionsRecord> = {
  readonly [K in keyof O]: O[K] extends CommandOption<infer A, unknown> ? A : never;
};

/** The same option, but it may be left out. */
export const optional = <A, R>(option: CommandOption<A, R>): CommandOption<Option.Option<A>, R> => ({
  autocomplete: option.autocomplete,
  json: (name) => ({ ...option.json(name), required: false }),
  read: (value, resolved) =>
    value === undefined ? Option.some(Option.none()) : Option.map(option.read(value, resolved), Option.some),
});

export const string = <R = never>(spec: {
  readonly description: string;
  readonly maxLength?: number;
  readonly autocomplete?: Autocomplete<R>;
}): CommandOption<string, R> => ({
  autocomplete: spec.autocomplete ?? null,
  json: (name) => ({
    type: ApplicationCommandOptionType.String,
    name,
    description: spec.description,
    required: true,
    ...(spec.maxLength === undefined ? {} : { max_length: spec.maxLength }),
    ...(spec.autocomplete !== undefined ? { autocomplete: true } : {}),
  }),
  read: (value) => (typeof value?.value === "string" ? Option.some(value.value) : Option.none()),
});

export const boolean = (spec: { readonly description: string }): CommandOption<boolean> => ({
  autocomplete: null,
  json: (name) => ({
    type: ApplicationCommandOptionType.Boolean,
    name,
    description: spec.description,
    required: true,
  }),
  read: (value) => (typeof value?.value === "boolean" ? Option.some(value.value) : Option.none()),
});

export const integer = (spec: {
  readonly description: string;
  readonly min: number;
  readonly max: number;
}): CommandOption<number> => ({
  autocomplete: null,
  json: (name) => ({
    type: ApplicationCommandOptionType.Integer,
    name,
    description: spec.description,
    required: true,
    min_value: spec.min,
    max_value: spec.max,
  }),
  read: (option) => {
    const value = option?.value;
    return typeof value === "number" && Number.isInteger(value) && value >= spec.min && value <= spec.max
      ? Option.some(value)
      : Option.none();
  },
});

/** One of a few words; `choices` says what each is called on screen. At most 25. */
export const choice = <C extends string>(spec: {
  readonly description: string;
  readonly choices: Readonly<Record<C, string>>;
}): CommandOption<C> => {
  const known = (value: unknown): value is C =>
    typeof value === "string" && Object.keys(spec.choices).includes(value);
  return {
    autocomplete: null,
    json: (name) => ({
      type: ApplicationCommandOptionType.String,
      name,
      description: spec.description,
      required: true,
      choices: Object.entries<string>(spec.choices).map(([value, label]) => ({ name: label, value })),
    }),
    read: (option) => (known(option?.value) ? Option.some(option.value) : Option.none()),
  };
};

const asUser = Schema.decodeUnknownOption(UserId);
const asChannel = Schema.decodeUnknownOption(ChannelId);
const asRole = Schema.decodeUnknownOption(RoleId);

export const user = (spec: { readonly description: string }): CommandOption<Person> => ({
  autocomplete: null,
  json: (name) => ({
    type: ApplicationCommandOptionType.User,
    name,
    description: spec.description,
    required: true,
  }),
  read: (value, resolved) =>
    Option.flatMap(asUser(value?.value), (id) => Option.fromNullable(resolved.users.get(id))),
});

export const channel = (spec: {
  readonly description: string;
  readonly types: ReadonlyArray<ChannelType.GuildText | ChannelType.GuildAnnouncement>;
}): CommandOption<ChannelId> => ({
  autocomplete: null,
  json: (name) => ({
    type: ApplicationCommandOptionType.Channel,
    name,
    description: spec.description,
    required: true,
    channel_types: [...spec.types],
  }),
  read: (value) => asChannel(value?.value),
});

export const role = (spec: { readonly description: string }): CommandOption<RoleId> => ({
  autocomplete: null,
  json: (name) => ({
    type: ApplicationCommandOptionType.Role,
    name,
    description: spec.description,
    required: true,
  }),
  read: (value) => asRole(value?.value),
});
