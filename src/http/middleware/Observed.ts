import { HttpApi, type HttpApp, HttpServerError, HttpServerRequest } from "@effect/platform";
import { Effect, Random } from "effect";
import * as Instruments from "../../layers/Instruments.js";
import { Api } from "../api/index.js";

const routes: Array<readonly [RegExp, string]> = [];
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint: { path } }) => {
    routes.push([new RegExp(`^${path.replace(/:[A-Za-z]+/g, "[^/]+")}/?$`), path]);
  },
});

/** The path as the contract writes it, so that what somebody typed never becomes a label. */
const routeOf = (url: string): string => {
  const path = url.split("?", 1)[0] ?? url;
  return routes.find(([pattern]) => pattern.test(path))?.[1] ?? "unknown";
};

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Measures every request, marks what is logged meanwhile, and logs those that fail by a fault of ours. */
export const observed = <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const clock = yield* Effect.clock;
    const began = clock.unsafeCurrentTimeNanos();
    const route = routeOf(request.url);
    const method = METHODS.has(request.method) ? request.method : "unknown";
    const trace = (yield* Random.nextIntBetween(36 ** 6, 36 ** 7)).toString(36);
    const count = (status: number) =>
      Effect.sync(() =>
        Instruments.httpRequest(method, route, status, Number(clock.unsafeCurrentTimeNanos() - began) / 1e9),
      );
    return yield* app.pipe(
      Effect.tap(({ status }) => count(status)),
      Effect.tapErrorCause((cause) => {
        const [{ status }] = HttpServerError.causeResponseStripped(cause);
        return Effect.zipRight(
          count(status),
          status >= 500 ? Effect.logError("A web request failed", cause) : Effect.void,
        );
      }),
      Effect.annotateLogs({ trace, method, route }),
    );
  });
