/** People, places and rows that tests talk about. */
import { Redacted } from "effect";
import { Action, GENESIS_HASH } from "../../src/domain/Action.js";
import { Application } from "../../src/domain/Application.js";
import type { CardFacts } from "../../src/domain/CardFacts.js";
import { Flag } from "../../src/domain/Flag.js";
import {
  ActionId,
  ApplicationId,
  ChannelId,
  FlagId,
  GuildId,
  InteractionId,
  MessageId,
  Millis,
  RoleId,
  ShortCode,
  SideEffectId,
  snowflakeAt,
  UserId,
} from "../../src/domain/Ids.js";
import type { FakeGuild } from "../../src/layers/discord/fake/Guilds.js";
import type { Member } from "../../src/domain/Person.js";
import { GuildSettings, SETTINGS_DEFAULTS } from "../../src/domain/Settings.js";
import { SideEffect } from "../../src/domain/SideEffect.js";
import type {
  CommandInteraction,
  ComponentInteraction,
  ModalInteraction,
  OptionValue,
} from "../../src/layers/discord/Interaction.js";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The moment at which tests begin: Thursday, 15 January 2026, noon UTC. */
export const NOW = Date.UTC(2026, 0, 15, 12);

/** So long after `NOW`. */
export const at = (millis: number): Millis => Millis.make(NOW + millis);

/** The id of something that Discord made so long before `NOW`. */
const madeBefore = (millis: number, n: number): string => `${BigInt(snowflakeAt(NOW - millis)) + BigInt(n)}`;

export const GUILD = GuildId.make(madeBefore(900 * DAY, 1));
export const OTHER_GUILD = GuildId.make(madeBefore(900 * DAY, 2));
export const REVIEW_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 1));
export const GATE_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 2));
export const GENERAL_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 3));
export const LOG_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 4));
export const INFO_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 5));
export const RULES_CHANNEL = ChannelId.make(madeBefore(800 * DAY, 6));
export const MEMBER_ROLE = RoleId.make(madeBefore(800 * DAY, 11));
export const REVIEWER_ROLE = RoleId.make(madeBefore(800 * DAY, 12));

export const PING_ROLE = RoleId.make(madeBefore(800 * DAY, 13));

/** A user whose account is so old. */
export const userId = (n: number, age = 400 * DAY): UserId => UserId.make(madeBefore(age, n));
export const ROBIN = userId(1);
export const MAYA = userId(2);
export const NOAH = userId(3);

/** Somebody who joined an hour ago and has no role. */
export const member = (id: UserId = ROBIN, changes: Partial<Member> = {}): Member => ({
  id,
  username: "robin",
  displayName: "Robin",
  avatarUrl: "https://cdn.discordapp.com/embed/avatars/0.png",
  bot: false,
  roles: [],
  permissions: 0n,
  joinedAt: at(-HOUR),
  ...changes,
});

/** A moderator: holds the reviewer role. */
export const reviewer = (id: UserId = MAYA): Member => member(id, { roles: [REVIEWER_ROLE] });

/** A channel or a role with which all is well. */
export const ok = (name: string) => ({ _tag: "Ok", name }) as const;

/** The server as the bot sees it, with everything that a set-up needs. */
export const DEN = {
  id: GUILD,
  name: "The Den",
  channels: [
    [REVIEW_CHANNEL, ok("review")],
    [GATE_CHANNEL, ok("gate")],
    [GENERAL_CHANNEL, ok("general")],
    [LOG_CHANNEL, ok("log")],
  ],
  roles: [
    [MEMBER_ROLE, ok("Member")],
    [REVIEWER_ROLE, ok("Reviewer")],
  ],
} as const satisfies FakeGuild;

export const SETUP = {
  reviewChannelId: REVIEW_CHANNEL,
  gateChannelId: GATE_CHANNEL,
  generalChannelId: GENERAL_CHANNEL,
  acceptedRoleId: MEMBER_ROLE,
  unverifiedChannelId: null,
  reviewerRoleId: REVIEWER_ROLE,
  modmailChannelId: null,
  loggingChannelId: null,
} as const;

const { reviewerRoleId, ...PLACES } = SETUP;

export const settings = (changes: Partial<GuildSettings> = {}): GuildSettings =>
  GuildSettings.make({
    ...SETTINGS_DEFAULTS,
    ...PLACES,
    reviewerRoleIds: [reviewerRoleId],
    guildId: GUILD,
    version: 1,
    gateMessageId: null,
    updatedAt: at(0),
    ...changes,
  });

export const ANSWERS = SETTINGS_DEFAULTS.questions.map((question, index) => ({
  question,
  text: `A good answer to question ${index + 1}.`,
}));

const ulid = (n: number): string => n.toString().padStart(26, "0");

export const application = (changes: Partial<Application> = {}): Application =>
  Application.make({
    id: ApplicationId.make(ulid(1)),
    guildId: GUILD,
    userId: ROBIN,
    code: ShortCode.make("a1b2c3"),
    username: "robin",
    displayName: "Robin",
    avatarUrl: "https://cdn.discordapp.com/embed/avatars/0.png",
    joinedAt: at(-HOUR),
    status: "pending",
    version: 1,
    answers: ANSWERS,
    submittedAt: at(0),
    claimedBy: null,
    claimedAt: null,
    decidedBy: null,
    decidedAt: null,
    reason: null,
    leftAt: null,
    cardChannelId: null,
    cardMessageId: null,
    createdAt: at(0),
    updatedAt: at(0),
    ...changes,
  });

export const action = (changes: Partial<Action> = {}): Action =>
  Action.make({
    id: ActionId.make(ulid(2)),
    guildId: GUILD,
    seq: 1,
    name: "app_submitted",
    actor: ROBIN,
    target: ROBIN,
    applicationId: ApplicationId.make(ulid(1)),
    ticketId: null,
    reason: null,
    details: { code: "a1b2c3", answers: 5 },
    at: at(0),
    prevHash: GENESIS_HASH,
    hash: "f".repeat(64),
    ...changes,
  });

export const sideEffect = (changes: Partial<SideEffect> = {}): SideEffect =>
  SideEffect.make({
    id: SideEffectId.make(ulid(3)),
    guildId: GUILD,
    applicationId: ApplicationId.make(ulid(1)),
    kind: "GrantRole",
    payload: { _tag: "GrantRole", userId: ROBIN, roleId: MEMBER_ROLE },
    lane: `role:${GUILD}`,
    state: "waiting",
    outcome: null,
    batch: null,
    blockedBy: 0,
    attempts: 0,
    notBefore: at(0),
    firstAttemptAt: null,
    lastError: null,
    createdAt: at(0),
    ...changes,
  });

export const flag = (changes: Partial<Flag> = {}): Flag =>
  Flag.make({
    id: FlagId.make(ulid(4)),
    guildId: GUILD,
    userId: ROBIN,
    kind: "manual",
    flaggedBy: MAYA,
    reason: "Sells accounts",
    at: at(0),
    closedAt: null,
    closedBy: null,
    closedReason: null,
    ...changes,
  });

export const cardFacts = (changes: Partial<CardFacts> = {}): CardFacts => ({
  application: application(),
  earlier: [],
  actions: [],
  effects: [],
  reapplyAt: null,
  blocked: true,
  flag: null,
  role: null,
  ...changes,
});

let interactions = 0;
/** A new interaction, as Discord would number it. */
const base = (actor: Member) => ({
  id: InteractionId.make(madeBefore(0, (interactions += 1))),
  token: Redacted.make("a token"),
  guildId: GUILD,
  channelId: REVIEW_CHANNEL,
  actor,
});

export const command = (
  name: string,
  actor: Member,
  options: ReadonlyArray<readonly [string, OptionValue]> = [],
  subcommand: string | null = null,
): CommandInteraction => ({
  ...base(actor),
  _tag: "Command",
  name,
  subcommand,
  options: new Map(options),
  resolved: { users: new Map(), channels: new Map(), roles: new Map() },
});

export const press = (customId: string, actor: Member): ComponentInteraction => ({
  ...base(actor),
  _tag: "Component",
  customId,
  messageId: MessageId.make(madeBefore(0, 1)),
});

export const submit = (
  customId: string,
  actor: Member,
  fields: ReadonlyArray<readonly [string, string]>,
): ModalInteraction => ({
  ...base(actor),
  _tag: "Modal",
  customId,
  fields: new Map(fields),
  messageId: MessageId.make(madeBefore(0, 1)),
});
