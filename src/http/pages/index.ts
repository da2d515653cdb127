import { HttpApiBuilder, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Layer, Option } from "effect";
import { Access } from "../../services/Access.js";
import { Sessions } from "../../services/Sessions.js";
import { AuthCookies } from "../middleware/Cookies.js";
import { signedIn, welcome } from "./SignIn.js";

/** The pages of the server itself; everything else is the API. */
export const layer = Layer.unwrapEffect(
  Effect.gen(function* () {
    const access = yield* Access;
    const cookies = yield* AuthCookies;
    const sessions = yield* Sessions;

    const current = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const cookie = cookies.session.of(request.cookies);
      return cookie === undefined ? Effect.succeedNone : sessions.resume(cookie);
    });

    return HttpApiBuilder.Router.use((router) =>
      Effect.all([
        router.get(
          "/",
          Effect.map(current, (live) =>
            Option.isSome(live) ? HttpServerResponse.redirect("/dashboard") : welcome,
          ),
        ),
        router.get(
          "/dashboard",
          Effect.flatMap(
            current,
            Option.match({
              onNone: () => Effect.succeed(HttpServerResponse.redirect("/auth")),
              onSome: ({ session, csrfToken }) =>
                Effect.map(
                  Effect.orElseSucceed(access.adminGuilds(session.userId), () => []),
                  (guilds) => signedIn(session, guilds, csrfToken),
                ),
            }),
          ),
        ),
      ]),
    );
  }),
);
