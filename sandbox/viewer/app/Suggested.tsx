import { useId, useRef, useState, type KeyboardEvent } from "react";
import type { Choice } from "../../contract/interactions.js";
import type { OptionInputProps } from "./SlashForm.js";

/** An option for which the bot suggests values while one types: their names are shown, their values are sent. */
export function Suggested({ option, focus, change, ask }: OptionInputProps) {
  const [typed, setTyped] = useState("");
  const [offers, setOffers] = useState<readonly Choice[]>([]);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const latest = useRef(0);
  const list = useId();

  const refresh = (text: string): void => {
    const asked = ++latest.current;
    const came = (fresh: readonly Choice[]): void => {
      if (asked !== latest.current) return;
      setOffers(fresh);
      setAt(0);
    };
    void ask(text).then(came, () => came([]));
  };
  const pick = ({ name, value }: Choice): void => {
    setTyped(name);
    change(String(value));
    setOpen(false);
  };
  const shown = open && offers.length > 0;
  const key = (event: KeyboardEvent): void => {
    const offer = offers[at];
    if (!shown || offer === undefined) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((now) => (now + step + offers.length) % offers.length);
    else if (event.key === "Enter" || event.key === "Tab") pick(offer);
    else if (event.key === "Escape") setOpen(false);
    else return;
    if (event.key !== "Tab") event.preventDefault();
  };
  return (
    <span className="suggested">
      <input
        type="text"
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={shown ? `${list}-${at}` : undefined}
        value={typed}
        required={option.required}
        autoFocus={focus}
        autoComplete="off"
        onKeyDown={key}
        onBlur={() => setOpen(false)}
        onFocus={() => {
          setOpen(true);
          refresh(typed);
        }}
        onChange={({ target }) => {
          setTyped(target.value);
          change(target.value);
          setOpen(true);
          refresh(target.value);
        }}
      />
      {shown && (
        <ul id={list} role="listbox" className="offers">
          {offers.map((offer, index) => (
            <li
              key={offer.value}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === at}
              // Before the field loses the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(offer);
              }}
            >
              {offer.name}
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}
