import { assert, describe, it } from "@effect/vitest";
import { lockedUntil, recentTries } from "../../../src/domain/Password.js";
import { at, MINUTE, NOW } from "../../support/fixtures.js";

/** Wrong tries so many minutes before noon, newest first. */
const wrong = (...minutes: ReadonlyArray<number>) => minutes.map((ago) => at(-ago * MINUTE));

describe("five wrong passwords", () => {
  it.each([
    ["none", wrong(), null],
    ["four in a row", wrong(0, 0, 0, 0), null],
    ["five in a row", wrong(0, 0, 0, 0, 0), at(15 * MINUTE)],
    ["five within fifteen minutes", wrong(0, 1, 2, 3, 14.9), at(15 * MINUTE)],
    ["five over more than that", wrong(0, 1, 2, 3, 15), null],
    ["five, the last of them fourteen minutes ago", wrong(14, 14, 20, 21, 28), at(MINUTE)],
    ["five, the last of them fifteen minutes ago", wrong(15, 15, 15, 15, 15), null],
    ["one after a pause", wrong(0, 15, 16, 17, 18), null],
  ])("%s", (_what, tries, until) => {
    assert.strictEqual(lockedUntil(tries, NOW), until);
  });

  it("count for fifteen minutes", () => {
    assert.strictEqual(recentTries(wrong(0, 14.9, 15, 20), NOW), 2);
  });
});
