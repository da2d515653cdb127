import { channelMention, messageLink, userMention } from "discord.js";
import type { Flag } from "../../domain/Flag.js";
import type { Consequence } from "../../domain/SideEffect.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { Flagged } from "../../services/Flags.js";
import { COLORS } from "./Colors.js";
import { ago, who } from "./Words.js";

const REASON_SHOWN = 1_000;

/** The text by which an alert is known among the bot's messages. */
export const flagMarker = ({ id }: Flag): string => `Flag ${id}`;

/** Tells moderators of a flag; pings nobody. */
export const flagAlert = (
  flag: Flag,
  message: Extract<Consequence, { readonly _tag: "FlagPost" }>["message"],
): MessagePayload => ({
  embeds: [
    {
      title: flag.kind === "silent" ? "🚩 Flagged for a late first message" : "🚩 Flagged",
      color: COLORS.yellow,
      description: [
        `${userMention(flag.userId)} · \`${flag.userId}\``,
        `By ${who(flag.flaggedBy)} ${ago(flag.at)}`,
        `Reason: ${cut(plain(flag.reason), REASON_SHOWN)}`,
        ...(message === null
          ? []
          : [`[Look at the message](${messageLink(message.channelId, message.messageId, flag.guildId)})`]),
        "`/unflag` takes it away.",
      ].join("\n"),
      footer: { text: flagMarker(flag) },
    },
  ],
});

/** What the moderator is told. */
export const flaggedAnswer = ({ flag, channel, isHere }: Flagged): string => {
  const alert =
    channel === null
      ? "No alert was posted: there is no flags channel. An admin can choose one with `/config set flags_channel`."
      : channel.usable || channel.outage
        ? `The alert goes to ${channelMention(channel.channelId)}.`
        : `The alert cannot be posted in ${channelMention(channel.channelId)}. \`/config get flags\` says why.`;
  return [
    `**Flagged** ${userMention(flag.userId)}. The flag stands on the review card and in the log.`,
    ...(isHere === false ? ["This person is not in the server at the moment; the flag waits for them."] : []),
    alert,
  ].join("\n");
};
