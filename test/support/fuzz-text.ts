/** What the fuzz types and names. */
import { FastCheck as fc } from "effect";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
} from "./fixtures.js";
import { hostileText } from "./fixtures-text.js";
import type { Aim } from "./fuzz-people.js";

export const junk = fc.oneof(
  hostileText,
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "0",
    "-1",
    "null",
    "v1:",
    "%",
    "%E0%A4%A",
    "a".repeat(6_000),
  ),
);
export const calm = fc.constant("A friend of mine told me about this server.");

export const snowflake = fc.constantFrom<string>(
  REVIEW_CHANNEL,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  LOG_CHANNEL,
  MEMBER_ROLE,
  REVIEWER_ROLE,
  MAYA,
  OTHER_GUILD,
  "0",
  "9".repeat(30),
);

/** Text that may be about an application which is not known yet. */
export type Fill = (aim: Aim) => string;
export const constant = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<Fill> =>
  arbitrary.map((text) => () => text);
export const ofAim: fc.Arbitrary<Fill> = fc.constantFrom<Fill>(
  ({ id }) => id,
  ({ code }) => code,
  ({ userId }) => userId,
  ({ code }) => `#${code}`,
);
