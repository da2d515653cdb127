import { channelMention, roleMention } from "discord.js";
import { type GuildSettings, SETTINGS_DEFAULTS, type SettingsPatch } from "../../domain/Settings.js";
import { PERMISSION_NAMES } from "../../domain/DiscordPermission.js";
import type { Finding } from "../../domain/Finding.js";
import {
  ALL_SETTINGS,
  differences,
  GROUPS,
  type Setting,
  type SettingName,
  SETTINGS,
} from "../../domain/SettingsTable.js";
import { cut } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { ChosenChannelHealth } from "../../domain/ChosenChannel.js";
import type { FlagFacts } from "../../services/Flags.js";
import { COLORS } from "./Colors.js";
import { findingLines } from "./SetupReport.js";

const NOT_SET = "not set";
const FIELD_VALUE = 1_024;
const PROBLEM_MAX = 160;

/** A value as people read it. */
export const settingValue = (setting: Setting, settings: SettingsPatch): string => {
  switch (setting.kind) {
    case "channel":
    case "optional_channel": {
      const id = setting.read(settings);
      return id == null ? NOT_SET : channelMention(id);
    }
    case "role":
    case "pinged_role": {
      const id = setting.read(settings);
      return id == null ? NOT_SET : roleMention(id);
    }
    case "staff_roles": {
      const ids = setting.read(settings) ?? [];
      return ids.length === 0 ? "none: admins only" : ids.map((id) => roleMention(id)).join(" ");
    }
    case "switch":
      return setting.read(settings) === true ? "on" : "off";
    case "optional_number": {
      const value = setting.read(settings);
      return value == null ? `not set: \`${setting.otherwise}\` counts` : `${value} ${setting.unit}`;
    }
    case "number":
      return `${setting.read(settings) ?? 0} ${setting.unit}`;
  }
};

const line = (
  [name, setting]: readonly [SettingName, Setting],
  settings: GuildSettings,
  findings: ReadonlyArray<Finding>,
): string => {
  const about = findings.filter((finding) => finding.about === name);
  const problem = about.find((finding) => finding.problem !== null);
  const mark = about.length === 0 ? "▫️" : problem === undefined ? "✅" : "❌";
  const remedy = problem?.problem == null ? "" : `: ${cut(problem.problem, PROBLEM_MAX)}`;
  return `${mark} ${setting.label}: ${settingValue(setting, settings)}${remedy}`;
};

const TEMPLATES = {
  gateTemplate: "gate message",
  approvalTemplate: "approval",
  rejectionTemplate: "rejection",
  kickTemplate: "kick",
  welcomeTemplate: "welcome",
} as const;

const texts = (settings: GuildSettings): ReadonlyArray<string> => {
  const names = Object.keys(TEMPLATES) as ReadonlyArray<keyof typeof TEMPLATES>;
  const own = names.filter((name) => settings[name] !== SETTINGS_DEFAULTS[name]);
  return [
    `▫️ Questions: ${settings.questions.length}`,
    `▫️ Templates of your own: ${own.length === 0 ? "none" : own.map((name) => TEMPLATES[name]).join(", ")}`,
  ];
};

/** Every setting with its value and whether it works, in groups. */
export const settingsOverview = (
  settings: GuildSettings,
  findings: ReadonlyArray<Finding>,
): MessagePayload => {
  const server = findings.filter(({ about, problem }) => about === "server" && problem !== null);
  const healthy = findings.every(({ problem }) => problem === null);
  return {
    embeds: [
      {
        title: "Settings of this server",
        color: healthy ? COLORS.green : COLORS.red,
        description: healthy
          ? "Everything works. Change a value with `/config set`."
          : "What is marked with ❌ does not work; mend it, or choose another with `/config set`.",
        fields: [
          ...GROUPS.map((group) => ({
            name: group,
            value: cut(
              ALL_SETTINGS.filter(([, setting]) => setting.group === group)
                .map((entry) => line(entry, settings, findings))
                .join("\n"),
              FIELD_VALUE,
            ),
          })),
          { name: "Texts", value: texts(settings).join("\n") },
          ...(server.length === 0 ? [] : [{ name: "Server", value: findingLines(server).join("\n") }]),
        ],
      },
    ],
  };
};

const changes = (before: SettingsPatch, after: SettingsPatch, names: ReadonlyArray<SettingName>) =>
  names.map((name) => {
    const setting = SETTINGS[name];
    return `- ${setting.label}: ${settingValue(setting, before)} → **${settingValue(setting, after)}**`;
  });

const report = (lines: ReadonlyArray<string>): MessagePayload => ({ content: cut(lines.join("\n"), 2_000) });

/** What was saved, before and after. */
export const settingsSaved = (before: GuildSettings, after: GuildSettings): MessagePayload => {
  const names = differences(before, after);
  return names.length === 0
    ? { content: "This is what is set already. Nothing was changed." }
    : report(["**Saved.**", ...changes(before, after, names)]);
};

/** Nothing was saved: why. */
export const settingsRefused = (problems: ReadonlyArray<string>): MessagePayload =>
  report(["**Not saved.** Mend what is marked, then try again:", ...problems]);

export const NO_SETTINGS = "Which setting? Pick one or more of the options of `/config set`.";

/** Somebody else was faster: what they changed, and what was wanted. */
export const settingsOvertaken = (
  seen: GuildSettings,
  now: GuildSettings,
  wanted: SettingsPatch,
): MessagePayload => {
  const meanwhile = differences(seen, now);
  return report([
    "**Not saved:** somebody else changed the settings in the same moment.",
    ...(meanwhile.length === 0 ? ["- texts or questions"] : changes(seen, now, meanwhile)),
    "You wanted:",
    ...changes(now, { ...now, ...wanted }, differences(now, { ...now, ...wanted })),
    "If you still want that, send the command again.",
  ]);
};

const RIGHTS = ["ViewChannel", "SendMessages", "EmbedLinks"] as const satisfies ReadonlyArray<
  keyof ChosenChannelHealth["rights"]
>;
const point = (is: boolean, words: string): string => `${is ? "✅" : "❌"} ${words}`;

const points = (health: ChosenChannelHealth): ReadonlyArray<string> =>
  health.outage
    ? ["⏳ Discord does not show this server at the moment."]
    : [
        point(health.exists, "exists"),
        ...(health.exists ? [point(health.inGuild, "belongs to this server")] : []),
        ...(health.inGuild ? [point(health.isText, "is a text channel")] : []),
        ...(health.isText ? RIGHTS.map((right) => point(health.rights[right], PERMISSION_NAMES[right])) : []),
      ];

const source = (health: ChosenChannelHealth, variable: string, setting: SettingName): string =>
  health.from === "guild"
    ? "chosen for this server"
    : `the default for every server (\`${variable}\`); choose another with \`/config set ${setting}\``;

/** Where the log goes, who chose that, and whether each entry can be posted there (features.md F9). */
export const loggingReport = (health: ChosenChannelHealth | null): MessagePayload =>
  health === null
    ? {
        content:
          "**The log is posted nowhere.** Choose a channel with `/config set logging_channel`. Every action is kept in the database all the same.",
      }
    : report([
        `**Logging channel:** ${channelMention(health.channelId)}, ${source(health, "LOGGING_CHANNEL", "logging_channel")}`,
        ...points(health),
        health.usable
          ? "Entries are posted."
          : "Entries are not posted until this is mended: grant what is missing in the channel's settings, or choose another channel. Nothing is lost meanwhile.",
      ]);

/** Where moderators are told of flags, and when a first message raises one (features.md F12). */
export const flagsReport = ({ channel, thresholdDays, isDefault, open }: FlagFacts): MessagePayload =>
  report([
    ...(channel === null
      ? [
          "**Flags are told nowhere.** Choose a channel with `/config set flags_channel`. They are kept all the same.",
        ]
      : [
          `**Flags channel:** ${channelMention(channel.channelId)}, ${source(channel, "FLAGGED_REPORT_CHANNEL_ID", "flags_channel")}`,
          ...points(channel),
          channel.usable
            ? "Flags are told there."
            : "Flags are not told until this is mended: grant what is missing in the channel's settings, or choose another channel. They are kept all the same.",
        ]),
    `**A first message raises a flag** ${thresholdDays} days or more after joining, ${
      isDefault
        ? "the default for every server (`SILENT_FIRST_MSG_DAYS`); choose another with `/config set flags_threshold`"
        : "chosen for this server"
    }.`,
    `**Open flags:** ${open}`,
  ]);
