import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { NotFound } from "./Errors.js";
import { RateClass } from "./RateClass.js";

const fields = {
  version: Schema.String,
  service: Schema.Literal("pawtropolis"),
  /** Seconds since the process was ready to serve. */
  uptime_s: Schema.Number,
  /** ISO 8601. */
  timestamp: Schema.String,
};

export class Healthy extends Schema.Class<Healthy>("Healthy")({ ok: Schema.Literal(true), ...fields }) {}

/** The database or the gateway is down. */
export class Unhealthy extends Schema.Class<Unhealthy>("Unhealthy")({
  ok: Schema.Literal(false),
  ...fields,
}) {}

/** For load balancers and deployments: 503 while starting, while stopping, and while anything is down. */
export class Readiness extends Schema.Class<Readiness>("Readiness")({ ready: Schema.Boolean }) {}
export class NotReady extends Schema.Class<NotReady>("NotReady")({ ready: Schema.Literal(false) }) {}

export const HealthGroup = HttpApiGroup.make("health")
  .add(
    HttpApiEndpoint.get("health", "/health")
      .addSuccess(Healthy)
      .addError(Unhealthy, { status: 503 })
      .annotate(RateClass, "probe")
      .annotate(OpenApi.Description, "Whether the database answers and Discord is connected."),
  )
  .add(
    HttpApiEndpoint.get("ready", "/ready")
      .addSuccess(Readiness)
      .addError(NotReady, { status: 503 })
      .annotate(RateClass, "probe")
      .annotate(
        OpenApi.Description,
        "For load balancers and deployments: 503 while starting, while stopping, and while anything is down.",
      ),
  )
  .add(
    HttpApiEndpoint.get("metrics", "/metrics")
      .addSuccess(HttpApiSchema.Text({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))
      .addError(NotFound)
      .annotate(RateClass, "probe")
      .annotate(
        OpenApi.Description,
        "Prometheus' text format; only for this machine, and for everybody else not there.",
      ),
  );
