import { HttpApiBuilder } from "@effect/platform";
import { Clock, Data, Effect, Schema } from "effect";
import type { ActionName } from "../../domain/Action.js";
import { type GuildId, type Millis } from "../../domain/Ids.js";
import {
  DAY_MILLIS,
  dayOf,
  JoinSubmit,
  Latency,
  MetricCounts,
  type Period,
  startOf,
  Timeseries,
} from "../../domain/Metrics.js";
import { Metrics } from "../../services/Metrics.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { kept, versions } from "./Kept.js";

const DEFAULT_DAYS = 30;

interface Asked {
  readonly from?: Millis | undefined;
  readonly to?: Millis | undefined;
}

/** Whole days, so that all who look at the same ones share an answer. */
const windowOf = ({ from, to }: Asked) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const end = to === undefined ? dayOf(now) + 1 : Math.ceil(to / DAY_MILLIS);
    const begin = from === undefined ? end - DEFAULT_DAYS : dayOf(from);
    return { from: startOf(begin), to: startOf(end) };
  });

const textOf = <A, I>(schema: Schema.Schema<A, I>) => {
  const encode = Schema.encodeSync(Schema.parseJson(schema));
  return (value: A): string => encode(value);
};
const counts = textOf(MetricCounts);
const timeseries = textOf(Timeseries);
const latency = textOf(Latency);
const joinSubmit = textOf(JoinSubmit);

type Window = { readonly guildId: GuildId; readonly from: Millis; readonly to: Millis };

export const metricsHandlers = HttpApiBuilder.group(Api, "figures", (handlers) =>
  Effect.gen(function* () {
    const metrics = yield* Metrics;
    const current = yield* versions(metrics.version);
    const countsOf = yield* kept(current, ({ guildId, ...window }: Window) =>
      Effect.map(metrics.counts(guildId, window), counts),
    );
    const timeseriesOf = yield* kept(
      current,
      ({
        guildId,
        bucket,
        actions,
        ...window
      }: Window & { bucket: Period; actions: ReadonlyArray<ActionName> }) =>
        Effect.map(metrics.timeseries(guildId, window, bucket, actions), timeseries),
    );
    const latencyOf = yield* kept(current, ({ guildId, bucket, ...window }: Window & { bucket: Period }) =>
      Effect.map(metrics.latency(guildId, window, bucket), latency),
    );
    const joinSubmitOf = yield* kept(current, ({ guildId }: { readonly guildId: GuildId }) =>
      Effect.map(metrics.joinSubmit(guildId), joinSubmit),
    );

    const asked = (urlParams: Asked) =>
      Effect.zipWith(CurrentAdmin, windowOf(urlParams), ({ guildId }, window) => ({ guildId, ...window }));

    return handlers
      .handleRaw("metrics", ({ urlParams }) => Effect.flatMap(asked(urlParams), (window) => countsOf(window)))
      .handleRaw("timeseries", ({ urlParams }) => {
        const { bucket, actions } = urlParams;
        return Effect.flatMap(asked(urlParams), (window) =>
          timeseriesOf({ ...window, bucket, actions: Data.array([...actions]) }),
        );
      })
      .handleRaw("latency", ({ urlParams }) =>
        Effect.flatMap(asked(urlParams), (window) => latencyOf({ ...window, bucket: urlParams.bucket })),
      )
      .handleRaw("joinSubmit", () =>
        Effect.flatMap(CurrentAdmin, ({ guildId }) => joinSubmitOf({ guildId })),
      );
  }),
);
