import { Effect } from "effect";
import { warnOfLogs } from "../schedules/LogFallback.js";
import { warnOfProblems } from "../schedules/LookAhead.js";
import * as Event from "../kit/Event.js";

/** Also where recurring jobs are off: whoever starts the bot hears what would not work. */
export const ready = Event.on("Ready", () => Effect.zipRight(warnOfProblems, warnOfLogs));
