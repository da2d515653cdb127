import { HttpApiBuilder } from "@effect/platform";
import { Clock, Effect } from "effect";
import { VERSION } from "../../domain/Version.js";
import { Health } from "../../services/Health.js";
import { Api } from "../api/index.js";
import { Healthy, Unhealthy } from "../api/Health.js";

/** Public: says that it works, not how. */
export const healthHandlers = HttpApiBuilder.group(Api, "health", (handlers) =>
  Effect.map(Health, (health) =>
    handlers.handle("health", () =>
      Effect.gen(function* () {
        const { ok, uptimeSeconds } = yield* health.report;
        const now = yield* Clock.currentTimeMillis;
        const body = {
          version: VERSION,
          service: "pawtropolis" as const,
          uptime_s: uptimeSeconds,
          timestamp: new Date(now).toISOString(),
        };
        return ok ? Healthy.make({ ok, ...body }) : yield* Effect.fail(Unhealthy.make({ ok, ...body }));
      }),
    ),
  ),
);
