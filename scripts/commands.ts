import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { sync } from "../src/programs/cli/Commands.js";

NodeRuntime.runMain(sync(process.argv.slice(2)), { disableErrorReporting: true });
