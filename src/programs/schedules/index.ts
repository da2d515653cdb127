import type { RecurringJob, Requirements } from "../kit/Schedule.js";
import { logFallback } from "./LogFallback.js";
import { healthCheck } from "./HealthCheck.js";
import { lookAhead } from "./LookAhead.js";
import { nightlyBackup } from "./NightlyBackup.js";
import { staleClaims } from "./StaleClaims.js";

/** One line a recurring job. */
const all = [healthCheck, logFallback, lookAhead, nightlyBackup, staleClaims];

export const schedules: ReadonlyArray<RecurringJob<Requirements<(typeof all)[number]>>> = all;
