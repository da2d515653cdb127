import { useEffect, useRef } from "react";
import type { WireMessage } from "../../contract/wire.js";
import { useCommands } from "./world.js";

export interface MenuAt {
  readonly x: number;
  readonly y: number;
  readonly message: WireMessage;
}

const ON_PERSON = 2;
const ON_MESSAGE = 3;

/** What a right click on a message offers: the bot's commands for it and for who wrote it. */
export function AppsMenu({
  at,
  run,
  close,
}: {
  readonly at: MenuAt;
  readonly run: (command: string, targetId: string) => Promise<void>;
  readonly close: () => void;
}) {
  const here = useCommands();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    menu.current?.querySelector("button")?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && menu.current?.contains(event.target) === true) return;
      close();
    };
    const escape = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") close();
    };
    addEventListener("pointerdown", outside);
    addEventListener("keydown", escape);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("keydown", escape);
    };
  }, [close]);
  const commands = here.filter(({ type }) => type === ON_PERSON || type === ON_MESSAGE);
  return (
    <div ref={menu} className="menu" role="menu" style={{ left: at.x, top: at.y }}>
      {commands.map(({ id, name, type }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          onClick={() => void run(name, type === ON_PERSON ? at.message.author.id : at.message.id)}
        >
          {name} <small>{type === ON_PERSON ? "person" : "message"}</small>
        </button>
      ))}
      <button
        type="button"
        role="menuitem"
        onClick={() => {
          void navigator.clipboard.writeText(at.message.id);
          close();
        }}
      >
        Copy message ID
      </button>
    </div>
  );
}
