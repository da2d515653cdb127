import { channelMention } from "discord.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { COLORS } from "./Colors.js";
import { ago } from "./Words.js";

/** The text by which a notice is known among the bot's messages. */
export const logNoticeMarker = (at: number): string => `Log notice ${at}`;

/** Operators read a channel's id in the bot's log; here it is a link. */
const linked = (problem: string): string => problem.replace(/\b\d{17,20}\b/, (id) => channelMention(id));

/** That the log cannot be posted, and why, or that it can be again. */
export const logNotice = (problem: string | null, at: number): MessagePayload => ({
  embeds: [
    {
      ...(problem === null
        ? {
            title: "The log is posted again",
            color: COLORS.green,
            description: "What happened meanwhile was kept, and is in the log in its order.",
          }
        : {
            title: "The log cannot be posted",
            color: COLORS.red,
            description: [
              `${linked(problem)} An admin sets another channel with \`/config set\`.`,
              `Noticed ${ago(at)}. Nothing is lost: what happens is kept, and posted once the log works.`,
            ].join("\n"),
          }),
      footer: { text: logNoticeMarker(at) },
    },
  ],
});
