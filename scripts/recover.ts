import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { program } from "../src/programs/cli/Recover.js";

NodeRuntime.runMain(program(process.argv.slice(2)), { disableErrorReporting: true });
