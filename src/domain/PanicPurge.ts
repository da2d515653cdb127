import { Schema } from "effect";
import { GuildId, Millis, PurgeId, type SideEffectId, UserId } from "./Ids.js";

/** As many people go into one request of Discord's bulk ban. */
export const PURGE_STEP = 200;
/** As many people go into one purge; whoever is left needs another one. */
export const PURGE_MAX = 5_000;
/** How far back a purge may reach. */
export const PURGE_MAX_MINUTES = 1_440;
/** A preview that is older has to be made anew. */
export const PREVIEW_LIFETIME_MILLIS = 15 * 60_000;

/** One removal of those who joined within a window (features.md F16): first shown, then begun with the password. */
export class PanicPurge extends Schema.Class<PanicPurge>("PanicPurge")({
  id: PurgeId,
  guildId: GuildId,
  state: Schema.Literal("shown", "begun"),
  minutes: Schema.Int,
  actor: UserId,
  shownAt: Millis,
  begunAt: Schema.NullOr(Millis),
}) {}

/** What has become of one person of a purge. */
export const Fate = Schema.Literal("shown", "planned", "banned", "failed", "spared");
export type Fate = typeof Fate.Type;

/** Why somebody who joined in the window is not removed. */
export type Spared = "staff" | "bot" | "accepted" | "being removed already";

/** Somebody of a purge who was not removed, and why. */
export const NotRemoved = Schema.Struct({ userId: UserId, reason: Schema.NullOr(Schema.String) });
export type NotRemoved = typeof NotRemoved.Type;

/** Somebody who joined in a window, as far as rows tell. */
export const Joiner = Schema.Struct({
  userId: UserId,
  /** Whether an application of theirs was approved. */
  approved: Schema.Number,
  /** Whether another purge removes or has removed them. */
  elsewhere: Schema.Number,
});
export type Joiner = typeof Joiner.Type;

export const FateCount = Schema.Struct({ state: Fate, count: Schema.Number });

/** How a purge fares. */
export interface PurgeProgress {
  readonly purge: PanicPurge;
  readonly counts: Readonly<Record<Fate, number>>;
  /** The first of those whom Discord did not remove. */
  readonly failures: ReadonlyArray<NotRemoved>;
}

/** A purge that is under way, and its steps, whose settlement can be awaited. */
export interface PurgeBegun {
  readonly purge: PanicPurge;
  readonly people: number;
  /** How many of those who were shown are spared after all. */
  readonly spared: number;
  readonly steps: ReadonlyArray<SideEffectId>;
}

/** The preview is too old, or not of this guild. */
export class PurgeOutdated extends Schema.TaggedError<PurgeOutdated>()("PurgeOutdated", {}) {}
/** The same preview was confirmed before. */
export class PurgeBegunAlready extends Schema.TaggedError<PurgeBegunAlready>()("PurgeBegunAlready", {
  by: UserId,
  at: Millis,
}) {}
/** Everybody who was shown is spared by now, or removed. */
export class NobodyToRemove extends Schema.TaggedError<NobodyToRemove>()("NobodyToRemove", {}) {}
/** Discord would refuse it: the bot lacks rights. */
export class PurgeImpossible extends Schema.TaggedError<PurgeImpossible>()("PurgeImpossible", {
  problems: Schema.Array(Schema.String),
}) {}

export type PurgeRefusal = PurgeOutdated | PurgeBegunAlready | NobodyToRemove | PurgeImpossible;
