import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { Schema } from "effect";

/** The bot lacks a right; `permission` names it as Discord's settings do, where that is known. */
export class MissingPermission extends Schema.TaggedError<MissingPermission>()("MissingPermission", {
  permission: Schema.String,
}) {}

/** The role or the person stands above the bot's own highest role. */
export class RoleHierarchy extends Schema.TaggedError<RoleHierarchy>()("RoleHierarchy", {
  subject: Schema.Literal("role", "member"),
  name: Schema.String,
}) {}

/** The person takes no direct messages from the bot. */
export class CannotMessageUser extends Schema.TaggedError<CannotMessageUser>()("CannotMessageUser", {}) {}

/** What was to be used does not exist any more. */
export class UnknownTarget extends Schema.TaggedError<UnknownTarget>()("UnknownTarget", {
  target: Schema.Literal("channel", "guild", "member", "message", "role", "user", "interaction", "webhook"),
}) {}

/** The answer came too late, or was given already. */
export class InteractionGone extends Schema.TaggedError<InteractionGone>()("InteractionGone", {
  code: Schema.Int,
}) {}

export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  retryAfterMillis: Schema.Number,
}) {}

/** Discord did not answer, or answered with a fault of its own: worth another try. */
export class DiscordUnavailable extends Schema.TaggedError<DiscordUnavailable>()("DiscordUnavailable", {
  detail: Schema.String,
}) {}

/** Discord refused for a reason that trying again will not change. */
export class DiscordRefused extends Schema.TaggedError<DiscordRefused>()("DiscordRefused", {
  code: Schema.Number,
  detail: Schema.String,
}) {}

export type DiscordError =
  | MissingPermission
  | RoleHierarchy
  | CannotMessageUser
  | UnknownTarget
  | InteractionGone
  | RateLimited
  | DiscordUnavailable
  | DiscordRefused;

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
const UNKNOWN = new Map<number, UnknownTarget["target"]>([
  [10003, "channel"],
  [10004, "guild"],
  [10007, "member"],
  [10008, "message"],
  [10011, "role"],
  [10013, "user"],
  [10015, "webhook"],
]);

/**
 * The one place where an error of discord.js becomes one of ours. The vendor's object is not kept: it carries request
 * bodies and, in its address, interaction tokens.
 */
export const fromDiscord = (error: unknown, needed: string): DiscordError => {
  if (error instanceof DiscordAPIError) {
    const said = typeof error.code === "number" ? error.code : null;
    const code = said ?? 0;
    const unknown = UNKNOWN.get(code);
    if (unknown !== undefined) return new UnknownTarget({ target: unknown });
    if (code === 10062 || code === 40060 || code === 50027) return new InteractionGone({ code });
    if (code === 50007 || code === 50278) return new CannotMessageUser();
    if (code === 50001) return new MissingPermission({ permission: "View Channel" });
    if (code === 50013) return new MissingPermission({ permission: needed });
    if (error.status === 429) return new RateLimited({ retryAfterMillis: 1_000 });
    if (error.status === 401)
      return new DiscordUnavailable({ detail: "Discord does not accept the bot's token at the moment" });
    // Something in front of Discord answered: Discord itself says a code.
    if (said === null && error.status !== 413)
      return new DiscordUnavailable({ detail: `No answer from Discord (${error.status})` });
    if (error.status >= 500) return new DiscordUnavailable({ detail: `Discord answered ${error.status}` });
    return new DiscordRefused({ code, detail: `${error.status} ${error.message}`.slice(0, 300) });
  }
  if (error instanceof RateLimitError) return new RateLimited({ retryAfterMillis: error.retryAfter });
  if (error instanceof HTTPError)
    return new DiscordUnavailable({ detail: `Discord answered ${error.status}` });
  return new DiscordUnavailable({
    detail: error instanceof Error ? `No answer from Discord (${error.name})` : "No answer from Discord",
  });
};
