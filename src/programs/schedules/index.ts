import type { RecurringJob, Requirements } from "../kit/Schedule.js";
import { staleClaims } from "./StaleClaims.js";

/** One line a recurring job. */
const all = [staleClaims];

export const schedules: ReadonlyArray<RecurringJob<Requirements<(typeof all)[number]>>> = all;
