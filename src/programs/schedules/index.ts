import type { RecurringJob, Requirements } from "../kit/Schedule.js";
import { logFallback } from "./LogFallback.js";
import { lookAhead } from "./LookAhead.js";
import { staleClaims } from "./StaleClaims.js";

/** One line a recurring job. */
const all = [logFallback, lookAhead, staleClaims];

export const schedules: ReadonlyArray<RecurringJob<Requirements<(typeof all)[number]>>> = all;
