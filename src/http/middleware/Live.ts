import { HttpServerRequest } from "@effect/platform";
import { Effect, type Option } from "effect";
import { type LiveSession, Sessions } from "../../services/Sessions.js";
import { AuthCookies } from "./Cookies.js";

/** The session that a request's cookie stands for, if it is good at this moment. */
export const live: Effect.Effect<
  Effect.Effect<Option.Option<LiveSession>, never, HttpServerRequest.HttpServerRequest>,
  never,
  AuthCookies | Sessions
> = Effect.zipWith(AuthCookies, Sessions, (cookies, sessions) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
    const cookie = cookies.session.of(request.cookies);
    return cookie === undefined ? Effect.succeedNone : sessions.resume(cookie);
  }),
);
