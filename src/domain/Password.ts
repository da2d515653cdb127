import { Brand, Schema } from "effect";
import type { Details } from "./Action.js";
import { Millis } from "./Ids.js";

/** features.md F3: so many wrong tries within the window keep a person out for the pause, per guild. */
export const PASSWORD_TRIES = 5;
export const PASSWORD_WINDOW_MILLIS = 15 * 60_000;
export const PASSWORD_PAUSE_MILLIS = 15 * 60_000;

/**
 * Somebody gave the shared password just now. What asks for the password takes one of these, and writes it into the
 * details of its own row of the log: that is where a right try is recorded.
 */
export type PasswordProof = Details & Brand.Brand<"PasswordProof">;
export const PasswordProof = Brand.nominal<PasswordProof>();

export class WrongPassword extends Schema.TaggedError<WrongPassword>()("WrongPassword", {
  /** How many tries are left before the pause; at least one. */
  left: Schema.Int,
}) {}

/** Too many wrong tries: until then nothing is compared. */
export class PasswordLocked extends Schema.TaggedError<PasswordLocked>()("PasswordLocked", {
  until: Millis,
}) {}

export type PasswordError = WrongPassword | PasswordLocked;

/**
 * Until when somebody is kept out, if their last wrong tries make a pause.
 * @param wrong when they were compared, newest first.
 */
export const lockedUntil = (wrong: ReadonlyArray<Millis>, now: number): Millis | null => {
  const [newest] = wrong;
  const first = wrong[PASSWORD_TRIES - 1];
  if (newest === undefined || first === undefined || newest - first >= PASSWORD_WINDOW_MILLIS) return null;
  const until = newest + PASSWORD_PAUSE_MILLIS;
  return now < until ? Millis.make(until) : null;
};

/** How many of the last wrong tries still count. */
export const recentTries = (wrong: ReadonlyArray<Millis>, now: number): number =>
  wrong.filter((at) => at > now - PASSWORD_WINDOW_MILLIS).length;
