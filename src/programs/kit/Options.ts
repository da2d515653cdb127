import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  type ChannelType,
} from "discord.js";
import { type Effect, Option, Schema } from "effect";
import { ChannelId, RoleId, UserId } from "../../domain/Ids.js";
import type { Person } from "../../domain/Person.js";
import type { Choice, OptionValue, Resolved } from "../../layers/discord/Interaction.js";
import type { Caller } from "./Handler.js";

/** Offers values while somebody types. At most 25 are shown. */
export type Completer<out R> = (
  typed: string,
  caller: Caller,
) => Effect.Effect<ReadonlyArray<Choice>, never, R>;

/** One option of a command: what Discord is told, and how its value is read. None from `read`: it is not as defined. */
export interface CommandOption<out A> {
  readonly json: (name: string) => APIApplicationCommandBasicOption;
  readonly read: (value: OptionValue | undefined, resolved: Resolved) => Option.Option<A>;
}

export type OptionsRecord = Readonly<Record<string, CommandOption<unknown>>>;
export type Values<O extends OptionsRecord> = {
  readonly [K in keyof O]: O[K] extends CommandOption<infer A> ? A : never;
};

/** The same option, but it may be left out. */
export const optional = <A>(option: CommandOption<A>): CommandOption<Option.Option<A>> => ({
  json: (name) => ({ ...option.json(name), required: false }),
  read: (value, resolved) =>
    value === undefined ? Option.some(Option.none()) : Option.map(option.read(value, resolved), Option.some),
});

export const string = (spec: {
  readonly description: string;
  readonly maxLength?: number;
  /** Whether the command has a completer for this option. */
  readonly completed?: boolean;
}): CommandOption<string> => ({
  json: (name) => ({
    type: ApplicationCommandOptionType.String,
    name,
    description: spec.description,
    required: true,
    ...(spec.maxLength === undefined ? {} : { max_length: spec.maxLength }),
    ...(spec.completed === true ? { autocomplete: true } : {}),
  }),
  read: (value) => (typeof value?.value === "string" ? Option.some(value.value) : Option.none()),
});

export const boolean = (spec: { readonly description: string }): CommandOption<boolean> => ({
  json: (name) => ({
    type: ApplicationCommandOptionType.Boolean,
    name,
    description: spec.description,
    required: true,
  }),
  read: (value) => (typeof value?.value === "boolean" ? Option.some(value.value) : Option.none()),
});

const asUser = Schema.decodeUnknownOption(UserId);
const asChannel = Schema.decodeUnknownOption(ChannelId);
const asRole = Schema.decodeUnknownOption(RoleId);

export const user = (spec: { readonly description: string }): CommandOption<Person> => ({
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
  json: (name) => ({
    type: ApplicationCommandOptionType.Role,
    name,
    description: spec.description,
    required: true,
  }),
  read: (value) => asRole(value?.value),
});
