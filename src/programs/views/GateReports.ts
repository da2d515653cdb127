import { type APIEmbed, channelMention, roleMention } from "discord.js";
import { Status } from "../../domain/Application.js";
import type { GuildSettings } from "../../domain/Settings.js";
import { ALL_SETTINGS, GROUPS } from "../../domain/SettingsTable.js";
import { type ConsequenceKind } from "../../domain/SideEffect.js";
import { TEMPLATE_NAMES } from "../../domain/Template.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { GateStatusReport, KindCount } from "../../services/GateStatus.js";
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

const TRY_AGAIN = "Mend the cause, then press **Try again** on the card.";

/** What a step is called that failed, and what is left to do about it. */
const FAILED_STEPS: Readonly<Record<string, readonly [name: string, advice: string]>> = {
  GrantRole: ["roles", TRY_AGAIN],
  KickMember: ["kicks", TRY_AGAIN],
  DecisionMessage: ["messages with a decision", TRY_AGAIN],
  WelcomePost: ["welcome posts", TRY_AGAIN],
  BulkBan: [
    "removals in bulk",
    "`/panic status` says who was not removed and why; `/panic purge` tries those again.",
  ],
  ReceivedMessage: ["confirming messages", "The applications are in; nothing is left to do."],
  ReleasedMessage: ["messages about a claim", "The claims are back in the queue; nothing is left to do."],
  ResetMessage: ["messages about a reset", "The people can apply again; nothing is left to do."],
  PingPost: ["pings", "Mend the cause, then press **Ping in Unverified** again."],
  LogNotice: ["notices about the log", "`/config get logging` says how the log is now."],
  LogPost: ["log entries", "They are kept; `npm run replay:logs` on the server posts them."],
  DrawCard: ["review cards", "Mend the cause, then run `/gate setup` again: it draws them."],
  DrawDigest: ["panic digests", "`/panic status` shows the same; the next application draws it again."],
  GateMessage: ["gate messages", "Mend the cause, then run `/gate setup` again: it posts it."],
  JoinWaveAlert: ["alerts about many joins", "They come too late now. Mend the cause for the next one."],
  FlagPost: ["alerts of flags", "The flags stand all the same. Mend the cause for the next one."],
  DeleteMessage: ["deletions", "Delete what is left of the bot's old messages by hand."],
} satisfies Record<ConsequenceKind, readonly [string, string]>;

const failedLine = ({ kind, count, newest }: KindCount): string => {
  const [name, advice] = FAILED_STEPS[kind] ?? [kind, ""];
  return `❌ Failed ${name}: ${count}, the last ${ago(newest)}. ${advice}`;
};

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
        ...(failed.length === 0 ? ["✅ No step has failed."] : failed.map(failedLine)),
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
