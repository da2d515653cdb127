import type { Details } from "./Action.js";
import type { UserId } from "./Ids.js";

/** The length of what moderators give as a reason, in UTF-16 units. */
export const REASON_MAX = 500;

/** Where somebody acted; a press redraws its own card. */
export type Via = "press" | "command" | "web";

/** Somebody who acts on what others have sent. */
export interface Moderator {
  readonly id: UserId;
  /** May unclaim for others. */
  readonly admin: boolean;
  readonly via: Via;
}

/** What a row of the log says of it: what is done in Discord needs no word. */
export const viaDetails = (via: Via): Details => (via === "web" ? { via } : {});
