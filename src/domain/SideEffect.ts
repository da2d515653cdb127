import { Schema } from "effect";
import type { GuildSettings } from "./Settings.js";
import {
  ActionId,
  ApplicationId,
  ChannelId,
  FlagId,
  GuildId,
  MessageId,
  Millis,
  PurgeId,
  RoleId,
  ShortCode,
  SideEffectId,
  UserId,
} from "./Ids.js";

/** The decisions a person hears about in a direct message. */
export const DecisionTopic = Schema.Literal("approved", "rejected", "perm_rejected", "kicked");
export type DecisionTopic = typeof DecisionTopic.Type;

/** Everything the bot does in Discord as a consequence of something it stored (features.md F6). */
export const Consequence = Schema.Union(
  Schema.TaggedStruct("GrantRole", { userId: UserId, roleId: RoleId }),
  Schema.TaggedStruct("KickMember", { userId: UserId, reason: Schema.NullOr(Schema.String) }),
  Schema.TaggedStruct("DecisionMessage", {
    userId: UserId,
    topic: DecisionTopic,
    reason: Schema.NullOr(Schema.String),
  }),
  Schema.TaggedStruct("ReceivedMessage", { userId: UserId }),
  /** Tells a moderator which claims went back to the queue. */
  Schema.TaggedStruct("ReleasedMessage", { userId: UserId, codes: Schema.Array(ShortCode) }),
  /** Tells an applicant that a reset of the gate has ended the application. */
  Schema.TaggedStruct("ResetMessage", { userId: UserId }),
  Schema.TaggedStruct("WelcomePost", { channelId: ChannelId, userId: UserId }),
  /** Calls the applicant in the unverified channel; the message goes away after `PING_LIFETIME_MILLIS`. */
  Schema.TaggedStruct("PingPost", { channelId: ChannelId, userId: UserId }),
  /** Goes to whatever channel the log has when its turn comes. */
  Schema.TaggedStruct("LogPost", { actionId: ActionId }),
  /** Makes the review card show the newest state: posted where there is none, edited where there is one. */
  Schema.TaggedStruct("DrawCard", { channelId: ChannelId, posted: Schema.Boolean }),
  /** Makes the gate channel hold exactly one gate message, pinned and up to date. */
  Schema.TaggedStruct("GateMessage", { channelId: ChannelId }),
  /** Shows what waits while panic mode holds the cards back. */
  Schema.TaggedStruct("DrawDigest", { channelId: ChannelId }),
  Schema.TaggedStruct("JoinWaveAlert", {
    channelId: ChannelId,
    joins: Schema.Int,
    at: Millis,
    panicked: Schema.Boolean,
  }),
  /** Tells the admins that the log cannot be posted, and why, or that it can be again. */
  Schema.TaggedStruct("LogNotice", {
    channelId: ChannelId,
    problem: Schema.NullOr(Schema.String),
    at: Millis,
  }),
  /** Bans the people of one step of a purge; who they are is kept with the purge. */
  Schema.TaggedStruct("BulkBan", { purgeId: PurgeId }),
  /** Tells moderators of a flag; `message` is the one that raised it. Goes nowhere once the flag is gone. */
  Schema.TaggedStruct("FlagPost", {
    channelId: ChannelId,
    flagId: FlagId,
    message: Schema.NullOr(Schema.Struct({ channelId: ChannelId, messageId: MessageId })),
  }),
  /** Takes away a message of the bot's that stands in the wrong place. */
  Schema.TaggedStruct("DeleteMessage", { channelId: ChannelId, messageId: MessageId }),
);
export type Consequence = typeof Consequence.Type;
export type ConsequenceKind = Consequence["_tag"];

/** The kinds that follow from a decision; the card shows how each of them fares. */
export const DECISION_KINDS = [
  "GrantRole",
  "KickMember",
  "DecisionMessage",
  "WelcomePost",
] as const satisfies ReadonlyArray<ConsequenceKind>;

/** What shows the newest state, whatever asked for it: one that succeeds makes up for those that failed. */
export const PICTURES = [
  "DrawCard",
  "DrawDigest",
  "GateMessage",
] as const satisfies ReadonlyArray<ConsequenceKind>;

/** What comes too late once it has failed: to be asked for anew, not tried again. */
export const OF_ITS_MOMENT = ["PingPost"] as const satisfies ReadonlyArray<ConsequenceKind>;

export const SideEffectState = Schema.Literal("waiting", "done", "failed");
export type SideEffectState = typeof SideEffectState.Type;

/** One row of the outbox. */
export class SideEffect extends Schema.Class<SideEffect>("SideEffect")({
  id: SideEffectId,
  guildId: GuildId,
  applicationId: Schema.NullOr(ApplicationId),
  kind: Schema.String,
  payload: Schema.parseJson(Consequence),
  lane: Schema.String,
  state: SideEffectState,
  /** What came of it, where 'done' is not the whole story: `dm_closed`, `left`. */
  outcome: Schema.NullOr(Schema.String),
  /** The first row of the log posts that share one message. */
  batch: Schema.NullOr(SideEffectId),
  /** How many side effects have to be settled before this one may start. */
  blockedBy: Schema.Int,
  /** Attempts that ended badly; one that a crash cut short is not among them. */
  attempts: Schema.Int,
  notBefore: Millis,
  firstAttemptAt: Schema.NullOr(Millis),
  lastError: Schema.NullOr(Schema.String),
  createdAt: Millis,
}) {}

const LOG_LANE = "log:";

/** A log is read from top to bottom: in its lane nothing overtakes what has to be tried again. */
export const keepsOrder = (lane: string): boolean => lane.startsWith(LOG_LANE);

/**
 * Side effects of one lane run one at a time, so that what Discord's limits hold back waits here, where it can be
 * merged and survives a crash, and not inside the client. A lane is what Discord counts as one bucket.
 */
export const laneOf = (guildId: GuildId, consequence: Consequence): string => {
  switch (consequence._tag) {
    case "GrantRole":
      return `role:${guildId}`;
    case "KickMember":
      return `kick:${guildId}`;
    case "BulkBan":
      return `ban:${guildId}`;
    case "DecisionMessage":
    case "ReceivedMessage":
    case "ReleasedMessage":
    case "ResetMessage":
      return `dm:${consequence.userId}`;
    case "WelcomePost":
    case "PingPost":
    case "GateMessage":
      return `post:${consequence.channelId}`;
    case "LogPost":
      return `${LOG_LANE}${guildId}`;
    case "JoinWaveAlert":
    case "LogNotice":
    case "FlagPost":
      return `post:${consequence.channelId}`;
    case "DrawDigest":
      return `digest:${consequence.channelId}`;
    case "DeleteMessage":
      return `delete:${consequence.channelId}`;
    case "DrawCard":
      return `${consequence.posted ? "edit" : "post"}:${consequence.channelId}`;
  }
};

/**
 * Whether a lane is one person's. There are as many of those as there are people, and Discord lets a bot open only some
 * conversations a second: they must not stand in the way of the few lanes that everybody shares.
 */
export const isPersonal = (lane: string): boolean => lane.startsWith("dm:");

/** How long a ping stands in the unverified channel, and how long it takes until the same person is pinged again. */
export const PING_LIFETIME_MILLIS = 10 * 60_000;

/** Whether a moderator can have it tried again. */
export const canRetry = ({ state, kind }: SideEffect): boolean =>
  state === "failed" && !OF_ITS_MOMENT.some((momentary) => momentary === kind);

/** A consequence with the role and the channels that are set now. */
export const withSettingsOf =
  (guild: GuildSettings) =>
  (consequence: Consequence): Consequence => {
    switch (consequence._tag) {
      case "GrantRole":
        return { ...consequence, roleId: guild.acceptedRoleId };
      case "WelcomePost":
        return { ...consequence, channelId: guild.generalChannelId };
      case "DrawCard":
      case "DrawDigest":
      case "LogNotice":
        return { ...consequence, channelId: guild.reviewChannelId };
      case "JoinWaveAlert":
        return guild.loggingChannelId === null
          ? consequence
          : { ...consequence, channelId: guild.loggingChannelId };
      case "FlagPost":
        return guild.flagsChannelId === null
          ? consequence
          : { ...consequence, channelId: guild.flagsChannelId };
      case "GateMessage":
        return { ...consequence, channelId: guild.gateChannelId };
      case "PingPost":
        return guild.unverifiedChannelId === null
          ? consequence
          : { ...consequence, channelId: guild.unverifiedChannelId };
      case "KickMember":
      case "BulkBan":
      case "DecisionMessage":
      case "ReceivedMessage":
      case "ReleasedMessage":
      case "LogPost":
      case "ResetMessage":
      case "DeleteMessage":
        return consequence;
    }
  };

/** Where a message of the bot's stands now. */
export interface Posted {
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
  /** An earlier attempt may have posted it, with what was so then. */
  readonly mayBeOld: boolean;
}

/** How an attempt ended. */
export type Attempt =
  | { readonly _tag: "Done"; readonly outcome: string | null; readonly posted: Posted | null }
  | { readonly _tag: "Retry"; readonly reason: string; readonly afterMillis: number | null }
  /** Nothing was tried, because Discord shows nothing of the server: no attempt is used up. */
  | { readonly _tag: "Waiting"; readonly reason: string }
  | { readonly _tag: "Failed"; readonly reason: string }
  /** Put aside in a safe place until it is possible; `maybePosted` where an earlier attempt may have reached Discord. */
  | { readonly _tag: "Parked"; readonly reason: string; readonly maybePosted: boolean };

export const Done = (outcome: string | null = null, posted: Posted | null = null): Attempt => ({
  _tag: "Done",
  outcome,
  posted,
});
export const Failed = (reason: string): Attempt => ({ _tag: "Failed", reason });
export const Parked = (reason: string, maybePosted: boolean): Attempt => ({
  _tag: "Parked",
  reason,
  maybePosted,
});
/** The outcome of a side effect that was put aside. */
export const PARKED = "parked";
export const Retry = (reason: string, afterMillis: number | null = null): Attempt => ({
  _tag: "Retry",
  reason,
  afterMillis,
});

export const Waiting = (reason: string): Attempt => ({ _tag: "Waiting", reason });

/** How long what waits for Discord to show a server waits before it looks again: as long as it has, within limits. */
export const waitMillis = (sinceMillis: number): number => Math.min(Math.max(sinceMillis, 1_000), 60_000);

/** After about a day of trying (most of it every five minutes) a side effect is given up and says so. */
export const MAX_ATTEMPTS = 300;

/** 1 s, 2 s, 4 s … at most five minutes, and a tenth of jitter either way. `random` is in [0, 1). */
export const backoffMillis = (attempts: number, random: number): number => {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(Math.max(attempts - 1, 0), 10));
  return Math.round(base * (0.9 + random * 0.2));
};
