import { pipe } from "effect";
import * as Command from "../kit/Command.js";
import { configClear } from "./ConfigClear.js";
import { configGetFlags } from "./ConfigGetFlags.js";
import { configGetLogging } from "./ConfigGetLogging.js";
import { configSet } from "./ConfigSet.js";
import { configView } from "./ConfigView.js";

const GET = { name: "get", description: "Look closely at one thing" };

/** One line a subcommand. */
export const config = pipe(
  Command.group("config", "The settings of this server"),
  Command.add(configView),
  Command.add(configSet),
  Command.add(configClear),
  Command.addIn(GET, configGetFlags),
  Command.addIn(GET, configGetLogging),
);
