import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { SeenChannel } from "../../contract/seen.js";
import { Channels } from "./Channels.js";
import { Conversation } from "./Conversation.js";
import { control, useFresh } from "./control.js";
import { Guilds } from "./Guilds.js";
import { People } from "./People.js";
import { SidePanel } from "./SidePanel.js";
import { DM, HereContext, type Here } from "./world.js";

interface Place {
  readonly as: string | null;
  readonly guild: string | null;
  readonly channel: string | null;
}

const placeFromUrl = (): Place => {
  const search = new URLSearchParams(location.search);
  return { as: search.get("as"), guild: search.get("guild"), channel: search.get("channel") };
};

/** Where one is lives in the address, so that two windows can be two people. */
function usePlace(): readonly [Place, Here["go"]] {
  const [place, setPlace] = useState(placeFromUrl);
  useEffect(() => {
    const back = (): void => setPlace(placeFromUrl());
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const go = useCallback<Here["go"]>((to) => {
    const search = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(to)) search.set(name, value);
    history.pushState(null, "", `?${search}`);
    setPlace(placeFromUrl());
  }, []);
  return [place, go];
}

const CHANGES_THE_VIEW =
  /^(?:role|member|channel|thread|guild|bot|user)_|^(?:dm_opened|commands_changed|gateway_ready)$/;

export function App() {
  const [place, go] = usePlace();
  const [notice, setNotice] = useState<string>();
  const [behind, setBehind] = useState(false);
  const asked = useRef<string>(undefined);
  const everybody = useFresh(
    async () => {
      const guildId = asked.current ?? (await control.call("guilds", {}))[0]?.id;
      const people = await control.call("people", guildId === undefined ? {} : { guildId });
      // Who lives here before who only could.
      return people.sort((one, other) => Number(one.member === null) - Number(other.member === null));
    },
    "people",
    ({ event }) => CHANGES_THE_VIEW.test(event),
  );
  const people = everybody.value;
  const userId = place.as ?? people?.find(({ bot }) => !bot)?.userId;
  const person = useFresh(
    () => (userId === undefined ? Promise.resolve(undefined) : control.call("sight", { userId })),
    userId ?? "",
    ({ event }) => CHANGES_THE_VIEW.test(event),
  );
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(() => setNotice(undefined), 6_000);
    return () => clearTimeout(timer);
  }, [notice]);

  const me = person.value;
  const guild = me?.guilds.find(({ id }) => id === place.guild) ?? me?.guilds[0];
  const { refresh } = everybody;
  useEffect(() => {
    asked.current = guild?.id;
    refresh();
  }, [guild?.id, refresh]);
  const here = useMemo<Here | undefined>(() => {
    if (me === undefined || people === undefined) return undefined;
    const channel = channelAt(place.channel, [...(guild?.channels ?? []), ...(guild?.threads ?? [])]);
    return {
      me,
      bot: people.find(({ bot }) => bot),
      people,
      guild,
      channel,
      channelId: channel?.id === DM ? me.directChannelId : (channel?.id ?? null),
      go,
      say: setNotice,
    };
  }, [me, people, guild, place.channel, go]);

  if (here === undefined) {
    return (
      <main className="empty">
        <h1>Local Discord</h1>
        <p>
          {person.error ??
            everybody.error ??
            (people === undefined
              ? "Looking around …"
              : "Nobody lives here yet. Seed a guild through the control API, for example with exampleGuild.")}
        </p>
      </main>
    );
  }
  return (
    <HereContext value={here}>
      <div className="app">
        <nav className="left" aria-label="People and places">
          <People />
          <Guilds />
          <Channels />
        </nav>
        <Conversation
          key={`${here.me.user.id}:${here.channel?.id ?? ""}`}
          lookBehind={() => setBehind(true)}
        />
        <SidePanel open={behind} close={() => setBehind(false)} />
        {notice !== undefined && (
          <div className="toast" role="alert">
            {notice}
            <button type="button" aria-label="Close" onClick={() => setNotice(undefined)}>
              ×
            </button>
          </div>
        )}
      </div>
    </HereContext>
  );
}

function channelAt(wanted: string | null, channels: readonly SeenChannel[]): SeenChannel | undefined {
  if (wanted === DM) {
    return {
      id: DM,
      name: "Direct messages",
      type: 1,
      topic: null,
      parentId: null,
      position: 0,
      lastMessageId: null,
      canWrite: true,
      canReact: true,
      canUseCommands: true,
    };
  }
  return channels.find(({ id }) => id === wanted) ?? channels.find(({ type }) => type === 0);
}
