import { useState } from "react";
import type { Action, Choice, OptionValues } from "../../contract/interactions.js";
import type { SeenCommand, SeenOption } from "../../contract/seen.js";
import { control } from "./control.js";
import { Suggested } from "./Suggested.js";
import { useChoices } from "./choices.js";
import { useHere } from "./world.js";

const SUBCOMMAND = 1;
const GROUP = 2;
const INTEGER = 4;
const BOOLEAN = 5;
const USER = 6;
const CHANNEL = 7;
const ROLE = 8;
const MENTIONABLE = 9;
const NUMBER = 10;

/** One thing that can be typed: a command, or a subcommand of one. */
export interface Call {
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly SeenOption[];
}

export const callsOf = (commands: readonly SeenCommand[]): Call[] =>
  commands
    .filter(({ type }) => type === 1)
    .flatMap(({ name, description, options }) => branches([name], description, options));

function branches(path: readonly string[], description: string, options: readonly SeenOption[]): Call[] {
  const below = options.filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  return below.length === 0
    ? [{ path, description, options }]
    : below.flatMap((one) => branches([...path, one.name], one.description, one.options));
}

const valueOf = (type: number, typed: string): OptionValues[string] =>
  type === BOOLEAN ? typed === "true" : type === INTEGER || type === NUMBER ? Number(typed) : typed;

export function SlashForm({
  call,
  channelId,
  run,
  close,
}: {
  readonly call: Call;
  readonly channelId: string;
  readonly run: (action: Action) => Promise<string | undefined>;
  readonly close: () => void;
}) {
  const { me, guild } = useHere();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string>();
  const [command = "", ...rest] = call.path;
  const where = {
    userId: me.user.id,
    ...(guild !== undefined && { guildId: guild.id }),
    channelId,
    command,
    ...(rest.length === 2 && { group: rest[0] }),
    ...(rest.length > 0 && { subcommand: rest[rest.length - 1] }),
  };
  const options: OptionValues = Object.fromEntries(
    call.options
      .map(({ name, type }) => ({ name, type, typed: values[name] ?? "" }))
      .filter(({ typed }) => typed !== "")
      .map(({ name, type, typed }) => [name, valueOf(type, typed)] as const),
  );
  return (
    <form
      className="composer slash"
      onSubmit={(event) => {
        event.preventDefault();
        void run({ kind: "slash", ...where, options }).then(setProblem);
      }}
    >
      <header>
        <b>/{call.path.join(" ")}</b> <span>{call.description}</span>
        <button type="button" aria-label="Leave the command" onClick={close}>
          ×
        </button>
      </header>
      {call.options.map((option, index) => (
        <label key={option.name} title={option.description}>
          <span>
            {option.name}
            {option.required && <i aria-hidden> *</i>}
          </span>
          <OptionInput
            option={option}
            focus={index === 0}
            value={values[option.name] ?? ""}
            change={(value) => setValues((all) => ({ ...all, [option.name]: value }))}
            ask={async (typed) => {
              const outcome = await control.call("act", {
                action: {
                  kind: "autocomplete",
                  ...where,
                  options: { ...options, [option.name]: typed },
                  focused: option.name,
                },
              });
              return outcome.choices ?? [];
            }}
          />
          <small>{option.description}</small>
        </label>
      ))}
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary" autoFocus={call.options.length === 0}>
        Send
      </button>
    </form>
  );
}

export interface OptionInputProps {
  readonly option: SeenOption;
  readonly focus: boolean;
  readonly value: string;
  readonly change: (value: string) => void;
  /** What the bot suggests for what was typed. */
  readonly ask: (typed: string) => Promise<readonly Choice[]>;
}

function OptionInput({ option, focus, value, change, ask }: OptionInputProps) {
  const { people, roles, channels } = useChoices();
  const fixed: readonly Choice[] =
    option.type === BOOLEAN
      ? [
          { name: "True", value: "true" },
          { name: "False", value: "false" },
        ]
      : option.type === USER
        ? people
        : option.type === ROLE
          ? roles
          : option.type === MENTIONABLE
            ? [...people, ...roles]
            : option.type === CHANNEL
              ? channels(option.channelTypes)
              : option.choices;
  if (fixed.length > 0) {
    return (
      <select
        value={value}
        required={option.required}
        autoFocus={focus}
        onChange={({ target }) => change(target.value)}
      >
        <option value="" />
        {fixed.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </select>
    );
  }
  if (option.autocomplete) return <Suggested {...{ option, focus, value, change, ask }} />;
  return (
    <input
      type={option.type === INTEGER || option.type === NUMBER ? "number" : "text"}
      step={option.type === NUMBER ? "any" : undefined}
      value={value}
      required={option.required}
      autoFocus={focus}
      autoComplete="off"
      onChange={({ target }) => change(target.value)}
    />
  );
}
