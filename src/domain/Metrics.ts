import { Schema } from "effect";
import { ActionName } from "./Action.js";
import { Millis } from "./Ids.js";

export const DAY_MILLIS = 86_400_000;
/** Five years, two of which may be leap years. */
export const MAX_WINDOW_DAYS = 5 * 365 + 2;

/** A UTC day, counted from 1970-01-01. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MILLIS);
export const startOf = (day: number): Millis => Millis.make(day * DAY_MILLIS);

/** Some UTC days, the last one included. */
export interface Days {
  readonly first: number;
  readonly last: number;
}
export const daysOf = ({ from, to }: { readonly from: number; readonly to: number }): Days => ({
  first: dayOf(from),
  last: dayOf(to - 1),
});

/** From `from` until just before `to`; figures hold every UTC day that it touches, whole. */
export const MetricWindow = Schema.Struct({ from: Millis, to: Millis }).pipe(
  Schema.filter(({ from, to }) => {
    if (from >= to) return "`from` must be earlier than `to`";
    const { first, last } = daysOf({ from, to });
    return last - first < MAX_WINDOW_DAYS || "a window is five years at most";
  }),
);
export type MetricWindow = typeof MetricWindow.Type;

/** Weeks begin on Monday; all of it in UTC. */
export const Period = Schema.Literal("day", "week", "month");
export type Period = typeof Period.Type;

/** The first day of the period that a day is in. */
export const periodOf = (period: Period, day: number): number => {
  switch (period) {
    case "day":
      return day;
    case "week":
      // 1970-01-01 was a Thursday.
      return day - ((day + 3) % 7);
    case "month": {
      const date = new Date(day * DAY_MILLIS);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MILLIS;
    }
  }
};

const Count = Schema.Int.pipe(Schema.nonNegative());
/** Milliseconds; at most 3.2 % off. None where there was nothing to measure. */
const Duration = Schema.NullOr(Count);

/** A guild's figures of a window, and how things stand. */
export const MetricCounts = Schema.Struct({
  from: Millis,
  to: Millis,
  /** Every action, also those that did not happen. */
  actions: Schema.Array(Schema.Struct({ action: ActionName, count: Count })),
  waiting: Count,
  claimed: Count,
  decidedToday: Count,
  /** From submission to decision, of what was decided in the window. */
  medianResponse: Duration,
});
export type MetricCounts = typeof MetricCounts.Type;

const overTime = {
  from: Millis,
  to: Millis,
  bucket: Period,
  /** The start of each period, without a gap; the first and the last hold only their days of the window. */
  starts: Schema.Array(Millis),
};

export const Timeseries = Schema.Struct({
  ...overTime,
  /** One number a period. */
  series: Schema.Array(Schema.Struct({ action: ActionName, counts: Schema.Array(Count) })),
});
export type Timeseries = typeof Timeseries.Type;

/** From submission to decision, by the day of the decision; nearest rank. */
export const Latency = Schema.Struct({
  ...overTime,
  counts: Schema.Array(Count),
  p50: Schema.Array(Duration),
  p95: Schema.Array(Duration),
  whole: Schema.Struct({ count: Count, p50: Duration, p95: Duration }),
});
export type Latency = typeof Latency.Type;

/** Up to and with today, in UTC days. */
export const JOIN_WINDOWS = { day: 1, week: 7, days30: 30, year: 365, all: Infinity } as const;
export const JoinWindow = Schema.Literal("day", "week", "days30", "year", "all");
export type JoinWindow = typeof JoinWindow.Type;

export const RatioColor = Schema.Literal("green", "yellow", "red");
export type RatioColor = typeof RatioColor.Type;

/** features.md F10. */
export const ratioColor = (ratio: number): RatioColor =>
  ratio > 0.6 ? "green" : ratio >= 0.4 ? "yellow" : "red";

/** Where the distribution is cut, in milliseconds: 1, 5, 15 minutes, 1, 6 hours, 1, 3, 7 days. */
export const JOIN_SUBMIT_EDGES = [
  60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 259_200_000, 604_800_000,
] as const;

/** How many of those who joined have applied since. */
export const JoinSubmit = Schema.Struct({
  windows: Schema.Array(
    Schema.Struct({
      window: JoinWindow,
      joins: Count,
      submitted: Count,
      /** None where nobody joined. */
      ratio: Schema.NullOr(Schema.Number),
      color: Schema.NullOr(RatioColor),
    }),
  ),
  /** From joining to applying, in milliseconds, of everybody; the last one has no end. */
  distribution: Schema.Array(Schema.Struct({ from: Count, to: Schema.NullOr(Count), count: Count })),
});
export type JoinSubmit = typeof JoinSubmit.Type;
