import type { APIEmbed } from "discord.js";
import { userMention } from "discord.js";
import type { Action, ActionName } from "../../domain/Action.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { ACTION_WORDS } from "./ActionWords.js";
import { COLORS } from "./Colors.js";
import { who } from "./Words.js";

const COLOR_OF: Partial<Record<ActionName, number>> = {
  app_submitted: COLORS.blue,
  claim: COLORS.green,
  approve: COLORS.green,
  role_granted: COLORS.green,
  reject: COLORS.yellow,
  perm_reject: COLORS.red,
  kick: COLORS.red,
  effect_failed: COLORS.red,
  modmail_open: COLORS.purple,
  modmail_close: COLORS.grey,
};

const detailsOf = (action: Action): string =>
  Object.entries(action.details ?? {})
    .filter(([name, value]) => name !== "code" && value !== null)
    .map(([name, value]) => `${name}: ${plain(`${value}`)}`)
    .join(" · ");

/** At most 700 characters, so that eight of them fit into one message. */
const embedOf = (action: Action): APIEmbed => ({
  title: `${ACTION_WORDS[action.name]}${typeof action.details?.["code"] === "string" ? ` #${action.details["code"]}` : ""}`,
  color: COLOR_OF[action.name] ?? COLORS.grey,
  description: cut(
    [
      `By ${who(action.actor)}${action.target === null || action.target === action.actor ? "" : `, about ${userMention(action.target)}`}`,
      ...(action.reason === null ? [] : [`Reason: ${cut(plain(action.reason), 300)}`]),
      ...(detailsOf(action) === "" ? [] : [cut(detailsOf(action), 200)]),
    ].join("\n"),
    600,
  ),
  footer: { text: `${action.name} · ${action.id}` },
  timestamp: new Date(action.at).toISOString(),
});

/** One message for up to eight rows of the log. */
export const logEmbeds = (actions: ReadonlyArray<Action>): MessagePayload => ({
  embeds: actions.map(embedOf),
});
