import {
  HttpApi,
  type HttpApp,
  HttpServerError,
  HttpServerRequest,
  HttpServerResponse,
} from "@effect/platform";
import { Cause, Effect, Random, Schema } from "effect";
import * as Instruments from "../../layers/Instruments.js";
import { BadRequest, InternalError, NotFound } from "../api/Errors.js";
import { Api } from "../api/index.js";

/** What is served beside the contract, and everything in it. */
const routes = ["/", "/dashboard", "/api/openapi.json", "/api/docs"].map(
  (path): readonly [RegExp, string] => [new RegExp(`^${path}$`), path],
);
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

const json = <A, I>(schema: Schema.Schema<A, I>, status: number) => {
  const encode = Schema.encodeSync(schema);
  return (error: A) => HttpServerResponse.unsafeJson(encode(error), { status });
};
const notFound = json(NotFound, 404)(new NotFound());
const badRequest = json(
  BadRequest,
  400,
)(new BadRequest({ problem: "It is not what its type says, or was cut off." }));
const internalError = json(InternalError, 500);

/** What a client is told of a failure that no endpoint speaks of; the cause itself is for the log alone. */
const told = (status: number, trace: string): HttpServerResponse.HttpServerResponse => {
  if (status === 404) return notFound;
  return status >= 500 ? internalError(new InternalError({ trace })) : badRequest;
};

/** Measures every request, marks its answer and what is logged meanwhile, and logs those that fail by a fault of ours. */
export const observed = <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const clock = yield* Effect.clock;
    const began = clock.unsafeCurrentTimeNanos();
    const route = routeOf(request.url);
    const method = METHODS.has(request.method) ? request.method : "unknown";
    const trace = (yield* Random.nextIntBetween(36 ** 6, 36 ** 7)).toString(36);
    const count = (status: number) =>
      Instruments.httpRequest(method, route, status, Number(clock.unsafeCurrentTimeNanos() - began) / 1e9);
    return yield* app.pipe(
      Effect.catchAllCause((cause) => {
        // Nobody waits any more: the client has gone, or the bot stops.
        if (Cause.isInterruptedOnly(cause))
          return Effect.zipRight(
            Effect.sync(() => count(499)),
            Effect.failCause(cause),
          );
        return Effect.flatMap(HttpServerError.causeResponse(cause), ([response]) =>
          Effect.as(
            response.status >= 500 ? Effect.logError("A web request failed", cause) : Effect.void,
            told(response.status, trace),
          ),
        );
      }),
      Effect.map((response) => {
        count(response.status);
        return HttpServerResponse.setHeader(response, "x-trace-id", trace);
      }),
      Effect.annotateLogs({ trace, method, route }),
    );
  });
