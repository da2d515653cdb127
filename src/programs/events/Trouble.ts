import { Effect } from "effect";
import * as Event from "../kit/Event.js";

export const trouble = Event.on("Trouble", ({ detail }) => Effect.logWarning(detail));
