import { assert, describe, it } from "@effect/vitest";
import { Either, FastCheck as fc, Schema } from "effect";
import { BUCKET_WIDTHS, middleOf } from "../../../src/domain/Histogram.js";
import {
  DAY_MILLIS,
  dayOf,
  MAX_WINDOW_DAYS,
  MetricWindow,
  periodOf,
  ratioColor,
} from "../../../src/domain/Metrics.js";

const day = (year: number, month: number, date: number) => dayOf(Date.UTC(year, month - 1, date));
const decode = Schema.decodeUnknownEither(MetricWindow);

describe("a window", () => {
  it.each([
    ["a millisecond", 0, 1, true],
    ["five years", 0, MAX_WINDOW_DAYS * DAY_MILLIS, true],
    ["more than five years", 0, MAX_WINDOW_DAYS * DAY_MILLIS + 1, false],
    ["nothing", 5, 5, false],
    ["the wrong way round", 6, 5, false],
    ["before 1970", -1, 5, false],
  ])("of %s", (_, from, to, isOne) => assert.strictEqual(Either.isRight(decode({ from, to })), isOne));
});

describe("periods", () => {
  it("begin on Monday, on the first, or are the day itself", () => {
    // Thursday, 15 January 2026.
    assert.strictEqual(periodOf("day", day(2026, 1, 15)), day(2026, 1, 15));
    assert.strictEqual(periodOf("week", day(2026, 1, 15)), day(2026, 1, 12));
    assert.strictEqual(periodOf("week", day(2026, 1, 12)), day(2026, 1, 12));
    assert.strictEqual(periodOf("week", day(2026, 1, 11)), day(2026, 1, 5));
    assert.strictEqual(periodOf("month", day(2024, 2, 29)), day(2024, 2, 1));
  });
});

describe("the colour of a ratio", () => {
  it.each([
    [1, "green"],
    [0.601, "green"],
    [0.6, "yellow"],
    [0.4, "yellow"],
    [0.399, "red"],
    [0, "red"],
  ] as const)("%d is %s", (ratio, color) => assert.strictEqual(ratioColor(ratio), color));
});

describe("a bucket", () => {
  it("stands for durations that are at most 1/32 away from its middle", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 41 }), (ms) => {
        const { width } = BUCKET_WIDTHS.filter(({ from }) => ms >= from).at(-1) ?? { width: 1 };
        const middle = middleOf(ms - (ms % width));
        assert.isAtMost(Math.abs(middle - ms), ms / 32);
      }),
    );
  });
});
