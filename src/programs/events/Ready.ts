import { Effect } from "effect";
import { Absence } from "../../services/Absence.js";
import { warnOfLogs } from "../schedules/LogFallback.js";
import { warnOfProblems } from "../schedules/LookAhead.js";
import * as Event from "../kit/Event.js";

/** In the background: a large guild has many members, and events and presses are not to wait for them. */
const makeUp = Effect.fork(
  Effect.catchAllCause(
    Effect.flatMap(Absence, (absence) => absence.makeUp),
    (cause) => Effect.logError("What happened while the bot was away could not be made up for", cause),
  ),
);

/** Also where recurring jobs are off: whoever starts the bot hears what would not work. */
export const ready = Event.on("Ready", () =>
  Effect.zipRight(makeUp, Effect.zipRight(warnOfProblems, warnOfLogs)),
);
