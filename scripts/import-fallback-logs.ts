import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { importFallback } from "../src/programs/cli/LogReplay.js";

NodeRuntime.runMain(importFallback(process.argv.slice(2)), { disableErrorReporting: true });
