import { HttpApiEndpoint, HttpApiGroup } from "@effect/platform";
import { Schema } from "effect";

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

export const HealthGroup = HttpApiGroup.make("health").add(
  HttpApiEndpoint.get("health", "/health").addSuccess(Healthy).addError(Unhealthy, { status: 503 }),
);
