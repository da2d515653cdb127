import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { defaultTeardown } from "@effect/platform/Runtime";
import { Effect } from "effect";
import { program } from "./App.js";
import { reportFailure } from "./layers/Telemetry.js";

NodeRuntime.runMain(program.pipe(Effect.tapErrorCause(reportFailure)), {
  disableErrorReporting: true,
  // Nothing that was left behind keeps the process.
  teardown: (exit, leave) => {
    defaultTeardown(exit, (code) => {
      leave(code);
      process.exit(code);
    });
  },
});
