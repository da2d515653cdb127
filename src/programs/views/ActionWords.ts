import { type Action, type ActionName, SYSTEM_ACTOR } from "../../domain/Action.js";
import { COLORS } from "./Colors.js";
import { who } from "./Words.js";

interface Look {
  readonly words: string;
  readonly color: number;
}

/** What an action of the log is called on screen, and the colour of its embed (features.md F9). */
export const ACTION_LOOKS = {
  member_join: { words: "Joined", color: COLORS.grey },
  app_submitted: { words: "Application sent", color: COLORS.blue },
  claim: { words: "Claimed", color: COLORS.green },
  unclaim: { words: "Unclaimed", color: COLORS.grey },
  approve: { words: "Approved", color: COLORS.green },
  reject: { words: "Rejected", color: COLORS.yellow },
  perm_reject: { words: "Permanently rejected", color: COLORS.red },
  kick: { words: "Kicked", color: COLORS.red },
  unblock: { words: "Unblocked", color: COLORS.green },
  withdraw: { words: "Withdrawn", color: COLORS.grey },
  stale_release: { words: "Claim handed back", color: COLORS.grey },
  modmail_open: { words: "Modmail opened", color: COLORS.purple },
  modmail_close: { words: "Modmail closed", color: COLORS.grey },
  modmail_reopen: { words: "Modmail reopened", color: COLORS.purple },
  flag: { words: "Flagged", color: COLORS.yellow },
  unflag: { words: "Flag removed", color: COLORS.grey },
  send: { words: "Message sent", color: COLORS.blue },
  purge: { words: "Messages purged", color: COLORS.yellow },
  config_change: { words: "Settings changed", color: COLORS.blue },
  password_failed: { words: "Wrong password", color: COLORS.yellow },
  metrics_reset: { words: "Figures reset", color: COLORS.yellow },
  gate_reset: { words: "Gate reset", color: COLORS.yellow },
  export: { words: "Exported", color: COLORS.grey },
  login: { words: "Signed in", color: COLORS.grey },
  logout: { words: "Signed out", color: COLORS.grey },
  backup: { words: "Backup made", color: COLORS.grey },
  restore: { words: "Backup restored", color: COLORS.yellow },
  panic_on: { words: "Panic mode on", color: COLORS.red },
  panic_off: { words: "Panic mode off", color: COLORS.green },
  role_granted: { words: "Role given", color: COLORS.green },
  effect_failed: { words: "A step failed", color: COLORS.red },
} as const satisfies Record<ActionName, Look>;

/** What happened; a row about the accepted role can be about its end, and a purge about people. */
export const titleOf = (action: Action): string =>
  action.name === "role_granted" && action.details?.["removed"] === true
    ? "Role taken away"
    : action.name === "purge" && action.details?.["purge"] !== undefined
      ? "People removed"
      : ACTION_LOOKS[action.name].words;

/** Whoever did it. What was done by hand was not done by the bot, also where Discord does not tell by whom. */
export const byWhom = ({ actor, details }: Action): string =>
  actor === SYSTEM_ACTOR && details?.["by_hand"] === true ? "somebody" : who(actor);
