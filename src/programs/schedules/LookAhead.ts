import { Effect } from "effect";
import { Preflight } from "../../services/Preflight.js";
import * as Schedule from "../kit/Schedule.js";

/** Tells the operator where accepting somebody would fail now: once, until it is mended or is something else. */
export const warnOfProblems = Effect.gen(function* () {
  const preflight = yield* Preflight;
  for (const { guildId, problems } of yield* preflight.news) {
    yield* problems.length === 0
      ? Effect.logInfo("Everything is in order again in this server", { guild: guildId })
      : Effect.logWarning("Accepting somebody would not work in this server", { guild: guildId, problems });
  }
});

export const lookAhead = Schedule.every("look ahead", "5 minutes", warnOfProblems);
