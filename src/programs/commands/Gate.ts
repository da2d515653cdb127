import { pipe } from "effect";
import * as Command from "../kit/Command.js";
import { gateSetup } from "./GateSetup.js";

/** One line a subcommand. */
export const gate = pipe(Command.group("gate", "The way into this server"), Command.add(gateSetup));
