import { type HttpApp, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Option } from "effect";
import { AppConfig } from "../../layers/Config.js";
import { ALWAYS, DEFAULTS } from "../../layers/Http.js";

type Headers = Readonly<Record<string, string>>;

/** Two years, as https://hstspreload.org asks for; other hosts of the domain are none of our business. */
const HSTS: Headers = { "strict-transport-security": "max-age=63072000" };

const EXPOSED = "Content-Disposition, ETag, RateLimit, RateLimit-Policy, Retry-After, X-Trace-Id";
const TAKEN = "Content-Type, If-None-Match, Last-Event-ID, X-CSRF-Token";

/** Adds a name to `Vary`, beside those that are there. */
export const vary = (headers: Headers, name: string): string =>
  headers["vary"] === undefined ? name : `${headers["vary"]}, ${name}`;

/**
 * The headers of every answer, whatever came of the request: those of https://developer.mozilla.org/observatory, and
 * for pages of `CORS_ORIGIN` the permission to read it. Pages of any other origin are given none.
 */
export const make = Effect.map(AppConfig, ({ dashboard, http: { corsOrigin } }) => {
  const encrypted = Option.exists(dashboard, ({ redirectUri }) => redirectUri.startsWith("https:"));
  const always: Headers = { ...ALWAYS, ...(encrypted && HSTS) };

  const shared = ({ headers, method }: HttpServerRequest.HttpServerRequest, answer: Headers): Headers =>
    Option.match(corsOrigin, {
      onNone: () => ({}),
      onSome: (origin) => ({
        vary: vary(answer, "Origin"),
        ...(headers["origin"] === origin && {
          "access-control-allow-origin": origin,
          "access-control-allow-credentials": "true",
          "access-control-expose-headers": EXPOSED,
          ...(method === "OPTIONS" && {
            "access-control-allow-methods": answer["allow"] ?? "",
            "access-control-allow-headers": TAKEN,
            "access-control-max-age": "600",
          }),
        }),
      }),
    });

  return <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R> =>
    Effect.zipWith(app, HttpServerRequest.HttpServerRequest, (response, request) =>
      HttpServerResponse.setHeaders(response, {
        ...DEFAULTS,
        ...response.headers,
        ...always,
        ...shared(request, response.headers),
      }),
    );
});
