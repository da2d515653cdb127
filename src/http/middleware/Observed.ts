import { type HttpApp, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Random } from "effect";
import * as Instruments from "../../layers/Instruments.js";
import { Asked } from "./Asked.js";
import { routeOf } from "./Routes.js";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Outermost: measures every request, and marks its answer and what is logged meanwhile. */
export const observed = <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, Exclude<R, Asked>> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const clock = yield* Effect.clock;
    const began = clock.unsafeCurrentTimeNanos();
    const route = routeOf(request.url);
    const path = route?.path ?? "unknown";
    const method = METHODS.has(request.method) ? request.method : "unknown";
    const trace = (yield* Random.nextIntBetween(36 ** 6, 36 ** 7)).toString(36);
    const count = (status: number) =>
      Instruments.httpRequest(method, path, status, Number(clock.unsafeCurrentTimeNanos() - began) / 1e9);
    return yield* app.pipe(
      Effect.provideService(Asked, { trace, route }),
      // Nobody waits any more: the client has gone.
      Effect.tapErrorCause(() => Effect.sync(() => count(499))),
      Effect.map((response) => {
        count(response.status);
        return HttpServerResponse.setHeader(response, "x-trace-id", trace);
      }),
      Effect.annotateLogs({ trace, method, route: path }),
    );
  });
