import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import { program } from "../src/programs/cli/Migrate.js";

NodeRuntime.runMain(program, { disableErrorReporting: true });
