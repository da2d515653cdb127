import { HttpApiBuilder, HttpServerResponse } from "@effect/platform";
import { Effect, Layer, Option } from "effect";
import { Access } from "../../services/Access.js";
import { live } from "../middleware/Live.js";
import { signedIn, welcome } from "./SignIn.js";

/** The pages of the server itself; everything else is the API. */
export const layer = Layer.unwrapEffect(
  Effect.gen(function* () {
    const access = yield* Access;
    const current = yield* live;

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
                  // Nothing known is not the same as nothing.
                  Effect.option(access.adminGuilds(session.userId)),
                  (guilds) => signedIn(session, guilds, csrfToken),
                ),
            }),
          ),
        ),
      ]),
    );
  }),
);
