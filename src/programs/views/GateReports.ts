import { type APIEmbed, channelMention, roleMention } from "discord.js";
import { Status } from "../../domain/Application.js";
import type { GuildSettings } from "../../domain/Settings.js";
import { ALL_SETTINGS, GROUPS } from "../../domain/SettingsTable.js";
import { type ConsequenceKind } from "../../domain/SideEffect.js";
import { TEMPLATE_NAMES } from "../../domain/Template.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { GateStatusReport } from "../../services/GateStatus.js";
import { COLORS } from "./Colors.js";
import { settingValue } from "./SettingsReport.js";
import { findingLines } from "./SetupReport.js";
import { TEMPLATE_WORDS } from "./Templates.js";
import { ago, STATUS_WORDS } from "./Words.js";

export const welcomeChannels = ({ infoChannelId, rulesChannelId }: GuildSettings): MessagePayload => ({
  content: [
    `\`{info}\`: ${infoChannelId === null ? 'not set; it says "the info channel"' : channelMention(infoChannelId)}`,
    `\`{rules}\`: ${rulesChannelId === null ? 'not set; it says "the rules"' : channelMention(rulesChannelId)}`,
    "Choose them with the options of this command; `/config clear` takes one away.",
  ].join("\n"),
});

export const welcomeRole = ({ pingRoleId }: GuildSettings): MessagePayload => ({
  content:
    pingRoleId === null
      ? "Nobody is pinged but the person who is welcomed. Choose a role with the option of this command."
      : [
          `${roleMention(pingRoleId)} is pinged at the end of each welcome.`,
          `Write \`${roleMention(pingRoleId)}\` into the welcome post to have it elsewhere; \`/config clear\` takes it away.`,
        ].join("\n"),
});

/** What a step is called that failed. */
const STEP_WORDS: Readonly<Record<string, string>> = {
  GrantRole: "roles",
  KickMember: "kicks",
  BulkBan: "removals in bulk",
  DecisionMessage: "messages with a decision",
  ReceivedMessage: "confirming messages",
  ReleasedMessage: "messages about a claim",
  ResetMessage: "messages about a reset",
  WelcomePost: "welcome posts",
  PingPost: "pings",
  LogNotice: "notices about the log",
  LogPost: "log entries",
  DrawCard: "review cards",
  DrawDigest: "panic digests",
  GateMessage: "gate messages",
  JoinWaveAlert: "alerts about many joins",
  FlagPost: "alerts of flags",
  DeleteMessage: "deletions",
} satisfies Record<ConsequenceKind, string>;

const DESCRIPTION_MAX = 4_000;

/** How the gate is doing: what is open, what failed, and whether accepting somebody would work. */
export const gateStatus = ({ counts, oldest, failed, findings }: GateStatusReport): MessagePayload => {
  const of = (status: Status) => counts.find((row) => row.status === status)?.count ?? 0;
  const problems = findings.filter(({ problem }) => problem !== null);
  const embed: APIEmbed = {
    title: "Gate",
    color: problems.length === 0 && failed.length === 0 ? COLORS.green : COLORS.yellow,
    description: cut(
      [
        oldest === null
          ? "Nobody is waiting."
          : `**${of("pending")}** waiting, **${of("claimed")}** claimed; the oldest since ${ago(oldest)}.`,
        "",
        ...Status.literals.map((status) => `${of(status)} ${STATUS_WORDS[status]}`),
        "",
        ...(failed.length === 0
          ? ["✅ No step has failed."]
          : failed.map(
              ({ kind, count }) =>
                `❌ Failed ${STEP_WORDS[kind] ?? kind}: ${count}. Mend the cause, then press **Try again** on the card.`,
            )),
        "",
        problems.length === 0
          ? "**Accepting somebody would work.**"
          : "**Accepting somebody would not work.** Mend what is marked:",
        ...findingLines(findings),
      ].join("\n"),
      DESCRIPTION_MAX,
    ),
  };
  return { embeds: [embed] };
};

const QUESTION_SHOWN = 150;
const TEMPLATE_SHOWN = 300;

/** Everything the gate goes by, each shortly. */
export const gateConfig = (settings: GuildSettings): MessagePayload => ({
  embeds: [
    {
      title: "Gate settings",
      color: COLORS.blue,
      fields: [
        ...GROUPS.map((group) => ({
          name: group,
          value: cut(
            ALL_SETTINGS.filter(([, setting]) => setting.group === group)
              .map(([, setting]) => `${setting.label}: ${settingValue(setting, settings)}`)
              .join("\n"),
            1_000,
          ),
        })),
        {
          name: "Questions",
          value: settings.questions
            .map((question, index) => `${index + 1}. ${cut(plain(question), QUESTION_SHOWN)}`)
            .join("\n"),
        },
        ...TEMPLATE_NAMES.map((template) => ({
          name: TEMPLATE_WORDS[template],
          value: cut(plain(settings[`${template}Template`]), TEMPLATE_SHOWN),
        })),
      ],
      footer: { text: "Change them with /config set, /gate set-questions and /gate template edit" },
    },
  ],
});
