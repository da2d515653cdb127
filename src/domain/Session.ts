import { Schema } from "effect";
import { type GuildId, Millis, SessionId, UserId } from "./Ids.js";
import type { Rung } from "./Permission.js";

/** A session ends so long after the sign-in, whatever happens (features.md F15). */
export const SESSION_LIFE_MS = 7 * 86_400_000;
/** … and when nobody has used it for so long. */
export const SESSION_IDLE_MS = 86_400_000;
/** What Discord says of somebody's roles is believed for so long. */
export const ROLES_BELIEVED_MS = 5 * 60_000;

/** One browser in which somebody is signed in. What proves it is stored only as a hash. */
export class Session extends Schema.Class<Session>("Session")({
  id: SessionId,
  userId: UserId,
  username: Schema.String,
  displayName: Schema.String,
  avatarUrl: Schema.String,
  /** What the browser called itself at the sign-in, cut. */
  client: Schema.String,
  createdAt: Millis,
  /** When it was last used, to the minute. */
  seenAt: Millis,
  expiresAt: Millis,
}) {}

/** Until when a session is good if nobody uses it from now on. */
export const goodUntil = ({ seenAt, expiresAt }: Pick<Session, "seenAt" | "expiresAt">): number =>
  Math.min(seenAt + SESSION_IDLE_MS, expiresAt);

/** The rungs on which somebody may steer a guild from the web. */
export type AdminRung = Extract<Rung, "admin" | "owner">;

/** A guild as somebody sees it who may steer it. */
export interface AdminGuild {
  readonly id: GuildId;
  readonly name: string;
  readonly rung: AdminRung;
}

/** There is no session, or it is over. */
export class NotSignedIn extends Schema.TaggedError<NotSignedIn>()("NotSignedIn", {}) {}

/** A guild that the bot is not in, or in which this person is no admin: the two are not told apart. */
export class UnknownGuild extends Schema.TaggedError<UnknownGuild>()("UnknownGuild", {}) {}

/** Nobody can sign in: the dashboard's variables are not set. */
export class SignInOff extends Schema.TaggedError<SignInOff>()("SignInOff", {}) {}

/** The way back from Discord does not belong to this browser, was used before, or took too long. */
export class SignInExpired extends Schema.TaggedError<SignInExpired>()("SignInExpired", {}) {}

/** The person pressed Cancel at Discord. */
export class SignInDeclined extends Schema.TaggedError<SignInDeclined>()("SignInDeclined", {}) {}

/** They are who they say, but no admin in any guild of the bot. */
export class NoAdminRole extends Schema.TaggedError<NoAdminRole>()("NoAdminRole", {
  username: Schema.String,
}) {}

/** Discord refused the code or does not answer. */
export class SignInFailed extends Schema.TaggedError<SignInFailed>()("SignInFailed", {
  problem: Schema.String,
}) {}

export type SignInError = SignInOff | SignInExpired | SignInDeclined | NoAdminRole | SignInFailed;
