import type { Server } from "node:http";
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer";
import { Effect, Layer, Schema } from "effect";
import { AppConfig } from "./Config.js";
import { Listener } from "./http/Listener.js";
import { STOP } from "./Lifecycle.js";

export { ALWAYS, DEFAULTS } from "./http/SecurityHeaders.js";

/** Nobody can be served; says why and what to do. */
export class HttpUnavailable extends Schema.TaggedError<HttpUnavailable>()("HttpUnavailable", {
  port: Schema.Number,
  problem: Schema.String,
}) {
  override get message() {
    return `Cannot listen on port ${this.port}: ${this.problem}`;
  }
}

/** A stop waits for requests that are being answered, but for none that hangs. */
const closeInTime = (server: Server) =>
  Layer.scopedDiscard(
    Effect.addFinalizer(() =>
      Effect.forkDaemon(
        Effect.gen(function* () {
          yield* Effect.sleep(STOP.handlers);
          const left = yield* Effect.async<number>((resume) => {
            server.getConnections((error, count) => resume(Effect.succeed(error === null ? count : 0)));
          });
          if (left > 0) {
            yield* Effect.logWarning("HTTP requests were abandoned: the stop could not wait for them", {
              left,
            });
          }
          server.closeAllConnections();
        }),
      ),
    ),
  );

const at = (port: number, host?: string) =>
  Layer.unwrapEffect(
    Effect.sync(() => {
      const server = new Listener();
      return closeInTime(server).pipe(Layer.provideMerge(serve(server, port, host)));
    }),
  );

const serve = (server: Server, port: number, host?: string) =>
  NodeHttpServer.layer(() => server, host === undefined ? { port } : { port, host }).pipe(
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
