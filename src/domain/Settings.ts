import { Schema } from "effect";
import { ChannelId, GuildId, MessageId, Millis, RoleId } from "./Ids.js";
import { DEFAULT_TEMPLATES } from "./Template.js";

export const MAX_QUESTIONS = 5;
export const MAX_QUESTION_LENGTH = 500;
export const ANSWER_MIN = 10;
export const ANSWER_MAX = 1000;

export const DEFAULT_QUESTIONS: ReadonlyArray<string> = [
  "How did you find this community?",
  "What brings you here, and what do you hope to find?",
  "Tell us a little about yourself and the things you enjoy.",
  "Have you been part of communities like this before? How was it?",
  "What does a friendly and respectful community look like to you?",
];

const Questions = Schema.Array(
  Schema.String.pipe(Schema.minLength(1), Schema.maxLength(MAX_QUESTION_LENGTH)),
).pipe(Schema.maxItems(MAX_QUESTIONS));

/** Yes or no, as a column holds it. */
const Bit = Schema.transform(Schema.Literal(0, 1), Schema.Boolean, {
  strict: true,
  decode: (bit) => bit === 1,
  encode: (is) => (is ? 1 : 0),
});

/** What one guild has set. Absent channels and roles are `null`. */
export class GuildSettings extends Schema.Class<GuildSettings>("GuildSettings")({
  guildId: GuildId,
  reviewChannelId: ChannelId,
  gateChannelId: ChannelId,
  generalChannelId: ChannelId,
  acceptedRoleId: RoleId,
  unverifiedChannelId: Schema.NullOr(ChannelId),
  /** With none, nobody below admin reviews. */
  reviewerRoleIds: Schema.parseJson(Schema.Array(RoleId)),
  modmailChannelId: Schema.NullOr(ChannelId),
  loggingChannelId: Schema.NullOr(ChannelId),
  /** What `{info}` and `{rules}` stand for in templates. */
  infoChannelId: Schema.NullOr(ChannelId),
  rulesChannelId: Schema.NullOr(ChannelId),
  /** Whom a welcome pings beside the person it welcomes. */
  pingRoleId: Schema.NullOr(RoleId),
  gateMessageId: Schema.NullOr(MessageId),
  questions: Schema.parseJson(Questions),
  minAccountAgeDays: Schema.Int,
  minJoinAgeMinutes: Schema.Int,
  reapplyCooldownHours: Schema.Int,
  staleClaimMinutes: Schema.Int,
  /** So many joins within a minute are a wave; 0: nobody counts. */
  joinWavePerMinute: Schema.Int,
  joinWavePanic: Bit,
  flagsChannelId: Schema.NullOr(ChannelId),
  /** `null`: `SILENT_FIRST_MSG_DAYS`. */
  flagsThresholdDays: Schema.NullOr(Schema.Int),
  gateTemplate: Schema.String,
  approvalTemplate: Schema.String,
  rejectionTemplate: Schema.String,
  kickTemplate: Schema.String,
  welcomeTemplate: Schema.String,
  /** Counts every change, so that an editor can tell whether somebody else was faster. */
  version: Schema.Int,
  updatedAt: Millis,
}) {}

/** Some of the settings that `SettingsTable` describes: those that are one value each. */
export type SettingsPatch = Partial<
  Omit<
    GuildSettings,
    "guildId" | "gateMessageId" | "version" | "updatedAt" | "questions" | `${string}Template`
  >
>;

export const SETTINGS_DEFAULTS = {
  reviewerRoleIds: [],
  infoChannelId: null,
  rulesChannelId: null,
  pingRoleId: null,
  questions: DEFAULT_QUESTIONS,
  minAccountAgeDays: 0,
  minJoinAgeMinutes: 0,
  reapplyCooldownHours: 24,
  staleClaimMinutes: 120,
  joinWavePerMinute: 0,
  joinWavePanic: false,
  flagsChannelId: null,
  flagsThresholdDays: null,
  gateTemplate: DEFAULT_TEMPLATES.gate,
  approvalTemplate: DEFAULT_TEMPLATES.approval,
  rejectionTemplate: DEFAULT_TEMPLATES.rejection,
  kickTemplate: DEFAULT_TEMPLATES.kick,
  welcomeTemplate: DEFAULT_TEMPLATES.welcome,
} as const;

/** Somebody else changed the settings since they were read; `now` is what they say. */
export class SettingsChanged extends Schema.TaggedError<SettingsChanged>()("SettingsChanged", {
  now: Schema.typeSchema(GuildSettings),
}) {}

/** The gate was reset, or its settings changed, after the form was opened that asks for a reset. */
export class ResetOutdated extends Schema.TaggedError<ResetOutdated>()("ResetOutdated", {}) {}

/** `/gate setup` has not been run here yet. */
export class GuildNotSetUp extends Schema.TaggedError<GuildNotSetUp>()("GuildNotSetUp", {
  guildId: GuildId,
}) {}
