import { useState } from "react";
import type { WireComponent, WireMessage, WireSelectOption } from "../../contract/wire.js";
import { useChoices } from "./choices.js";
import { Markdown } from "./Markdown.js";

export type Press = (message: WireMessage, component: string, values?: readonly string[]) => Promise<void>;
type PressHere = (component: string, values?: readonly string[]) => Promise<void>;

const STYLES = ["", "primary", "secondary", "success", "danger", "link"];

export function Components({
  components,
  press,
}: {
  readonly components: readonly WireComponent[];
  readonly press: PressHere;
}) {
  return components.map((component, index) => <Part key={index} part={component} press={press} />);
}

function Part({ part, press }: { readonly part: WireComponent; readonly press: PressHere }) {
  switch (part.type) {
    case 1:
      return (
        <div className="row">
          <Components components={part.components ?? []} press={press} />
        </div>
      );
    case 2:
      return <Button part={part} press={press} />;
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return <Select part={part} press={press} />;
    case 10:
      return (
        <p>
          <Markdown text={part.content ?? ""} />
        </p>
      );
    case 14:
      return <hr />;
    default:
      return (
        <div className={part.type === 17 ? "container" : "row"}>
          <Components components={part.components ?? []} press={press} />
          {part.accessory !== undefined && <Part part={part.accessory} press={press} />}
        </div>
      );
  }
}

function Button({ part, press }: { readonly part: WireComponent; readonly press: PressHere }) {
  const [waiting, setWaiting] = useState(false);
  const style = STYLES[part.style ?? 2] ?? "secondary";
  const face = [part.emoji?.name, part.label].filter(Boolean).join(" ");
  if (part.url !== undefined) {
    return (
      <a
        className="button link"
        href={/^https?:/i.test(part.url) ? part.url : undefined}
        target="_blank"
        rel="noreferrer"
      >
        {face} ↗
      </a>
    );
  }
  return (
    <button
      type="button"
      className={`button ${style}`}
      disabled={part.disabled === true || waiting}
      aria-busy={waiting}
      onClick={() => {
        setWaiting(true);
        void press(part.custom_id ?? "").finally(() => setWaiting(false));
      }}
    >
      {waiting ? "…" : face}
    </button>
  );
}

const STRING = 3;
const USER = 5;
const ROLE = 6;
const MENTIONABLE = 7;

/** What one can choose from: the select's own options, or the people, roles and channels one sees. */
export function useOptions(part: WireComponent): readonly WireSelectOption[] {
  const { people, roles, channels } = useChoices();
  if (part.type === STRING) return part.options ?? [];
  const choices =
    part.type === USER
      ? people
      : part.type === ROLE
        ? roles
        : part.type === MENTIONABLE
          ? [...people, ...roles]
          : channels(part.channel_types ?? []);
  return choices.map(({ name, value }) => ({ label: name, value: String(value) }));
}

/** What is chosen before anybody has chosen. */
export const presetOf = (part: WireComponent): readonly string[] => [
  ...(part.options?.filter((option) => option.default === true).map(({ value }) => value) ?? []),
  ...(part.default_values?.map(({ id }) => id) ?? []),
];

function Select({ part, press }: { readonly part: WireComponent; readonly press: PressHere }) {
  const options = useOptions(part);
  const [chosen, setChosen] = useState(() => presetOf(part));
  const several = (part.max_values ?? 1) > 1;
  const send = (values: readonly string[]): void => void press(part.custom_id ?? "", values);
  return (
    <span className="select">
      <select
        multiple={several}
        disabled={part.disabled === true}
        aria-label={part.placeholder ?? "Make a selection"}
        value={several ? [...chosen] : (chosen[0] ?? "")}
        onChange={({ target }) => {
          const values = [...target.selectedOptions].map(({ value }) => value);
          setChosen(values);
          if (!several) send(values);
        }}
      >
        {!several && (
          <option value="" disabled>
            {part.placeholder ?? "Make a selection"}
          </option>
        )}
        {options.map((option) => (
          <Option key={option.value} option={option} />
        ))}
      </select>
      {several && (
        <button type="button" className="button secondary" onClick={() => send(chosen)}>
          Choose
        </button>
      )}
    </span>
  );
}

export function Option({ option }: { readonly option: WireSelectOption }) {
  const { label, value, description, emoji } = option;
  return (
    <option value={value}>
      {[emoji?.name, label].filter(Boolean).join(" ")}
      {description !== undefined && ` – ${description}`}
    </option>
  );
}
