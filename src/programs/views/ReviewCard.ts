import { type APIEmbed, userMention } from "discord.js";
import type { Application, Status } from "../../domain/Application.js";
import type { CardFacts } from "../../domain/CardFacts.js";
import { createdAt } from "../../domain/Ids.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { byWhom, titleOf } from "./ActionWords.js";
import { cardButtons } from "./CardButtons.js";
import { COLORS } from "./Colors.js";
import { effectLines } from "./Effects.js";
import { ago, date, STATUS_WORDS, who } from "./Words.js";

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
const FLAG_REASON_SHOWN = 150;
const NAME_SHOWN = 150;
const EARLIER_SHOWN = 5;

const by = (id: Application["decidedBy"]) => (id === null ? "somebody" : userMention(id));

const statusLine = ({ application, reapplyAt, blocked }: CardFacts): string => {
  const unblocked = blocked ? "" : "; unblocked since, may apply again";
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
      return `**Permanently rejected** by ${by(application.decidedBy)}${decided}${unblocked}`;
    case "kicked":
      return `**Kicked** by ${by(application.decidedBy)}${decided}${unblocked}`;
    case "withdrawn":
      return "**Withdrawn**";
  }
};

const earlierNote = (earlier: CardFacts["earlier"]): ReadonlyArray<string> => {
  const [last] = earlier;
  if (last === undefined) return [];
  const many = earlier.length > EARLIER_SHOWN ? `more than ${EARLIER_SHOWN}` : `${earlier.length}`;
  return [
    `**Reapplication**, ${STATUS_WORDS[last.status]} on ${date(whenOf(last))} (${many} before this one)`,
  ];
};

const whenOf = ({ decidedAt, submittedAt, createdAt }: Application) => decidedAt ?? submittedAt ?? createdAt;

const earlierLine = (application: Application): string => {
  const reason = application.reason === null ? "" : `: ${cut(plain(application.reason), 60)}`;
  return `#${application.code} ${STATUS_WORDS[application.status]} on ${date(whenOf(application))}${reason}`;
};

const field = (name: string, lines: ReadonlyArray<string>) =>
  lines.length === 0 ? [] : [{ name, value: cut(lines.join("\n"), FIELD_VALUE) }];

/** Shares `room` out: what needs less than an even share leaves the rest to the others. */
const allot = (needs: ReadonlyArray<number>, room: number): ReadonlyArray<number> => {
  const shares = needs.map(() => 0);
  let left = room;
  [...needs.entries()]
    .sort(([, one], [, other]) => one - other)
    .forEach(([index, need], done) => {
      const share = Math.min(need, Math.floor(left / (needs.length - done)));
      shares[index] = share;
      left -= share;
    });
  return shares;
};

/** Each question with its answer, and whether all of it is readable. */
const answerFields = (application: Application, room: number) => {
  const asked = application.answers.map(({ question, text }, index) => {
    const number = `${index + 1}. `;
    return { name: `${number}${question}`, value: text.trim() === "" ? "No answer" : plain(text) };
  });
  const names = asked.map(({ name }) => cut(name, NAME_SHOWN));
  const forNames = names.reduce((sum, name) => sum + name.length, 0);
  const shares = allot(
    asked.map(({ value }) => Math.min(value.length, FIELD_VALUE)),
    room - forNames,
  );
  const fields = asked.map(({ value }, index) => ({
    name: names[index] ?? "",
    value: cut(value, shares[index] ?? 0),
  }));
  return {
    fields,
    whole: asked.every(
      ({ name, value }, index) => fields[index]?.name === name && fields[index].value === value,
    ),
  };
};

const lengthOf = (embed: APIEmbed): number =>
  (embed.title?.length ?? 0) +
  (embed.description?.length ?? 0) +
  (embed.footer?.text.length ?? 0) +
  (embed.author?.name.length ?? 0) +
  (embed.fields ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 0);

/** The accepted role came or went by somebody's hand, not by a decision. */
const roleNote = ({ role }: CardFacts): ReadonlyArray<string> =>
  role === null
    ? []
    : [
        `The accepted role was **${role.held ? "given" : "taken away"} by hand** ${ago(role.at)}${role.by === null ? "" : ` by ${userMention(role.by)}`}`,
      ];

const flagNote = ({ flag }: CardFacts): ReadonlyArray<string> =>
  flag === null
    ? []
    : [
        `🚩 **Flagged** by ${who(flag.flaggedBy)} ${ago(flag.at)}: ${cut(plain(flag.reason).replace(/\s+/g, " "), FLAG_REASON_SHOWN)}`,
      ];

/** The text by which a card is known among the bot's messages. */
export const cardMarker = (application: Application): string => `Application #${application.code}`;

/** The review card in its newest state (features.md F5), inside every limit of Discord whatever people typed. */
export const reviewCard = (facts: CardFacts): MessagePayload => {
  const { application, earlier, actions, effects } = facts;
  const reason = application.reason === null ? "" : plain(application.reason);
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
      ...(reason === ""
        ? []
        : [`${application.status === "approved" ? "Note" : "Reason"}: ${cut(reason, REASON_SHOWN)}`]),
      ...roleNote(facts),
      ...flagNote(facts),
      "",
      `${userMention(application.userId)} · ${plain(application.username)} · \`${application.userId}\``,
      `Account made ${ago(createdAt(application.userId))}${application.joinedAt === null ? "" : ` · joined ${ago(application.joinedAt)}`}`,
      ...earlierNote(earlier),
    ].join("\n"),
    footer: { text: `Application #${application.code}` },
  };
  const tail = [
    ...field("What follows", effectLines(effects)),
    ...field("Earlier applications", earlier.slice(0, EARLIER_SHOWN).map(earlierLine)),
    ...field(
      "Last actions",
      actions.map((action) => `${titleOf(action)} by ${byWhom(action)} ${ago(action.at)}`),
    ),
  ];
  const fixed = lengthOf({ ...embed, fields: tail });
  const answers = answerFields(application, EMBED_TOTAL - fixed);
  return {
    embeds: [{ ...embed, fields: [...answers.fields, ...tail] }],
    components: cardButtons(facts, !answers.whole || reason.length > REASON_SHOWN),
  };
};
