/** Slash and context menu commands, as the Discord client lets a person fill them. */
import { length } from "../characters.js";
import type { Action, OptionValues } from "../contract/interactions.js";
import { bit, guildPermissions } from "../world/permissions.js";
import { InteractionType } from "../world/interactionState.js";
import type { NewInteraction } from "../world/interactionState.js";
import type { Command, CommandOption } from "../world/state.js";
import { memberPart, userWire } from "../world/wire.js";
import type { World } from "../world/World.js";
import type { Place } from "./act.js";
import { refuse } from "./refusal.js";
import { resolved } from "./resolve.js";

type Slash = Extract<Action, { kind: "slash" | "autocomplete" }>;

const Option = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const;
const IDS: readonly number[] = [Option.user, Option.channel, Option.role, Option.mentionable];

export function slash(world: World, at: Place, action: Slash): NewInteraction {
  const command = callable(world, at, action.command, [1]);
  const { options, wrap } = level(command, action);
  const values = action.options ?? {};
  const focused = action.kind === "autocomplete" ? action.focused : undefined;
  const lenient = focused !== undefined || (action.kind === "slash" && action.force === true);
  const filled = fill(world, at, options, values, lenient, focused);
  const ids = filled.flatMap(({ type, value }) =>
    IDS.includes(type) && typeof value === "string" ? [value] : [],
  );
  return {
    type: focused === undefined ? InteractionType.command : InteractionType.autocomplete,
    ...at,
    source: null,
    opener: null,
    data: {
      ...head(command),
      options: wrap(filled),
      ...(ids.length > 0 && { resolved: resolved(world, at, ids) }),
    },
  };
}

export function contextMenu(
  world: World,
  at: Place,
  action: Extract<Action, { kind: "contextMenu" }>,
): NewInteraction {
  const command = callable(world, at, action.command, [2, 3]);
  const common = { type: InteractionType.command, ...at, source: null, opener: null };
  if (command.type === 2) {
    const target = world.user(action.targetId);
    const member = at.guild?.members.get(target.id);
    const people = {
      users: { [target.id]: userWire(target) },
      ...(member !== undefined &&
        at.guild !== null && {
          members: {
            [target.id]: {
              ...memberPart(member),
              permissions: guildPermissions(at.guild, member, world.now()).toString(),
            },
          },
        }),
    };
    return { ...common, data: { ...head(command), target_id: target.id, resolved: people } };
  }
  const message =
    at.channel.messages.get(action.targetId) ??
    refuse(`There is no message ${action.targetId} in that channel`);
  return {
    ...common,
    data: {
      ...head(command),
      target_id: message.id,
      resolved: { messages: { [message.id]: world.messages.wire(message) } },
    },
  };
}

const head = (command: Command) => ({
  id: command.id,
  name: command.name,
  type: command.type,
  ...(command.guildId !== null && { guild_id: command.guildId }),
});

function callable(world: World, at: Place, name: string, types: readonly number[]): Command {
  const command =
    world.commands.find(at.guild?.id ?? null, name, types) ?? refuse(`There is no command '${name}' here`);
  const reason = hidden(world, at, command);
  return reason === null ? command : refuse(reason);
}

/** All commands of every kind that this person finds there. */
export function shownCommands(world: World, at: Place): Command[] {
  const own = at.guild === null ? [] : world.commands.list(at.guild.id);
  return [...own, ...world.commands.list(null)].filter((command) => hidden(world, at, command) === null);
}

/** Why the Discord client does not offer a command, or null. */
function hidden(world: World, { user, guild, channel }: Place, command: Command): string | null {
  const { name } = command;
  const context = guild === null ? 1 : 0;
  if (command.contexts !== null && !command.contexts.includes(context))
    return `'${name}' is not for use here`;
  if (guild === null) return null;
  const granted = world.channels.permissionsOf(user.id, channel);
  if ((granted & bit("UseApplicationCommands")) === 0n)
    return `${user.username} may not use commands in #${channel.name ?? ""}`;
  const needed = command.defaultMemberPermissions;
  const admin = (granted & bit("Administrator")) !== 0n;
  if (needed !== null && !admin && (needed === 0n || (granted & needed) !== needed))
    return `'${name}' is not shown to ${user.username}`;
  return null;
}

interface Filled {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean;
  readonly focused?: true;
}

interface Level {
  readonly options: readonly CommandOption[];
  readonly wrap: (filled: readonly Filled[]) => readonly object[];
}

/** The options of the command itself, of its subcommand, or of a subcommand in a group. */
function level(command: Command, { subcommand, group }: Slash): Level {
  let options: readonly CommandOption[] = command.options;
  const path: { name: string; type: number }[] = [];
  for (const [name, type] of [
    [group, Option.group],
    [subcommand, Option.subcommand],
  ] as const) {
    if (name === undefined) continue;
    const found =
      options.find((option) => option.name === name && option.type === type) ??
      refuse(`'/${command.name}' has no '${name}'`);
    path.push({ name, type });
    options = found.options ?? [];
  }
  if (options.some((option) => option.type <= Option.group)) {
    refuse(`'/${command.name}' needs a subcommand: ${options.map((option) => option.name).join(", ")}`);
  }
  return {
    options,
    wrap: (filled) =>
      path.reduceRight<readonly object[]>((inner, step) => [{ ...step, options: inner }], filled),
  };
}

function fill(
  world: World,
  at: Place,
  options: readonly CommandOption[],
  values: OptionValues,
  lenient: boolean,
  focused: string | undefined,
): Filled[] {
  for (const name of Object.keys(values)) {
    if (!options.some((option) => option.name === name)) refuse(`There is no option '${name}'`);
  }
  if (focused !== undefined && options.find((option) => option.name === focused)?.autocomplete !== true) {
    refuse(`The option '${focused}' has no autocomplete`);
  }
  return options.flatMap((option) => {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required === true && !lenient) refuse(`The option '${option.name}' is required`);
      return option.name === focused
        ? [{ name: option.name, type: option.type, value: "", focused: true as const }]
        : [];
    }
    if (!lenient) check(world, at, option, value);
    return [
      {
        name: option.name,
        type: option.type,
        value,
        ...(option.name === focused && { focused: true as const }),
      },
    ];
  });
}

function check(world: World, at: Place, option: CommandOption, value: string | number | boolean): void {
  const bad = (why: string): never => refuse(`The option '${option.name}' ${why}`);
  switch (option.type) {
    case Option.string:
      if (typeof value !== "string") return bad("takes text");
      if (length(value) < (option.min_length ?? 0) || length(value) > (option.max_length ?? 6000)) {
        bad(`takes ${option.min_length ?? 0} to ${option.max_length ?? 6000} characters`);
      }
      break;
    case Option.integer:
    case Option.number:
      if (typeof value !== "number") return bad("takes a number");
      if (option.type === Option.integer && !Number.isInteger(value)) bad("takes a whole number");
      if (value < (option.min_value ?? -Infinity) || value > (option.max_value ?? Infinity))
        bad("is out of range");
      break;
    case Option.boolean:
      if (typeof value !== "boolean") bad("takes true or false");
      break;
    case Option.user:
      if (typeof value !== "string" || !world.users.all.has(value)) bad("takes a user's id");
      break;
    case Option.role:
      if (typeof value !== "string" || at.guild?.roles.has(value) !== true) bad("takes a role's id");
      break;
    case Option.channel: {
      const channel = typeof value === "string" ? at.guild?.channels.get(value) : undefined;
      if (channel === undefined) return bad("takes a channel's id");
      if (option.channel_types !== undefined && !option.channel_types.includes(channel.type))
        bad("takes another type of channel");
      break;
    }
    default:
      break;
  }
  if (
    option.choices !== undefined &&
    option.choices.length > 0 &&
    !option.choices.some((choice) => choice.value === value)
  ) {
    bad(`takes one of ${option.choices.map((choice) => String(choice.value)).join(", ")}`);
  }
}
