import { TimestampStyles, time, userMention } from "discord.js";
import { type Action, SYSTEM_ACTOR } from "../../domain/Action.js";
import type { Status } from "../../domain/Application.js";

/** `<t:…:R>`: relative, with the exact time on hover. */
export const ago = (millis: number): string => time(Math.floor(millis / 1000), TimestampStyles.RelativeTime);

const MEBIBYTE = 1_048_576;
/** Of a file or a disk. */
export const size = (bytes: number): string =>
  bytes < MEBIBYTE ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MEBIBYTE).toFixed(1)} MB`;

/** `<t:…:d>`: the date. */
export const date = (millis: number): string => time(Math.floor(millis / 1000), TimestampStyles.ShortDate);

export const who = (actor: Action["actor"]): string =>
  actor === SYSTEM_ACTOR ? "the bot" : userMention(actor);

/** What a state is called, everywhere. */
export const STATUS_WORDS = {
  draft: "not sent yet",
  pending: "waiting",
  claimed: "claimed",
  approved: "approved",
  rejected: "rejected",
  perm_rejected: "permanently rejected",
  kicked: "kicked",
  withdrawn: "withdrawn",
} as const satisfies Record<Status, string>;
