import { useEffect, useRef, useState } from "react";
import type { SeenChannel } from "../../contract/seen.js";
import { useWorldEvents } from "./control.js";
import { DM, useHere } from "./world.js";

const CATEGORY = 4;

export function Channels() {
  const { me, guild, channel, bot, go } = useHere();
  const list = useRef<HTMLDivElement>(null);
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());
  useWorldEvents(({ event, channelId, userId, ephemeral }) => {
    if (event !== "message_created" || channelId === undefined || userId === me.user.id || ephemeral === true)
      return;
    const id = channelId === me.directChannelId ? DM : channelId;
    if (id !== channel?.id) setUnread((ids) => new Set([...ids, id]));
  });
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [channel?.id]);
  const open = (id: string): void => {
    setUnread((ids) => new Set([...ids].filter((one) => one !== id)));
    go({ channel: id });
  };
  const row = (one: SeenChannel, mark: string) => (
    <button
      key={one.id}
      type="button"
      className={`place${one.id === channel?.id ? " here" : ""}${unread.has(one.id) ? " unread" : ""}`}
      aria-current={one.id === channel?.id ? "page" : undefined}
      onClick={() => open(one.id)}
    >
      <span aria-hidden>{mark}</span> {one.name}
      {one.archived === true && <small> archived</small>}
    </button>
  );
  const all = guild?.channels ?? [];
  const isCategory = ({ type }: SeenChannel): boolean => type === CATEGORY;
  // Those in no category come first, as in Discord's own list.
  const groups = [undefined, ...all.filter(isCategory)].map((category) => ({
    category,
    channels: all.filter((one) => {
      const within = all.find(({ id }) => id === one.parentId);
      return !isCategory(one) && within?.id === category?.id;
    }),
  }));
  return (
    <div className="places" ref={list}>
      <h2>{guild?.name ?? "Not in a server"}</h2>
      {groups.map(({ category, channels }) => (
        <div key={category?.id ?? ""} className="group">
          {category !== undefined && channels.length > 0 && <h2>{category.name}</h2>}
          {channels.map((one) => (
            <div key={one.id}>
              {row(one, one.type === 2 ? "🔊" : "#")}
              <div className="threads">
                {guild?.threads
                  .filter((thread) => thread.parentId === one.id)
                  .map((thread) => row(thread, thread.type === 12 ? "🔒" : "🧵"))}
              </div>
            </div>
          ))}
        </div>
      ))}
      <h2>Direct messages</h2>
      <button
        type="button"
        className={`place${channel?.id === DM ? " here" : ""}${unread.has(DM) ? " unread" : ""}`}
        aria-current={channel?.id === DM ? "page" : undefined}
        onClick={() => open(DM)}
      >
        <img src={bot?.avatarUrl} alt="" width={20} height={20} /> {bot?.name ?? "The bot"}
      </button>
    </div>
  );
}
