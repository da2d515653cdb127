import {
  type APIButtonComponentWithCustomId,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
  userMention,
} from "discord.js";
import { Schema } from "effect";
import type { Application, Status } from "../../domain/Application.js";
import type { CardFacts } from "../../domain/CardFacts.js";
import { ApplicationId, createdAt } from "../../domain/Ids.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { ACTION_WORDS } from "./ActionWords.js";
import { COLORS } from "./Colors.js";
import { anyFailed, effectLines } from "./Effects.js";
import { ago, date, STATUS_WORDS, who } from "./Words.js";

const OfApplication = Schema.Struct({ application: ApplicationId });
export const ClaimId = CustomId.make("claim", OfApplication);
export const UnclaimId = CustomId.make("unclaim", OfApplication);
export const AcceptId = CustomId.make("accept", OfApplication);
export const RetryId = CustomId.make("retry", OfApplication);
/** Opens the form for the reason of a destructive decision. */
export const RefuseId = CustomId.make(
  "refuse",
  Schema.Struct({ kind: Schema.Literal("reject", "perm_reject", "kick"), application: ApplicationId }),
);

const COLOR_OF = {
  draft: COLORS.grey,
  pending: COLORS.blue,
  claimed: COLORS.green,
  approved: COLORS.green,
  rejected: COLORS.yellow,
  perm_rejected: COLORS.red,
  kicked: COLORS.red,
  withdrawn: COLORS.grey,
} as const satisfies Record<Status, number>;

/** Discord counts 6 000 characters over all embeds of a message; a field's value takes 1 024. */
const EMBED_TOTAL = 5_900;
const FIELD_VALUE = 1_024;
const REASON_SHOWN = 300;

const by = (id: Application["decidedBy"]) => (id === null ? "somebody" : userMention(id));

const statusLine = ({ application, reapplyAt }: CardFacts): string => {
  const decided = application.decidedAt === null ? "" : ` ${ago(application.decidedAt)}`;
  switch (application.status) {
    case "draft":
      return "Not sent yet";
    case "pending":
      return `**Waiting** for a moderator${application.submittedAt === null ? "" : ` since ${ago(application.submittedAt)}`}`;
    case "claimed":
      return `**Claimed** by ${by(application.claimedBy)}${application.claimedAt === null ? "" : ` ${ago(application.claimedAt)}`}`;
    case "approved":
      return `**Approved** by ${by(application.decidedBy)}${decided}`;
    case "rejected":
      return `**Rejected** by ${by(application.decidedBy)}${decided}${reapplyAt === null ? "" : `; may apply again ${ago(reapplyAt)}`}`;
    case "perm_rejected":
      return `**Permanently rejected** by ${by(application.decidedBy)}${decided}`;
    case "kicked":
      return `**Kicked** by ${by(application.decidedBy)}${decided}`;
    case "withdrawn":
      return "**Withdrawn**";
  }
};

const earlierLine = (application: Application): string => {
  const when = application.decidedAt ?? application.submittedAt ?? application.createdAt;
  const reason = application.reason === null ? "" : `: ${cut(plain(application.reason), 60)}`;
  return `#${application.code} ${STATUS_WORDS[application.status]} on ${date(when)}${reason}`;
};

const field = (name: string, lines: ReadonlyArray<string>) =>
  lines.length === 0 ? [] : [{ name, value: cut(lines.join("\n"), FIELD_VALUE) }];

const answerFields = (application: Application, room: number) => {
  const share = Math.floor(room / Math.max(application.answers.length, 1));
  return application.answers.map(({ question, text }, index) => {
    const name = cut(`${index + 1}. ${question}`, Math.min(150, Math.floor(share / 3)));
    const value = cut(plain(text), Math.min(FIELD_VALUE, share - name.length));
    return { name, value: value.trim() === "" ? "No answer" : value };
  });
};

const lengthOf = (embed: APIEmbed): number =>
  (embed.title?.length ?? 0) +
  (embed.description?.length ?? 0) +
  (embed.footer?.text.length ?? 0) +
  (embed.author?.name.length ?? 0) +
  (embed.fields ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 0);

const button = (label: string, style: APIButtonComponentWithCustomId["style"], customId: string) => ({
  type: ComponentType.Button as const,
  label,
  style,
  custom_id: customId,
});

const row = (...buttons: Array<ReturnType<typeof button>>) => ({
  type: ComponentType.ActionRow as const,
  components: buttons,
});

const buttons = ({
  application: { id, status },
  effects,
}: CardFacts): NonNullable<MessagePayload["components"]> => {
  const application = { application: id };
  if (status === "pending") return [row(button("Claim", ButtonStyle.Primary, ClaimId.encode(application)))];
  if (status === "claimed") {
    return [
      row(
        button("Accept", ButtonStyle.Success, AcceptId.encode(application)),
        button("Reject", ButtonStyle.Danger, RefuseId.encode({ kind: "reject", ...application })),
        button("Perm Reject", ButtonStyle.Danger, RefuseId.encode({ kind: "perm_reject", ...application })),
        button("Kick", ButtonStyle.Danger, RefuseId.encode({ kind: "kick", ...application })),
        button("Unclaim", ButtonStyle.Secondary, UnclaimId.encode(application)),
      ),
    ];
  }
  return anyFailed(effects)
    ? [row(button("Try again", ButtonStyle.Primary, RetryId.encode(application)))]
    : [];
};

/** The text by which a card is known among the bot's messages. */
export const cardMarker = (application: Application): string => `Application #${application.code}`;

/** The review card in its newest state (features.md F5), inside every limit of Discord whatever people typed. */
export const reviewCard = (facts: CardFacts): MessagePayload => {
  const { application, earlier, actions, effects } = facts;
  const embed: APIEmbed = {
    author: {
      name: cut(`${application.displayName} (${application.username})`, 100),
      icon_url: application.avatarUrl,
    },
    title: cardMarker(application),
    color: COLOR_OF[application.status],
    thumbnail: { url: application.avatarUrl },
    description: [
      statusLine(facts),
      ...(application.leftAt === null ? [] : [`This person **left the server** ${ago(application.leftAt)}.`]),
      ...(application.reason === null ? [] : [`Reason: ${cut(plain(application.reason), REASON_SHOWN)}`]),
      "",
      `${userMention(application.userId)} · ${plain(application.username)} · \`${application.userId}\``,
      `Account made ${ago(createdAt(application.userId))}${application.joinedAt === null ? "" : ` · joined ${ago(application.joinedAt)}`}`,
      ...(earlier.length === 0 ? [] : [`Reapplication: ${earlier.length} before this one`]),
    ].join("\n"),
    footer: { text: `Application #${application.code}` },
  };
  const tail = [
    ...field("What follows", effectLines(effects)),
    ...field("Earlier applications", earlier.slice(0, 5).map(earlierLine)),
    ...field(
      "Last actions",
      actions.map((action) => `${ACTION_WORDS[action.name]} by ${who(action.actor)} ${ago(action.at)}`),
    ),
  ];
  const fixed = lengthOf({ ...embed, fields: tail });
  return {
    embeds: [{ ...embed, fields: [...answerFields(application, EMBED_TOTAL - fixed), ...tail] }],
    components: buttons(facts),
  };
};
