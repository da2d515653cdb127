import { createServer } from "node:http";
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer";
import { Effect, Layer, Schema } from "effect";
import { AppConfig } from "./Config.js";

/** Nobody can be served; says why and what to do. */
export class HttpUnavailable extends Schema.TaggedError<HttpUnavailable>()("HttpUnavailable", {
  port: Schema.Number,
  problem: Schema.String,
}) {
  override get message() {
    return `Cannot listen on port ${this.port}: ${this.problem}`;
  }
}

const at = (port: number, host?: string) =>
  NodeHttpServer.layer(() => createServer(), host === undefined ? { port } : { port, host }).pipe(
    Layer.mapError(
      ({ cause }) =>
        new HttpUnavailable({
          port,
          problem:
            cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"
              ? "it is taken. Stop what listens there, or change DASHBOARD_PORT."
              : "the system refused it. Change DASHBOARD_PORT.",
        }),
    ),
  );

/** The server of `DASHBOARD_PORT`. */
export const layer = Layer.unwrapEffect(Effect.map(AppConfig, ({ http }) => at(http.port)));

/** A port chosen by the system, on loopback. */
export const layerTest = at(0, "127.0.0.1");
