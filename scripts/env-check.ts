import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { program } from "../src/programs/cli/EnvCheck.js";

NodeRuntime.runMain(program, { disableErrorReporting: true });
