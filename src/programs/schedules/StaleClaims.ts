import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Schedule from "../kit/Schedule.js";

/** Claims that nobody acts on go back to the queue. */
export const staleClaims = Schedule.every(
  "stale claims",
  "1 minute",
  Effect.gen(function* () {
    const reviews = yield* Reviews;
    const released = yield* reviews.releaseStale;
    if (released > 0) yield* Effect.logInfo("Stale claims were handed back", { released });
  }),
);
