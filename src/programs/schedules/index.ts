import type { RecurringJob, Requirements } from "../kit/Schedule.js";
import { logFallback } from "./LogFallback.js";
import { lookAhead } from "./LookAhead.js";
import { nightlyBackup } from "./NightlyBackup.js";
import { staleClaims } from "./StaleClaims.js";

/** One line a recurring job. */
const all = [logFallback, lookAhead, nightlyBackup, staleClaims];

export const schedules: ReadonlyArray<RecurringJob<Requirements<(typeof all)[number]>>> = all;
