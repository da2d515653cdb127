import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Effect, Layer } from "effect";
import { layerTest } from "../../../src/layers/Config.js";
import { layer } from "../../../src/layers/Telemetry.js";

/** Logs one line to the real standard output and is killed in the same breath. */
const nodeEnv = process.argv[2] === "production" ? "production" : "development";

Effect.logInfo("ClientReady").pipe(
  Effect.andThen(Effect.sync(() => process.kill(process.pid, "SIGKILL"))),
  Effect.provide(Layer.provide(layer, layerTest({ nodeEnv }))),
  NodeRuntime.runMain,
);
