import { HttpApiSchema } from "@effect/platform";
import { Schema } from "effect";
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

/** A fault of ours. `trace` finds it in the log. */
export class InternalError extends Schema.TaggedError<InternalError>()(
  "InternalError",
  { trace: Schema.String },
  withStatus(500, "A fault of ours; `trace` finds it in the log."),
) {}
