import { useState } from "react";
import type { WireComponent, WireMessage } from "../../contract/wire.js";
import { Markdown } from "./Markdown.js";
import { membersOf, useHere } from "./world.js";

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
          <Markdown text={part.content ?? ""} links />
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

/** What one can choose from: the select's own options, or the people, roles and channels one sees. */
function useChoices(part: WireComponent): readonly { readonly label: string; readonly value: string }[] {
  const { guild, people: all } = useHere();
  const people = membersOf(all).map(({ name, userId }) => ({ label: name, value: userId }));
  const roles = guild?.roles.map(({ name, id }) => ({ label: `@${name}`, value: id })) ?? [];
  switch (part.type) {
    case 5:
      return people;
    case 6:
      return roles;
    case 7:
      return [...people, ...roles];
    case 8:
      return (
        guild?.channels
          .filter(({ type }) => part.channel_types?.includes(type) ?? true)
          .map(({ name, id }) => ({ label: `#${name}`, value: id })) ?? []
      );
    default:
      return part.options ?? [];
  }
}

function Select({ part, press }: { readonly part: WireComponent; readonly press: PressHere }) {
  const choices = useChoices(part);
  const [chosen, setChosen] = useState<readonly string[]>([]);
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
        {choices.map(({ label, value }) => (
          <option key={value} value={value}>
            {label}
          </option>
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
