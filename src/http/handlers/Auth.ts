import { HttpApiBuilder, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Option } from "effect";
import { AppConfig } from "../../layers/Config.js";
import { Access } from "../../services/Access.js";
import { Sessions } from "../../services/Sessions.js";
import { SignIn } from "../../services/SignIn.js";
import { Me, SessionRow } from "../api/Auth.js";
import { NotFound, RolesUnknown } from "../api/Errors.js";
import { CurrentSession } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { AuthCookies } from "../middleware/Cookies.js";
import { refusal } from "../pages/SignIn.js";

/** So many sessions are listed for an owner. */
const LISTED = 200;

export const authHandlers = HttpApiBuilder.group(Api, "auth", (handlers) =>
  Effect.gen(function* () {
    const access = yield* Access;
    const config = yield* AppConfig;
    const cookies = yield* AuthCookies;
    const sessions = yield* Sessions;
    const signIn = yield* SignIn;

    const begin = ({ urlParams }: { readonly urlParams: { readonly return_to?: string | undefined } }) =>
      Effect.match(signIn.begin(urlParams.return_to), {
        onFailure: refusal,
        onSuccess: ({ url, cookie }) => HttpServerResponse.redirect(url).pipe(cookies.signIn.set(cookie)),
      });

    const over = HttpServerResponse.empty().pipe(cookies.session.clear);
    const isOwner = (userId: (typeof config.ownerIds)[number]) => config.ownerIds.includes(userId);

    return handlers
      .handle("signIn", begin)
      .handle("login", begin)
      .handle("callback", ({ urlParams: { code, state, error } }) =>
        Effect.gen(function* () {
          const request = yield* HttpServerRequest.HttpServerRequest;
          const cookie = cookies.signIn.of(request.cookies);
          const client = request.headers["user-agent"] ?? "";
          return yield* signIn.complete({ code, state, error, cookie, client }).pipe(
            Effect.tapError((refused) => Effect.logWarning("A sign-in was refused", { why: refused._tag })),
            Effect.match({
              onFailure: refusal,
              onSuccess: (started) =>
                HttpServerResponse.redirect(started.returnTo).pipe(cookies.session.set(started.cookie)),
            }),
            Effect.map(cookies.signIn.clear),
          );
        }),
      )
      .handle("me", () =>
        Effect.gen(function* () {
          const { session, csrfToken } = yield* CurrentSession;
          const { userId: id, username, displayName, avatarUrl, expiresAt } = session;
          const guilds = yield* Effect.mapError(access.adminGuilds(id), () => new RolesUnknown());
          return Me.make({ user: { id, username, displayName, avatarUrl }, guilds, csrfToken, expiresAt });
        }),
      )
      .handle("logout", () =>
        Effect.flatMap(CurrentSession, ({ session }) => Effect.as(signIn.end(session), over)),
      )
      .handle("logoutEverywhere", () =>
        Effect.flatMap(CurrentSession, ({ session }) => Effect.as(signIn.endAll(session), over)),
      )
      .handle("sessions", () =>
        Effect.gen(function* () {
          const { session } = yield* CurrentSession;
          const found = yield* isOwner(session.userId)
            ? sessions.all(LISTED)
            : sessions.ofPerson(session.userId);
          return found.map((one) => SessionRow.make({ ...one, current: one.id === session.id }));
        }),
      )
      .handle("revoke", ({ path: { id } }) =>
        Effect.gen(function* () {
          const { session } = yield* CurrentSession;
          const found = Option.filter(
            yield* sessions.find(id),
            ({ userId }) => userId === session.userId || isOwner(session.userId),
          );
          if (Option.isNone(found)) return yield* new NotFound();
          yield* signIn.end(found.value);
        }),
      );
  }),
);
