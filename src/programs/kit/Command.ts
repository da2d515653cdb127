import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord.js";
import { Effect, Option } from "effect";
import type { Rung } from "../../domain/Permission.js";
import type { Choice, CommandInteraction } from "../../layers/discord/Interaction.js";
import { StaleCommand } from "./Errors.js";
import type { Caller, Handled } from "./Handler.js";
import type { OptionsRecord, Values } from "./Options.js";

/** A command or subcommand with its handler, its option types folded away. */
interface Leaf<out R> {
  readonly rung: Rung;
  /** Whether it opens a form, which Discord takes as a first answer only: such a command is never deferred. */
  readonly opensModal: boolean;
  readonly run: (interaction: CommandInteraction, caller: Caller) => Handled<R>;
  /** What is offered for an option while it is typed. */
  readonly offer: (
    option: string,
    typed: string,
    caller: Caller,
  ) => Effect.Effect<ReadonlyArray<Choice>, never, R>;
}

/** A slash command: what Discord is told about it, and what it does. */
export interface Command<out R> {
  readonly definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** By subcommand; `null` is the command itself. */
  readonly leaves: ReadonlyMap<string | null, Leaf<R>>;
}

/** What the commands of a list require together. */
export type Requirements<C> = C extends Command<infer R> ? R : never;

interface Spec<O extends OptionsRecord, R, C> {
  readonly name: string;
  readonly description: string;
  readonly rung: Rung;
  readonly opensModal?: boolean;
  readonly options: O & OptionsRecord<C>;
  readonly handler: (
    input: Caller & { readonly options: Values<O>; readonly interaction: CommandInteraction },
  ) => Handled<R>;
}

interface Subcommand<out R> extends Leaf<R> {
  readonly name: string;
  readonly option: APIApplicationCommandSubcommandOption;
}

const optionsJson = (options: OptionsRecord): Array<APIApplicationCommandBasicOption> =>
  // Discord wants the required ones first.
  Object.entries(options)
    .map(([name, option]) => option.json(name))
    .sort((left, right) => Number(right.required ?? false) - Number(left.required ?? false));

const leafOf = <O extends OptionsRecord, R, C>(spec: Spec<O, R, C>): Leaf<R | C> => ({
  rung: spec.rung,
  opensModal: spec.opensModal ?? false,
  run: (interaction, caller) =>
    Effect.gen(function* () {
      const read: Record<string, unknown> = {};
      for (const [name, option] of Object.entries(spec.options)) {
        const value = option.read(interaction.options.get(name), interaction.resolved);
        if (Option.isNone(value)) return yield* new StaleCommand({ option: name });
        read[name] = value.value;
      }
      // Every key of O was read by its own option just now; a mapped type cannot be built up key by key.
      return yield* spec.handler({ ...caller, options: read as Values<O>, interaction });
    }),
  offer: (name, typed, caller) => {
    const options: OptionsRecord<C> = spec.options;
    return options[name]?.autocomplete?.(typed, caller) ?? Effect.succeed([]);
  },
});

const definitionOf = (
  name: string,
  description: string,
  options: Array<APIApplicationCommandOption>,
): RESTPostAPIChatInputApplicationCommandsJSONBody => ({
  type: ApplicationCommandType.ChatInput,
  name,
  description,
  options,
  contexts: [InteractionContextType.Guild],
});

export const make = <const O extends OptionsRecord, R, C = never>(spec: Spec<O, R, C>): Command<R | C> => ({
  definition: definitionOf(spec.name, spec.description, optionsJson(spec.options)),
  leaves: new Map([[null, leafOf(spec)]]),
});

export const subcommand = <const O extends OptionsRecord, R, C = never>(
  spec: Spec<O, R, C>,
): Subcommand<R | C> => ({
  ...leafOf(spec),
  name: spec.name,
  option: {
    type: ApplicationCommandOptionType.Subcommand,
    name: spec.name,
    description: spec.description,
    options: optionsJson(spec.options),
  },
});

/** A command that is only a name for its subcommands; they are put in with `add`. */
export const group = (name: string, description: string): Command<never> => ({
  definition: definitionOf(name, description, []),
  leaves: new Map(),
});

export const add =
  <S>(sub: Subcommand<S>) =>
  <R>(command: Command<R>): Command<R | S> => ({
    definition: { ...command.definition, options: [...(command.definition.options ?? []), sub.option] },
    leaves: new Map<string | null, Leaf<R | S>>([...command.leaves, [sub.name, sub]]),
  });

/** A name that some subcommands of a command share. */
export interface Subgroup {
  readonly name: string;
  readonly description: string;
}

/** A subcommand under a shared name: `/config get logging` is known as `get logging`. */
export const addIn =
  <S>({ name, description }: Subgroup, sub: Subcommand<S>) =>
  <R>(command: Command<R>): Command<R | S> => {
    const options = command.definition.options ?? [];
    const siblings = options.flatMap((option) =>
      option.type === ApplicationCommandOptionType.SubcommandGroup && option.name === name
        ? (option.options ?? [])
        : [],
    );
    const grouped: APIApplicationCommandOption = {
      type: ApplicationCommandOptionType.SubcommandGroup,
      name,
      description,
      options: [...siblings, sub.option],
    };
    return {
      definition: {
        ...command.definition,
        options: [...options.filter((option) => option.name !== name), grouped],
      },
      leaves: new Map<string | null, Leaf<R | S>>([...command.leaves, [`${name} ${sub.name}`, sub]]),
    };
  };
