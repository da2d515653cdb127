import { Schema } from "effect";
import { Millis, ShortCode } from "./Ids.js";

/** Why an applicant cannot be called in the unverified channel just now (features.md F5). */
export class NoUnverifiedChannel extends Schema.TaggedError<NoUnverifiedChannel>()(
  "NoUnverifiedChannel",
  {},
) {}
export class ApplicantLeft extends Schema.TaggedError<ApplicantLeft>()("ApplicantLeft", {
  code: ShortCode,
}) {}
export class PingedRecently extends Schema.TaggedError<PingedRecently>()("PingedRecently", {
  code: ShortCode,
  until: Millis,
}) {}
/** Panic mode is on: an applicant who is called could not do anything. */
export class PingsPaused extends Schema.TaggedError<PingsPaused>()("PingsPaused", { code: ShortCode }) {}

export type PingRefusal = PingsPaused | NoUnverifiedChannel | ApplicantLeft | PingedRecently;
