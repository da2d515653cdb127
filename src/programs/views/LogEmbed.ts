import type { APIEmbed } from "discord.js";
import { userMention } from "discord.js";
import type { Action } from "../../domain/Action.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { ACTION_LOOKS, byWhom, titleOf } from "./ActionWords.js";
import { ago } from "./Words.js";

const detailsOf = (action: Action): string =>
  Object.entries(action.details ?? {})
    .filter(([name, value]) => name !== "code" && name !== "via" && value !== null)
    .map(([name, value]) =>
      typeof value === "number" && name.endsWith("_at")
        ? `${name}: ${ago(value)}`
        : `${name}: ${plain(`${value}`)}`,
    )
    .join(" · ");

/** At most 700 characters, so that eight of them fit into one message. */
const embedOf = (action: Action): APIEmbed => ({
  title: `${titleOf(action)}${typeof action.details?.["code"] === "string" ? ` #${action.details["code"]}` : ""}`,
  color: ACTION_LOOKS[action.name].color,
  description: cut(
    [
      `By ${byWhom(action)}${action.details?.["via"] === "web" ? ", from the dashboard" : ""}${action.target === null || action.target === action.actor ? "" : `, about ${userMention(action.target)}`}`,
      ...(action.reason === null ? [] : [`Reason: ${cut(plain(action.reason), 300)}`]),
      ...(detailsOf(action) === "" ? [] : [cut(detailsOf(action), 200)]),
    ].join("\n"),
    600,
  ),
  // Number and hash bear witness outside the database (docs/action-log.md).
  footer: { text: `${action.name} · ${action.id} · row ${action.seq} · ${action.hash.slice(0, 12)}` },
  timestamp: new Date(action.at).toISOString(),
});

/** One message for up to eight rows of the log. */
export const logEmbeds = (actions: ReadonlyArray<Action>): MessagePayload => ({
  embeds: actions.map(embedOf),
});
