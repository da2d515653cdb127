import { Effect } from "effect";
import { LogFallback } from "../../services/LogFallback.js";
import { LogWatch } from "../../services/LogWatch.js";
import * as Schedule from "../kit/Schedule.js";

/** Tells operator and admins whose log cannot be posted: once, until it is mended or is something else. */
export const warnOfLogs = Effect.gen(function* () {
  const watch = yield* LogWatch;
  for (const { guildId: guild, problem, parked } of yield* watch.check) {
    yield* problem === null
      ? Effect.logInfo("The action log is posted again in this server", { guild })
      : Effect.logWarning(
          "The action log cannot be posted in this server; its entries go to the fallback file",
          {
            guild,
            problem,
            waiting: parked,
          },
        );
  }
});

/** Posts what waits in the fallback file as soon as that is possible, and takes it out of the file then. */
export const logFallback = Schedule.every(
  "log fallback",
  "15 seconds",
  Effect.gen(function* () {
    yield* warnOfLogs;
    const fallback = yield* LogFallback;
    yield* Effect.catchAll(fallback.tend, ({ message }) => Effect.logError(message));
  }),
);
