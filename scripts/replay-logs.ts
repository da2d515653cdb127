import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { replayLogs } from "../src/programs/cli/LogReplay.js";

NodeRuntime.runMain(replayLogs(process.argv.slice(2)), { disableErrorReporting: true });
