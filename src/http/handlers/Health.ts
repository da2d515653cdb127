import { HttpApiBuilder, type HttpServerRequest } from "@effect/platform";
import { Clock, Effect, Option } from "effect";
import { VERSION } from "../../domain/Version.js";
import { Health } from "../../services/Health.js";
import { NotFound } from "../api/Errors.js";
import { Healthy, NotReady, Readiness, Unhealthy } from "../api/Health.js";
import { Api } from "../api/index.js";

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Whether a request comes from this machine itself, and not through a proxy on it. */
const isLocal = (request: HttpServerRequest.HttpServerRequest): boolean =>
  Option.exists(request.remoteAddress, (address) => LOOPBACK.test(address)) &&
  !["x-forwarded-for", "forwarded", "x-real-ip", "via"].some((header) => header in request.headers);

/** Public: says that it works, not how. */
export const healthHandlers = HttpApiBuilder.group(Api, "health", (handlers) =>
  Effect.map(Health, (health) =>
    handlers
      .handle("health", () =>
        Effect.gen(function* () {
          const { ok, uptimeSeconds } = yield* health.well;
          const now = yield* Clock.currentTimeMillis;
          const body = {
            version: VERSION,
            service: "pawtropolis" as const,
            uptime_s: uptimeSeconds,
            timestamp: new Date(now).toISOString(),
          };
          return ok ? Healthy.make({ ok, ...body }) : yield* Effect.fail(Unhealthy.make({ ok, ...body }));
        }),
      )
      .handle("ready", () =>
        Effect.flatMap(health.ready, (ready) =>
          ready ? Effect.succeed(Readiness.make({ ready })) : Effect.fail(NotReady.make({ ready })),
        ),
      )
      .handle("metrics", ({ request }) => (isLocal(request) ? health.metrics : Effect.fail(new NotFound()))),
  ),
);
