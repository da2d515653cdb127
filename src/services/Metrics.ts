import { Array as Arr, Clock, Context, Effect, Layer, Option } from "effect";
import { ActionName } from "../domain/Action.js";
import { DecisionKind } from "../domain/Application.js";
import { type Histogram, merged, middleOf, percentileOf, totalOf } from "../domain/Histogram.js";
import type { GuildId } from "../domain/Ids.js";
import {
  type Days,
  dayOf,
  daysOf,
  JOIN_SUBMIT_EDGES,
  JOIN_WINDOWS,
  type JoinSubmit,
  JoinWindow,
  type Latency,
  type MetricCounts,
  type MetricWindow,
  type Period,
  periodOf,
  ratioColor,
  startOf,
  type Timeseries,
} from "../domain/Metrics.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { MetricRepo } from "./repos/MetricRepo.js";

/**
 * A guild's figures (features.md F10), by whole UTC days, from roll-ups that are written with each row of the log. Times and
 * durations in milliseconds; durations are at most 3.2 % off (see domain/Histogram).
 */
export class Metrics extends Context.Tag("app/Metrics")<
  Metrics,
  {
    /** What happened in a window, and how things stand now. */
    readonly counts: (guildId: GuildId, window: MetricWindow) => Effect.Effect<MetricCounts>;
    /** How often actions happened in each period; 0 where they did not. */
    readonly timeseries: (
      guildId: GuildId,
      window: MetricWindow,
      bucket: Period,
      actions: ReadonlyArray<ActionName>,
    ) => Effect.Effect<Timeseries>;
    /** Submission to decision, by the day of the decision: 50th and 95th percentile, by nearest rank. */
    readonly latency: (guildId: GuildId, window: MetricWindow, bucket: Period) => Effect.Effect<Latency>;
    /**
     * Of those who joined, how many have applied since: a submission counts for the join before it if none came in
     * between. Joins that are logged after the submission (the bot was away) count as not followed by one.
     */
    readonly joinSubmit: (guildId: GuildId) => Effect.Effect<JoinSubmit>;
    /** Another one whenever a figure of the guild can be another one: with each row of its log, and with each day. */
    readonly version: (guildId: GuildId) => Effect.Effect<string>;
  }
>() {}

/** The first days of the periods of a window, in order, without a gap. */
const periodsOf = (period: Period, { first, last }: Days): ReadonlyArray<number> => {
  const starts: Array<number> = [];
  for (let day = first; day <= last; day += 1) {
    const start = periodOf(period, day);
    if (start !== starts.at(-1)) starts.push(start);
  }
  return starts;
};

const spanOf = ({ first, last }: Days) => ({ from: startOf(first), to: startOf(last + 1) });

const overTime = (bucket: Period, days: Days) => {
  const periods = periodsOf(bucket, days);
  return {
    periods,
    place: new Map(periods.map((start, index) => [start, index])),
    shown: { ...spanOf(days), bucket, starts: periods.map(startOf) },
  };
};

const spreadOf = (histogram: Histogram) => ({
  count: totalOf(histogram),
  p50: percentileOf(histogram, 50),
  p95: percentileOf(histogram, 95),
});

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;
  const applications = yield* ApplicationRepo;
  const metrics = yield* MetricRepo;

  // Nothing is read before everything is counted.
  const caughtUp = yield* metrics.catchUp;
  if (caughtUp > 0) yield* Effect.logInfo("The log was counted for the figures", { rows: caughtUp });

  return Metrics.of({
    counts: (guildId, window) =>
      Effect.gen(function* () {
        const days = daysOf(window);
        const today = dayOf(yield* Clock.currentTimeMillis);
        const happened = yield* metrics.actions(guildId, ActionName.literals, days, "whole");
        const decided = yield* metrics.actions(
          guildId,
          DecisionKind.literals,
          { first: today, last: today },
          "whole",
        );
        const standing = yield* applications.countWaiting(guildId);
        const responses = merged(yield* metrics.responses(guildId, days));
        const open = (status: string) => standing.find((one) => one.status === status)?.count ?? 0;
        return {
          ...spanOf(days),
          actions: ActionName.literals.map((action) => ({
            action,
            count: happened.find((one) => one.action === action)?.count ?? 0,
          })),
          waiting: open("pending"),
          claimed: open("claimed"),
          decidedToday: decided.reduce((sum, { count }) => sum + count, 0),
          medianResponse: percentileOf(responses, 50),
        };
      }),
    timeseries: (guildId, window, bucket, actions) =>
      Effect.gen(function* () {
        const days = daysOf(window);
        const { periods, place, shown } = overTime(bucket, days);
        const wanted = [...new Set(actions)];
        const series = new Map(wanted.map((action) => [action, periods.map(() => 0)]));
        for (const { action, period, count } of yield* metrics.actions(guildId, wanted, days, bucket)) {
          const counts = series.get(action);
          const index = place.get(period);
          if (counts !== undefined && index !== undefined) counts[index] = count;
        }
        return { ...shown, series: [...series].map(([action, counts]) => ({ action, counts })) };
      }),
    latency: (guildId, window, bucket) =>
      Effect.gen(function* () {
        const days = daysOf(window);
        const { periods, shown } = overTime(bucket, days);
        const responses = yield* metrics.responses(guildId, days);
        const ofPeriods = Arr.groupBy(responses, ({ day }) => `${periodOf(bucket, day)}`);
        const each = periods.map((start) => spreadOf(merged(ofPeriods[`${start}`] ?? [])));
        return {
          ...shown,
          counts: each.map(({ count }) => count),
          p50: each.map(({ p50 }) => p50),
          p95: each.map(({ p95 }) => p95),
          whole: spreadOf(merged(responses)),
        };
      }),
    joinSubmit: (guildId) =>
      Effect.gen(function* () {
        const today = dayOf(yield* Clock.currentTimeMillis);
        const sinceOf = (window: JoinWindow) => Math.max(today + 1 - JOIN_WINDOWS[window], 0);
        const [first, ...others] = JoinWindow.literals;
        const found = yield* metrics.joins(guildId, [sinceOf(first), ...others.map(sinceOf)]);
        const windows = JoinWindow.literals.map((window) => {
          const { joins, submitted } = found.find(({ since }) => since === sinceOf(window)) ?? NOBODY;
          const ratio = joins === 0 ? null : submitted / joins;
          return { window, joins, submitted, ratio, color: ratio === null ? null : ratioColor(ratio) };
        });
        return { windows, distribution: distributionOf(yield* metrics.joinToSubmit(guildId)) };
      }),
    version: (guildId) =>
      Effect.zipWith(actions.last(guildId), Clock.currentTimeMillis, (last, now) =>
        [Option.match(last, { onNone: () => 0, onSome: ({ seq }) => seq }), dayOf(now)].join(" "),
      ),
  });
});

const NOBODY = { joins: 0, submitted: 0 } as const;

/** Cut where people think in; a bucket belongs where its middle does. */
const distributionOf = (
  buckets: ReadonlyArray<{ readonly bucket: number; readonly count: number }>,
): JoinSubmit["distribution"] => {
  const starts = [0, ...JOIN_SUBMIT_EDGES];
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? null;
    const within = buckets.filter(({ bucket }) => {
      const middle = middleOf(bucket);
      return middle >= from && (to === null || middle < to);
    });
    return { from, to, count: within.reduce((sum, { count }) => sum + count, 0) };
  });
};

export const layer = Layer.effect(Metrics, make);
