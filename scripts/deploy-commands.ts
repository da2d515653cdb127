import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { deploy } from "../src/programs/cli/Commands.js";

NodeRuntime.runMain(deploy(process.argv.slice(2)), { disableErrorReporting: true });
