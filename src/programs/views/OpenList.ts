import { ButtonStyle, messageLink, userMention } from "discord.js";
import { Schema } from "effect";
import type { QueueEntry, QueuePage } from "../../domain/Application.js";
import { ApplicationId, type GuildId, Millis } from "../../domain/Ids.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { button, row } from "./CardButtons.js";
import { COLORS } from "./Colors.js";
import { ago } from "./Words.js";

export const Scope = Schema.Literal("mine", "all");
export type Scope = typeof Scope.Type;

/** Turns the pages of the list: what lies on one side of an application that was on the page. */
export const OpenListId = CustomId.make(
  "open",
  Schema.Struct({
    scope: Scope,
    direction: Schema.Literal("next", "previous"),
    submittedAt: Schema.compose(Schema.NumberFromString, Millis),
    id: ApplicationId,
  }),
);

export const PAGE_SIZE = 10;

const line = (guildId: GuildId, entry: QueueEntry): string => {
  const { code, userId, username, submittedAt, claimedBy, claimedAt, cardChannelId, cardMessageId } = entry;
  const name =
    cardChannelId === null || cardMessageId === null
      ? `**#${code}**`
      : `[**#${code}**](${messageLink(cardChannelId, cardMessageId, guildId)})`;
  const waits = submittedAt === null ? "" : ` · sent ${ago(submittedAt)}`;
  const claimed =
    claimedBy === null
      ? ""
      : ` · claimed by ${userMention(claimedBy)}${claimedAt === null ? "" : ` ${ago(claimedAt)}`}`;
  return `${name} ${userMention(userId)} (${cut(plain(username), 40)})${waits}${claimed}`;
};

const NOTHING = {
  mine: "You have claimed nothing at the moment.",
  all: "No application is open. Well done!",
} as const satisfies Record<Scope, string>;

/** A page of the open applications, longest waiting first. */
export const openList = (guildId: GuildId, scope: Scope, page: QueuePage): MessagePayload => {
  const { entries, more, total } = page;
  const turn = (label: string, direction: "next" | "previous", edge: QueueEntry | undefined) =>
    edge === undefined || edge.submittedAt === null
      ? []
      : [
          button(
            label,
            ButtonStyle.Secondary,
            OpenListId.encode({ scope, direction, submittedAt: edge.submittedAt, id: edge.id }),
          ),
        ];
  if (entries.length === 0)
    return { embeds: [{ description: NOTHING[scope], color: COLORS.grey }], components: [] };
  return {
    embeds: [
      {
        title: scope === "mine" ? `Claimed by you: ${total}` : `Open applications: ${total}`,
        description: entries.map((entry) => line(guildId, entry)).join("\n"),
        color: COLORS.blue,
      },
    ],
    components: row(
      ...(more.before ? turn("Previous", "previous", entries[0]) : []),
      ...(more.after ? turn("Next", "next", entries.at(-1)) : []),
    ),
  };
};
