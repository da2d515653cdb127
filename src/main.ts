import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { Effect, Layer } from "effect";
import { App } from "./App.js";
import { reportFailure } from "./layers/Telemetry.js";

NodeRuntime.runMain(Layer.launch(App).pipe(Effect.tapErrorCause(reportFailure)), {
  disableErrorReporting: true,
});
