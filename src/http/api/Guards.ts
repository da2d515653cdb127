import { HttpApiMiddleware } from "@effect/platform";
import { Context, Schema } from "effect";
import { GuildId } from "../../domain/Ids.js";
import type { Session } from "../../domain/Session.js";
import { BadCsrfToken, NotAllowed, NotSignedIn, RolesUnknown, UnknownGuild } from "./Errors.js";

/** Who asks. */
export class CurrentSession extends Context.Tag("app/http/CurrentSession")<
  CurrentSession,
  { readonly session: Session; readonly csrfToken: string }
>() {}

/** Who asks, in the guild that they ask about. */
export class CurrentAdmin extends Context.Tag("app/http/CurrentAdmin")<
  CurrentAdmin,
  { readonly session: Session; readonly guildId: GuildId; readonly rung: "admin" | "owner" }
>() {}

/**
 * Lets through whoever has a session; everything but GET and HEAD also has to bring its CSRF token in `X-CSRF-Token` and
 * come from a page of ours.
 */
export class SignedIn extends HttpApiMiddleware.Tag<SignedIn>()("app/http/SignedIn", {
  failure: Schema.Union(NotSignedIn, BadCsrfToken),
  provides: CurrentSession,
}) {}

/** The same for an admin of the guild that the query names (`InGuild`); their roles are at most 5 minutes old. */
export class GuildAdmin extends HttpApiMiddleware.Tag<GuildAdmin>()("app/http/GuildAdmin", {
  failure: Schema.Union(NotSignedIn, BadCsrfToken, UnknownGuild, RolesUnknown),
  provides: CurrentAdmin,
}) {}

/** The same for an owner of the bot alone; an admin is told so. */
export class GuildOwner extends HttpApiMiddleware.Tag<GuildOwner>()("app/http/GuildOwner", {
  failure: Schema.Union(NotSignedIn, BadCsrfToken, UnknownGuild, RolesUnknown, NotAllowed),
  provides: CurrentAdmin,
}) {}

/** The query of every route that is about a guild. */
export const InGuild = {
  guild: GuildId.annotations({ description: "The guild; you have to be an admin in it." }),
} as const;
