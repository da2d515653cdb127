import { Schema } from "effect";
import { SYSTEM_ACTOR } from "./Action.js";
import { FlagId, GuildId, Millis, UserId } from "./Ids.js";

/** By a moderator's hand, or for a first message that came late (features.md F12). */
export const FlagKind = Schema.Literal("manual", "silent");
export type FlagKind = typeof FlagKind.Type;

/** Somebody whom moderators should look at. At most one is open per person and guild, by constraint. */
export class Flag extends Schema.Class<Flag>("Flag")({
  id: FlagId,
  guildId: GuildId,
  userId: UserId,
  kind: FlagKind,
  flaggedBy: Schema.Union(UserId, Schema.Literal(SYSTEM_ACTOR)),
  reason: Schema.String,
  at: Millis,
  closedAt: Schema.NullOr(Millis),
  closedBy: Schema.NullOr(UserId),
  closedReason: Schema.NullOr(Schema.String),
}) {}

/** How long a moderator waits between two flags. */
export const FLAG_COOLDOWN_MILLIS = 15_000;

const DAY = 86_400_000;

/** Whole days from joining to a message. */
export const silentDays = (joinedAt: number, spokeAt: number): number =>
  Math.floor((spokeAt - joinedAt) / DAY);

export class AlreadyFlagged extends Schema.TaggedError<AlreadyFlagged>()("AlreadyFlagged", {
  userId: UserId,
  by: Flag.fields.flaggedBy,
  at: Millis,
}) {}

export class NotFlagged extends Schema.TaggedError<NotFlagged>()("NotFlagged", { userId: UserId }) {}

/** This moderator flagged somebody a moment ago. */
export class FlaggedRecently extends Schema.TaggedError<FlaggedRecently>()("FlaggedRecently", {
  until: Millis,
}) {}

/** A flag on these says nothing. */
export class NotFlaggable extends Schema.TaggedError<NotFlaggable>()("NotFlaggable", {
  why: Schema.Literal("bot", "self", "owner"),
}) {}

export type FlagRefusal = AlreadyFlagged | FlaggedRecently | NotFlaggable;
