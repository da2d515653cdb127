import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { print } from "../src/programs/cli/Commands.js";

NodeRuntime.runMain(print(process.argv.slice(2)), { disableErrorReporting: true });
