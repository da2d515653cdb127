import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { GuildId, Millis, SessionId, UserId } from "../../domain/Ids.js";
import { SignedIn } from "./Guards.js";
import { NotFound, RolesUnknown } from "./Errors.js";
import { RateClass } from "./RateClass.js";

/** Whoever asks, what they may steer, and the word that every change has to bring along. */
export class Me extends Schema.Class<Me>("Me")({
  user: Schema.Struct({
    id: UserId,
    username: Schema.String,
    displayName: Schema.String,
    avatarUrl: Schema.String,
  }),
  guilds: Schema.Array(
    Schema.Struct({ id: GuildId, name: Schema.String, rung: Schema.Literal("admin", "owner") }),
  ),
  csrfToken: Schema.String.annotations({
    description: "To be sent as `X-CSRF-Token` with everything but GET and HEAD.",
  }),
  expiresAt: Millis,
}) {}

export class SessionRow extends Schema.Class<SessionRow>("SessionRow")({
  id: SessionId,
  userId: UserId,
  username: Schema.String,
  client: Schema.String.annotations({ description: "What the browser called itself at the sign-in." }),
  createdAt: Millis,
  seenAt: Millis,
  expiresAt: Millis,
  current: Schema.Boolean,
}) {}

const ReturnTo = Schema.Struct({
  return_to: Schema.optional(
    Schema.String.annotations({ description: "A path of this server to end at; the dashboard without it." }),
  ),
});

const signIn = <const Name extends string>(name: Name, path: "/auth" | "/auth/login") =>
  HttpApiEndpoint.get(name, path)
    .setUrlParams(ReturnTo)
    .addSuccess(HttpApiSchema.Empty(302))
    .annotate(RateClass, "signIn")
    .annotate(OpenApi.Description, "Sends the browser to Discord to sign in.");

export const AuthGroup = HttpApiGroup.make("auth")
  .add(signIn("signIn", "/auth"))
  .add(signIn("login", "/auth/login"))
  .add(
    HttpApiEndpoint.get("callback", "/auth/callback")
      .setUrlParams(
        Schema.Struct({
          code: Schema.optional(Schema.String),
          state: Schema.optional(Schema.String),
          error: Schema.optional(Schema.String),
        }),
      )
      .addSuccess(HttpApiSchema.Empty(302))
      .annotate(RateClass, "signIn")
      .annotate(
        OpenApi.Description,
        "Where Discord sends the browser back to. On to the dashboard with a session, or a page that says why not: " +
          "400 for a way back that is used, old or of another browser, 403 without an admin role, 502 when Discord fails.",
      ),
  )
  .add(
    HttpApiEndpoint.get("me", "/auth/me")
      .addSuccess(Me)
      .addError(RolesUnknown)
      .middleware(SignedIn)
      .annotate(OpenApi.Description, "Who you are and which guilds you may steer."),
  )
  .add(
    HttpApiEndpoint.post("logout", "/auth/logout")
      .addSuccess(HttpApiSchema.NoContent)
      .middleware(SignedIn)
      .annotate(OpenApi.Description, "Ends this session."),
  )
  .add(
    HttpApiEndpoint.post("logoutEverywhere", "/auth/logout/everywhere")
      .addSuccess(HttpApiSchema.NoContent)
      .middleware(SignedIn)
      .annotate(OpenApi.Description, "Ends all sessions of yours."),
  )
  .add(
    HttpApiEndpoint.get("sessions", "/auth/sessions")
      .addSuccess(Schema.Array(SessionRow))
      .middleware(SignedIn)
      .annotate(OpenApi.Description, "Your sessions, newest first; everybody's for the bot's owners."),
  )
  .add(
    HttpApiEndpoint.del("revoke", "/auth/sessions/:id")
      .setPath(Schema.Struct({ id: SessionId }))
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .middleware(SignedIn)
      .annotate(OpenApi.Description, "Ends one session of yours, or of anybody for the bot's owners."),
  );
