import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { ActionName } from "../../domain/Action.js";
import { Millis } from "../../domain/Ids.js";
import { JoinSubmit, Latency, MetricCounts, MetricWindow, Period, Timeseries } from "../../domain/Metrics.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { Listed } from "./Pages.js";
import { RateClass } from "./RateClass.js";

const At = Schema.NumberFromString.pipe(Schema.compose(Millis));
const fields = {
  ...InGuild,
  from: Schema.optional(At).annotations({ description: "Milliseconds; together with `to`." }),
  to: Schema.optional(At).annotations({
    description: "Just after the window; the last 30 days without both.",
  }),
};
const isWindow = Schema.is(MetricWindow);
const sound = ({ from, to }: { readonly from?: Millis | undefined; readonly to?: Millis | undefined }) =>
  (from === undefined && to === undefined) ||
  isWindow({ from, to }) ||
  "`from` and `to` come together, `from` first, at most five years apart";

const bucket = Schema.optionalWith(Period, { default: () => "day" as const }).annotations({
  description: "Weeks begin on Monday; all of it in UTC.",
});

export const MetricsGroup = HttpApiGroup.make("figures")
  .add(
    HttpApiEndpoint.get("metrics", "/api/metrics")
      .setUrlParams(Schema.Struct(fields).pipe(Schema.filter(sound)))
      .addSuccess(MetricCounts)
      .annotate(OpenApi.Description, "What happened in a window, by action, and how things stand now."),
  )
  .add(
    HttpApiEndpoint.get("timeseries", "/api/metrics/timeseries")
      .setUrlParams(
        Schema.Struct({
          ...fields,
          bucket,
          actions: Schema.optionalWith(Listed(ActionName), {
            default: (): ReadonlyArray<ActionName> => [
              "member_join",
              "app_submitted",
              "approve",
              "reject",
              "perm_reject",
              "kick",
            ],
          }),
        }).pipe(Schema.filter(sound)),
      )
      .addSuccess(Timeseries)
      .annotate(RateClass, "heavy")
      .annotate(OpenApi.Description, "How often each action happened, period by period, with zeros."),
  )
  .add(
    HttpApiEndpoint.get("latency", "/api/metrics/latency")
      .setUrlParams(Schema.Struct({ ...fields, bucket }).pipe(Schema.filter(sound)))
      .addSuccess(Latency)
      .annotate(RateClass, "heavy")
      .annotate(
        OpenApi.Description,
        "From submission to decision in milliseconds, p50 and p95 by nearest rank, at most 3.2 % off.",
      ),
  )
  .add(
    HttpApiEndpoint.get("joinSubmit", "/api/metrics/join_submit")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(JoinSubmit)
      .annotate(RateClass, "heavy")
      .annotate(OpenApi.Description, "How many of those who joined have applied, and how long they took."),
  )
  .middleware(GuildAdmin);
