import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { WireMessage } from "../../contract/wire.js";
import { control } from "./control.js";
import { react } from "./Reactions.js";
import { useCommands, useHere } from "./world.js";

export interface MenuAt {
  readonly x: number;
  readonly y: number;
  readonly message: WireMessage;
}

const ON_PERSON = 2;
const ON_MESSAGE = 3;
const EPHEMERAL = 64;
const QUICK = ["👍", "❤️", "😂", "👀"];

/** What a right click on a message offers: reactions, a reply, the bot's commands for it and for who wrote it. */
export function AppsMenu({
  at,
  run,
  reply,
  close,
}: {
  readonly at: MenuAt;
  readonly run: (command: string, targetId: string) => Promise<void>;
  readonly reply: () => void;
  readonly close: () => void;
}) {
  const { me, channel, say } = useHere();
  const here = useCommands();
  const menu = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: at.x, top: at.y });
  useLayoutEffect(() => {
    const box = menu.current?.getBoundingClientRect();
    if (box === undefined) return;
    // Near an edge it opens to the other side.
    setPlace({
      left: Math.max(0, Math.min(at.x, innerWidth - box.width)),
      top: Math.max(0, Math.min(at.y, innerHeight - box.height)),
    });
  }, [at, here]);
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
  const done = (doing: Promise<unknown>): void => {
    doing.catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    close();
  };
  const { message } = at;
  const open = (message.flags & EPHEMERAL) === 0;
  return (
    <div ref={menu} className="menu" role="menu" style={place}>
      {open && channel?.canReact === true && (
        <div className="quick">
          {QUICK.map((emoji) => (
            <button
              key={emoji}
              type="button"
              role="menuitem"
              aria-label={`React with ${emoji}`}
              onClick={() => done(react(me.user.id, message, emoji, false))}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
      {open && channel?.canWrite === true && (
        <button type="button" role="menuitem" onClick={reply}>
          Reply
        </button>
      )}
      {message.author.id === me.user.id && (
        <button
          type="button"
          role="menuitem"
          onClick={() =>
            done(
              control.call("deleteOwnMessage", {
                userId: me.user.id,
                channelId: message.channel_id,
                messageId: message.id,
              }),
            )
          }
        >
          Delete message
        </button>
      )}
      {commands.map(({ id, name, type }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          onClick={() => void run(name, type === ON_PERSON ? message.author.id : message.id)}
        >
          {name} <small>{type === ON_PERSON ? "person" : "message"}</small>
        </button>
      ))}
      <button
        type="button"
        role="menuitem"
        onClick={() => {
          done(navigator.clipboard.writeText(message.id));
        }}
      >
        Copy message ID
      </button>
    </div>
  );
}
