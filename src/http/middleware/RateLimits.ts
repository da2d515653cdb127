import { RateLimiter } from "@effect/experimental";
import { type HttpApp, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Duration, Effect, Either, Layer, Record } from "effect";
import { AppConfig } from "../../layers/Config.js";
import { TooManyRequests } from "../api/Errors.js";
import type { RateClassName } from "../api/RateClass.js";
import { Asked } from "./Asked.js";
import { clientOf } from "./ClientAddress.js";
import { rateOf } from "./Routes.js";
import { told } from "./Told.js";

/** Requests of one client in a minute, as a part of `WEB_REQUESTS_PER_MINUTE` (100 unless it is set; features.md F15). */
const SHARES: Readonly<Record<RateClassName, number>> = {
  default: 1,
  heavy: 0.1,
  signIn: 0.1,
  password: 0.05,
  /** Load balancers and scrapes ask often, and from one address. */
  probe: 60,
};

const WINDOW_SECONDS = 60;

/** So many clients are counted at once; the one whose window began first is forgotten for the next. About 200 bytes each. */
const MOST_CLIENTS = 50_000;

/** The library's own store in memory never forgets a key. */
export const boundedStore = (most: number): Layer.Layer<RateLimiter.RateLimiterStore> =>
  Layer.sync(RateLimiter.RateLimiterStore, () => {
    const windows = new Map<string, { readonly count: number; readonly endsAt: number }>();
    return RateLimiter.RateLimiterStore.of({
      fixedWindow: ({ key, tokens, refillRate, limit }) =>
        Effect.clockWith((clock) =>
          Effect.sync(() => {
            const now = clock.unsafeCurrentTimeMillis();
            const window = windows.get(key);
            const { count, endsAt } =
              window === undefined || window.endsAt <= now ? { count: 0, endsAt: now } : window;
            const used = count + tokens;
            if (limit !== undefined && used > limit) return [used, endsAt - now] as const;
            if (count === 0) windows.delete(key);
            const [oldest] = windows.keys();
            if (windows.size >= most && oldest !== undefined && !windows.has(key)) windows.delete(oldest);
            const until = endsAt + Duration.toMillis(refillRate) * tokens;
            windows.set(key, { count: used, endsAt: until });
            return [used, until - now] as const;
          }),
        ),
      tokenBucket: () => Effect.dieMessage("Requests are counted in windows"),
    });
  });

const refused = told(TooManyRequests);

/**
 * Lets through so many requests a minute from each client and of each class, and says how many are left as
 * draft-ietf-httpapi-ratelimit-headers has it.
 */
export const make = Effect.gen(function* () {
  const { http } = yield* AppConfig;
  const limiter = yield* RateLimiter.RateLimiter;
  const clientFor = clientOf(http.trustProxy);
  const classes = Record.map(SHARES, (share, name) => {
    const limit = Math.max(1, Math.round(http.requestsPerMinute * share));
    return { limit, policy: `"${name}";q=${limit};w=${WINDOW_SECONDS}` };
  });

  return <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R | Asked> =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest;
      const { route } = yield* Asked;
      const name = rateOf(route, request.method);
      const { limit, policy } = classes[name];
      const headers = (remaining: number, resetSeconds: number) => ({
        "ratelimit-policy": policy,
        ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
      });
      const taken = yield* Effect.either(
        limiter.consume({
          key: `${name} ${clientFor(request)}`,
          limit,
          window: Duration.seconds(WINDOW_SECONDS),
        }),
      );
      if (Either.isRight(taken)) {
        const { remaining, resetAfter } = taken.right;
        const response = yield* app;
        return HttpServerResponse.setHeaders(
          response,
          headers(remaining, Math.ceil(Duration.toSeconds(resetAfter))),
        );
      }
      // A store in memory does not fail.
      if (taken.left.reason === "StoreError") return yield* Effect.die(taken.left);
      const retryAfterSeconds = Math.max(1, Math.ceil(Duration.toSeconds(taken.left.retryAfter)));
      return HttpServerResponse.setHeaders(refused(new TooManyRequests({ retryAfterSeconds })), {
        ...headers(0, retryAfterSeconds),
        "retry-after": `${retryAfterSeconds}`,
      });
    });
}).pipe(Effect.provide(Layer.provide(RateLimiter.layer, boundedStore(MOST_CLIENTS))));
