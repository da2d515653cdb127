import { HttpApiSchema } from "@effect/platform";
import { Schema } from "effect";
import * as Permission from "../../domain/Permission.js";
import * as Domain from "../../domain/Session.js";

/*
 * What can go wrong at any endpoint. Every answer carries `X-Trace-Id`, under which the log has what happened; no answer
 * carries an internal message.
 */

const withStatus = (status: number, description: string) => ({
  [HttpApiSchema.AnnotationStatus]: status,
  description,
});

export const NotSignedIn = Domain.NotSignedIn.annotations(
  withStatus(401, "There is no session, or it is over."),
);

export const UnknownGuild = Domain.UnknownGuild.annotations(
  withStatus(
    404,
    "A guild that the bot is not in, or in which you are no admin: the two are not told apart.",
  ),
);

export const NotAllowed = Permission.NotAllowed.annotations(
  withStatus(403, "You may steer this guild, but this is for the rung that `needed` names."),
);

/** A change without the session's CSRF token, or from a page of somebody else. */
export class BadCsrfToken extends Schema.TaggedError<BadCsrfToken>()(
  "BadCsrfToken",
  {},
  withStatus(
    403,
    "A change without the session's `X-CSRF-Token` (see `/auth/me`), or from another site's page.",
  ),
) {}

/** Discord does not say at the moment which roles somebody has, so nothing is allowed. */
export class RolesUnknown extends Schema.TaggedError<RolesUnknown>()(
  "RolesUnknown",
  {},
  withStatus(503, "Discord does not say at the moment which roles you have. Try again in a minute."),
) {}

/** Nothing was changed. */
export class DiscordSilent extends Schema.TaggedError<DiscordSilent>()(
  "DiscordSilent",
  {},
  withStatus(503, "Discord does not answer at the moment, and nothing was changed. Try again in a minute."),
) {}

export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  {},
  withStatus(404, "There is nothing at this address."),
) {}

/** The request cannot be read: not JSON, cut off, or of a type that is not taken. */
export class BadRequest extends Schema.TaggedError<BadRequest>()(
  "BadRequest",
  { problem: Schema.String },
  withStatus(400, "The request cannot be read."),
) {}

export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()(
  "TooManyRequests",
  { retryAfterSeconds: Schema.Int },
  withStatus(429, "More requests than allowed; `Retry-After` and `RateLimit-*` say how many and when."),
) {}

/** The path is served, but not by this method; `Allow` names those that it takes. */
export class MethodNotAllowed extends Schema.TaggedError<MethodNotAllowed>()(
  "MethodNotAllowed",
  {},
  withStatus(405, "This address does not take that method; `Allow` names those it does."),
) {}

/** A body that does not say how long it is. */
export class LengthRequired extends Schema.TaggedError<LengthRequired>()(
  "LengthRequired",
  {},
  withStatus(411, "A body needs a `Content-Length`."),
) {}

export class PayloadTooLarge extends Schema.TaggedError<PayloadTooLarge>()(
  "PayloadTooLarge",
  { mostBytes: Schema.Int },
  withStatus(413, "The body is longer than `mostBytes`."),
) {}

export class UnsupportedMediaType extends Schema.TaggedError<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  {},
  withStatus(415, "A body is `application/json`, in UTF-8 and not compressed."),
) {}

/** Too much is asked of the server at once, it took too long, or it stops. */
export class Overloaded extends Schema.TaggedError<Overloaded>()(
  "Overloaded",
  { problem: Schema.String },
  withStatus(503, "The server has too much to do, took too long, or stops. Try again after `Retry-After`."),
) {}

/** A fault of ours. `trace` finds it in the log. */
export class InternalError extends Schema.TaggedError<InternalError>()(
  "InternalError",
  { trace: Schema.String },
  withStatus(500, "A fault of ours; `trace` finds it in the log."),
) {}
