import { createContext, useContext } from "react";
import type { Person, SeenChannel, SeenCommand, SeenGuild, Sight } from "../../contract/seen.js";
import type { WireUser } from "../../contract/wire.js";
import type { Role } from "../../contract/world.js";
import { control, useFresh } from "./control.js";

/** Who one is, where one looks, and what can be seen from there. */
export interface Here {
  readonly me: Sight;
  readonly bot: Person | undefined;
  /** Everybody, the bot included. */
  readonly people: readonly Person[];
  readonly guild: SeenGuild | undefined;
  readonly channel: SeenChannel | undefined;
  /** The channel's id in the world; none before the first direct message. */
  readonly channelId: string | null;
  /** Goes elsewhere; what is left out stays. */
  readonly go: (to: { readonly as?: string; readonly guild?: string; readonly channel?: string }) => void;
  readonly say: (notice: string) => void;
}

export const HereContext = createContext<Here | undefined>(undefined);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (here === undefined) throw new Error("Nobody is here yet");
  return here;
}

/** The direct messages with the bot, as a channel among the others. */
export const DM = "dm";

const NONE: readonly SeenCommand[] = [];

/** What one finds when typing `/` here, or in the Apps menu. */
export function useCommands(): readonly SeenCommand[] {
  const { me, channelId } = useHere();
  const { value } = useFresh(
    () =>
      channelId === null
        ? Promise.resolve([])
        : control.call("commandsFor", { userId: me.user.id, channelId }),
    `${me.user.id}:${channelId ?? ""}`,
    ({ event }) => event === "commands_changed" || event.startsWith("role_"),
  );
  return value ?? NONE;
}

/** A member's roles, highest first. */
export const rolesOf = (guild: SeenGuild | undefined, person: Person | undefined): readonly Role[] =>
  guild?.roles.filter(({ id }) => person?.member?.roles.includes(id) ?? false) ?? [];

/** What a person may be mentioned or chosen by: who is in the guild. */
export const membersOf = (people: readonly Person[]): readonly Person[] =>
  people.filter(({ member }) => member !== null);

/** The picture of whoever wrote it; a webhook is nobody among the people and has the usual one, or its own. */
export const avatarOf = ({ id, avatar }: WireUser, people: readonly Person[]): string =>
  people.find(({ userId }) => userId === id)?.avatarUrl ??
  (avatar === null
    ? `/cdn/embed/avatars/${Number((BigInt(id) >> 22n) % 6n)}.png`
    : `/cdn/avatars/${id}/${avatar}.png`);
