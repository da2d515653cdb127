import { Schema } from "effect";
import type { PermissionName } from "./DiscordPermission.js";
import type { ChannelId, RoleId } from "./Ids.js";
import type { SettingsPatch } from "./Settings.js";

export const GROUPS = ["Channels", "Roles", "Gate", "Review", "Raid", "Flags"] as const;
export type Group = (typeof GROUPS)[number];

interface Described {
  readonly group: Group;
  /** What it is called on screen. */
  readonly label: string;
  /** One line for whoever chooses a value; at most 100 characters. */
  readonly purpose: string;
}

/** Where a value lives: read from settings (or a part of them), and written as a change. */
interface Place<A> {
  readonly read: (settings: SettingsPatch) => A | undefined;
  readonly write: (value: A) => SettingsPatch;
}

export interface ChannelSetting extends Described, Place<ChannelId> {
  readonly kind: "channel";
  readonly needs: ReadonlyArray<PermissionName>;
}
export interface OptionalChannelSetting extends Described, Place<ChannelId | null> {
  readonly kind: "optional_channel";
  readonly needs: ReadonlyArray<PermissionName>;
}
/** A role that the bot gives. */
export interface RoleSetting extends Described, Place<RoleId> {
  readonly kind: "role";
}
/** A role that the bot mentions. */
export interface PingedRoleSetting extends Described, Place<RoleId | null> {
  readonly kind: "pinged_role";
}
/** Roles that members of staff hold already. */
export interface StaffRolesSetting extends Described, Place<ReadonlyArray<RoleId>> {
  readonly kind: "staff_roles";
  readonly max: number;
}
export interface NumberSetting extends Described, Place<number> {
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}
/** A number that the configuration of the bot gives where a guild has none. */
export interface OptionalNumberSetting extends Described, Place<number | null> {
  readonly kind: "optional_number";
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** The environment variable that counts without one. */
  readonly otherwise: string;
}
export interface SwitchSetting extends Described, Place<boolean> {
  readonly kind: "switch";
}
export type Setting =
  | ChannelSetting
  | OptionalChannelSetting
  | RoleSetting
  | PingedRoleSetting
  | StaffRolesSetting
  | NumberSetting
  | OptionalNumberSetting
  | SwitchSetting;

const channel = (setting: Omit<ChannelSetting, "kind">): ChannelSetting => ({ kind: "channel", ...setting });
const optionalChannel = (setting: Omit<OptionalChannelSetting, "kind">): OptionalChannelSetting => ({
  kind: "optional_channel",
  ...setting,
});
const role = (setting: Omit<RoleSetting, "kind">): RoleSetting => ({ kind: "role", ...setting });
const pingedRole = (setting: Omit<PingedRoleSetting, "kind">): PingedRoleSetting => ({
  kind: "pinged_role",
  ...setting,
});
const staffRoles = (setting: Omit<StaffRolesSetting, "kind">): StaffRolesSetting => ({
  kind: "staff_roles",
  ...setting,
});
const number = (setting: Omit<NumberSetting, "kind">): NumberSetting => ({ kind: "number", ...setting });
const optionalNumber = (setting: Omit<OptionalNumberSetting, "kind">): OptionalNumberSetting => ({
  kind: "optional_number",
  ...setting,
});

const onOff = (setting: Omit<SwitchSetting, "kind">): SwitchSetting => ({ kind: "switch", ...setting });

const POST: ReadonlyArray<PermissionName> = ["ViewChannel", "SendMessages", "EmbedLinks"];

/**
 * Every setting of a guild that is one value. Adding one is one entry here and one column: the options of `/config set`,
 * `/config view`, the checks before saving, `docs/settings.md` and the dashboard are made from this table.
 */
export const SETTINGS = {
  review_channel: channel({
    group: "Channels",
    label: "Review channel",
    purpose: "Where moderators see applications",
    needs: [...POST, "ReadMessageHistory"],
    read: ({ reviewChannelId }) => reviewChannelId,
    write: (reviewChannelId) => ({ reviewChannelId }),
  }),
  gate_channel: channel({
    group: "Channels",
    label: "Gate channel",
    purpose: "Where new members find the Verify button",
    needs: [...POST, "ReadMessageHistory", "PinMessages"],
    read: ({ gateChannelId }) => gateChannelId,
    write: (gateChannelId) => ({ gateChannelId }),
  }),
  general_channel: channel({
    group: "Channels",
    label: "General channel",
    purpose: "Where accepted members are welcomed",
    needs: ["ViewChannel", "SendMessages"],
    read: ({ generalChannelId }) => generalChannelId,
    write: (generalChannelId) => ({ generalChannelId }),
  }),
  unverified_channel: optionalChannel({
    group: "Channels",
    label: "Unverified channel",
    purpose: "Where unverified members can be pinged",
    needs: ["ViewChannel", "SendMessages"],
    read: ({ unverifiedChannelId }) => unverifiedChannelId,
    write: (unverifiedChannelId) => ({ unverifiedChannelId }),
  }),
  modmail_channel: optionalChannel({
    group: "Channels",
    label: "Modmail channel",
    purpose: "Where modmail threads are opened",
    needs: [...POST, "ReadMessageHistory", "CreatePrivateThreads", "SendMessagesInThreads", "ManageThreads"],
    read: ({ modmailChannelId }) => modmailChannelId,
    write: (modmailChannelId) => ({ modmailChannelId }),
  }),
  logging_channel: optionalChannel({
    group: "Channels",
    label: "Logging channel",
    purpose: "Where every action is logged",
    needs: POST,
    read: ({ loggingChannelId }) => loggingChannelId,
    write: (loggingChannelId) => ({ loggingChannelId }),
  }),
  info_channel: optionalChannel({
    group: "Channels",
    label: "Info channel",
    purpose: "What {info} stands for in templates",
    needs: [],
    read: ({ infoChannelId }) => infoChannelId,
    write: (infoChannelId) => ({ infoChannelId }),
  }),
  rules_channel: optionalChannel({
    group: "Channels",
    label: "Rules channel",
    purpose: "What {rules} stands for in templates",
    needs: [],
    read: ({ rulesChannelId }) => rulesChannelId,
    write: (rulesChannelId) => ({ rulesChannelId }),
  }),
  accepted_role: role({
    group: "Roles",
    label: "Accepted role",
    purpose: "The role that accepted members get",
    read: ({ acceptedRoleId }) => acceptedRoleId,
    write: (acceptedRoleId) => ({ acceptedRoleId }),
  }),
  mod_roles: staffRoles({
    group: "Roles",
    label: "Reviewer roles",
    purpose: "Who may review: one or more roles, as @mentions; without any, admins only",
    max: 10,
    read: ({ reviewerRoleIds }) => reviewerRoleIds,
    write: (reviewerRoleIds) => ({ reviewerRoleIds }),
  }),
  ping_role: pingedRole({
    group: "Roles",
    label: "Ping role",
    purpose: "Who is pinged when somebody is welcomed, beside that person",
    read: ({ pingRoleId }) => pingRoleId,
    write: (pingRoleId) => ({ pingRoleId }),
  }),
  min_account_age_days: number({
    group: "Gate",
    label: "Least account age",
    purpose: "How old an account must be to apply, in days",
    unit: "days",
    min: 0,
    max: 3_650,
    read: ({ minAccountAgeDays }) => minAccountAgeDays,
    write: (minAccountAgeDays) => ({ minAccountAgeDays }),
  }),
  min_join_age_minutes: number({
    group: "Gate",
    label: "Least time in the server",
    purpose: "How long somebody must have been here to apply, in minutes",
    unit: "minutes",
    min: 0,
    max: 43_200,
    read: ({ minJoinAgeMinutes }) => minJoinAgeMinutes,
    write: (minJoinAgeMinutes) => ({ minJoinAgeMinutes }),
  }),
  reapply_cooldown_hours: number({
    group: "Gate",
    label: "Wait after a rejection",
    purpose: "How long a rejected person waits before applying again, in hours",
    unit: "hours",
    min: 0,
    max: 8_760,
    read: ({ reapplyCooldownHours }) => reapplyCooldownHours,
    write: (reapplyCooldownHours) => ({ reapplyCooldownHours }),
  }),
  stale_claim_minutes: number({
    group: "Review",
    label: "Claims go stale after",
    purpose: "When a claim that nobody decides goes back to the queue, in minutes",
    unit: "minutes",
    min: 5,
    max: 10_080,
    read: ({ staleClaimMinutes }) => staleClaimMinutes,
    write: (staleClaimMinutes) => ({ staleClaimMinutes }),
  }),
  join_wave_per_minute: number({
    group: "Raid",
    label: "Alert at joins a minute",
    purpose: "How many joins within a minute raise an alert; 0 for never",
    unit: "joins",
    min: 0,
    max: 1_000,
    read: ({ joinWavePerMinute }) => joinWavePerMinute,
    write: (joinWavePerMinute) => ({ joinWavePerMinute }),
  }),
  join_wave_panic: onOff({
    group: "Raid",
    label: "Panic mode by itself",
    purpose: "Whether such a wave of joins turns panic mode on by itself",
    read: ({ joinWavePanic }) => joinWavePanic,
    write: (joinWavePanic) => ({ joinWavePanic }),
  }),
  flags_channel: optionalChannel({
    group: "Flags",
    label: "Flags channel",
    purpose: "Where moderators are told of flags; without one, FLAGGED_REPORT_CHANNEL_ID",
    needs: POST,
    read: ({ flagsChannelId }) => flagsChannelId,
    write: (flagsChannelId) => ({ flagsChannelId }),
  }),
  flags_threshold: optionalNumber({
    group: "Flags",
    label: "Flag a first message after",
    purpose: "How many days after joining a first message raises a flag",
    unit: "days",
    otherwise: "SILENT_FIRST_MSG_DAYS",
    min: 7,
    max: 365,
    read: ({ flagsThresholdDays }) => flagsThresholdDays,
    write: (flagsThresholdDays) => ({ flagsThresholdDays }),
  }),
} as const satisfies Readonly<Record<string, Setting>>;
const NAMES = Object.keys(SETTINGS) as ReadonlyArray<keyof typeof SETTINGS>;
export const SettingName = Schema.Literal(...NAMES);
export type SettingName = typeof SettingName.Type;

/** The table in its order, with the details of each kind. */
export const ALL_SETTINGS: ReadonlyArray<readonly [SettingName, Setting]> = NAMES.map((name) => [
  name,
  SETTINGS[name],
]);

/** The change that leaves a setting without a value; `null` for one that always has one. */
export const cleared = (setting: Setting): SettingsPatch | null => {
  switch (setting.kind) {
    case "optional_channel":
    case "pinged_role":
    case "optional_number":
      return setting.write(null);
    case "staff_roles":
      return setting.write([]);
    case "channel":
    case "role":
    case "number":
    case "switch":
      return null;
  }
};

/** A value as text for the log: ids as they are, several with commas; `null` for none. */
export const loggedValue = (setting: Setting, settings: SettingsPatch): string | number | boolean | null => {
  const value = setting.read(settings) ?? null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null)
    return value;
  return value.length === 0 ? null : value.join(",");
};

/** The settings whose values differ, in the order of the table. */
export const differences = (before: SettingsPatch, after: SettingsPatch): ReadonlyArray<SettingName> =>
  ALL_SETTINGS.flatMap(([name, setting]) =>
    loggedValue(setting, before) === loggedValue(setting, after) ? [] : [name],
  );
