import { DiscordMessages } from "@skyra/discord-components-react";
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from "react";
import type { Action, Modal, Outcome } from "../../contract/interactions.js";
import type { WireMessage } from "../../contract/wire.js";
import { AppsMenu, type MenuAt } from "./AppsMenu.js";
import { Composer } from "./Composer.js";
import type { Press } from "./Components.js";
import { control, useFresh } from "./control.js";
import { useLight } from "./light.js";
import { Message } from "./Message.js";
import { ModalForm } from "./ModalForm.js";
import { DM, useHere } from "./world.js";

/** How many messages of a long channel are shown at a time. */
const PAGE = 100;

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function Conversation({ lookBehind }: { readonly lookBehind: () => void }) {
  const { me, guild, channel, channelId: realId, bot, say } = useHere();
  /** The message above which one reads; none at the newest. */
  const [before, setBefore] = useState<string>();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const [modal, setModal] = useState<Modal>();
  const [menu, setMenu] = useState<MenuAt>();
  const [replyTo, setReplyTo] = useState<WireMessage>();
  const light = useLight();
  const userId = me.user.id;
  const seen = useFresh(
    () =>
      realId === null
        ? Promise.resolve([])
        : control.call("seenBy", {
            userId,
            channelId: realId,
            limit: PAGE + 1,
            ...(before !== undefined && { before }),
          }),
    `${userId}:${realId ?? ""}:${before ?? ""}`,
    ({ event, channelId }) => channelId === realId && /^(?:message|reaction)_/.test(event),
  );
  const all = useKept(seen.value) ?? [];
  const more = all.length > PAGE;
  const messages = all.slice(-PAGE).filter(({ id }) => !dismissed.has(id));

  const came = useCallback(
    (outcome: Outcome): void => {
      if (outcome.modal !== undefined) setModal(outcome.modal);
      if (outcome.failed !== undefined) say(`This interaction failed: ${outcome.failed}.`);
    },
    [say],
  );
  const act = useCallback(
    async (action: Action): Promise<string | undefined> => {
      try {
        came(await control.call("act", { action, until: "acknowledged" }));
        return undefined;
      } catch (error) {
        return wordsOf(error);
      }
    },
    [came],
  );
  const guildId = channel?.id === DM ? undefined : guild?.id;
  const who = useMemo(() => ({ userId, ...(guildId !== undefined && { guildId }) }), [userId, guildId]);
  const press = useCallback<Press>(
    async (message, component, values) => {
      const problem = await act({
        kind: "press",
        ...who,
        channelId: message.channel_id,
        messageId: message.id,
        component,
        ...(values !== undefined && { values: [...values] }),
      });
      if (problem !== undefined) say(problem);
    },
    [act, who, say],
  );
  const dismiss = useCallback((id: string) => setDismissed((ids) => new Set([...ids, id])), []);
  const openMenu = useCallback((event: MouseEvent, message: WireMessage): void => {
    event.preventDefault();
    setMenu({ x: event.clientX, y: event.clientY, message });
  }, []);
  const end = useStickToEnd(messages, before === undefined);

  if (channel === undefined) {
    return (
      <main className="conversation empty">
        <p>{me.user.globalName ?? me.user.username} sees no channel here.</p>
      </main>
    );
  }
  const nobody = channel.id === DM && realId === null;
  return (
    <main className="conversation">
      <header>
        <h1>
          {channel.id === DM ? "@" : "#"} {channel.id === DM ? (bot?.name ?? "the bot") : channel.name}
        </h1>
        {channel.topic !== null && <p>{channel.topic}</p>}
        <button type="button" className="narrow" onClick={lookBehind}>
          Behind the scenes
        </button>
      </header>
      <div className="messages" ref={end} role="log" aria-label="Messages">
        {more && (
          <button type="button" className="earlier" onClick={() => setBefore(messages[0]?.id)}>
            Earlier messages
          </button>
        )}
        {seen.error !== undefined && <p className="problem">{seen.error}</p>}
        {messages.length === 0 && seen.value !== undefined && (
          <p className="quiet">{nobody ? "No direct messages yet." : "Nothing was said here yet."}</p>
        )}
        <DiscordMessages noBackground lightTheme={light}>
          {messages.map((message) => (
            <Message
              key={message.id}
              message={message}
              replyTo={messages.find(({ id }) => id === message.message_reference?.message_id)}
              press={press}
              dismiss={dismiss}
              menu={openMenu}
            />
          ))}
        </DiscordMessages>
        {before !== undefined && (
          <button type="button" className="earlier" onClick={() => setBefore(undefined)}>
            Newest messages
          </button>
        )}
      </div>
      <Composer act={act} replyTo={replyTo} replied={() => setReplyTo(undefined)} />
      {modal !== undefined && (
        <ModalForm
          key={modal.id}
          modal={modal}
          close={() => setModal(undefined)}
          send={async (values) => {
            const problem = await act({ kind: "submit", ...who, modalId: modal.id, values });
            if (problem === undefined) setModal((now) => (now?.id === modal.id ? undefined : now));
            return problem;
          }}
        />
      )}
      {menu !== undefined && (
        <AppsMenu
          at={menu}
          close={() => setMenu(undefined)}
          reply={() => {
            setReplyTo(menu.message);
            setMenu(undefined);
          }}
          run={async (command, targetId) => {
            setMenu(undefined);
            const problem = await act({
              kind: "contextMenu",
              ...who,
              channelId: menu.message.channel_id,
              command,
              targetId,
            });
            if (problem !== undefined) say(problem);
          }}
        />
      )}
    </main>
  );
}

/** What was there last, while newer is on its way; and of a message that did not change, the same object. */
function useKept(fresh: readonly WireMessage[] | undefined): readonly WireMessage[] | undefined {
  const kept = useRef<readonly WireMessage[]>(undefined);
  if (fresh !== undefined && fresh !== kept.current) {
    const earlier = new Map(kept.current?.map((message) => [message.id, message]));
    kept.current = fresh.map((message) => {
      const same = earlier.get(message.id);
      return same !== undefined && JSON.stringify(same) === JSON.stringify(message) ? same : message;
    });
  }
  return kept.current;
}

/** Stays with the newest message, unless one has scrolled up to read. */
function useStickToEnd(messages: readonly WireMessage[], live: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
    };
    const grown = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener("scroll", look);
    for (const child of element.children) grown.observe(child);
    return () => {
      element.removeEventListener("scroll", look);
      grown.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && (atEnd.current || !live)) element.scrollTop = element.scrollHeight;
  }, [messages, live]);
  return box;
}
