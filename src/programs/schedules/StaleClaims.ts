import { Effect } from "effect";
import { StaleClaims } from "../../services/StaleClaims.js";
import * as Schedule from "../kit/Schedule.js";

/** Claims that nobody acts on go back to the queue. */
export const staleClaims = Schedule.every(
  "stale claims",
  "1 minute",
  Effect.gen(function* () {
    const released = yield* Effect.flatMap(StaleClaims, ({ release }) => release);
    if (released > 0) yield* Effect.logInfo("Stale claims were handed back", { released });
  }),
);
