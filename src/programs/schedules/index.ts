import type { RecurringJob, Requirements } from "../kit/Schedule.js";
import { lookAhead } from "./LookAhead.js";
import { staleClaims } from "./StaleClaims.js";

/** One line a recurring job. */
const all = [lookAhead, staleClaims];

export const schedules: ReadonlyArray<RecurringJob<Requirements<(typeof all)[number]>>> = all;
