/*
 * What is counted and timed while the bot works, kept in Effect's metric registry and shown by GET /metrics. Labels have few
 * values: names that somebody outside could make up are 'unknown'.
 */
import { Clock, Effect, Metric, MetricBoundaries } from "effect";
import { render } from "./instruments/Exposition.js";
import { labelled } from "./instruments/Labelled.js";
import { type State, show } from "./instruments/State.js";
import * as Window from "./instruments/Window.js";

const LATENCY = MetricBoundaries.fromIterable([
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60,
]);
const DELAY = MetricBoundaries.fromIterable([0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 21_600]);

const counter = (name: string, description: string) =>
  Metric.counter(`pawtropolis_${name}_total`, { description, incremental: true });
const histogram = (name: string, boundaries: MetricBoundaries.MetricBoundaries, description: string) =>
  Metric.histogram(`pawtropolis_${name}_seconds`, boundaries, description);

const interactions = labelled(
  counter("interactions", "Interactions that were handled, by handler and how they ended."),
  ["name", "outcome"],
);
const acknowledgements = labelled(
  histogram(
    "interaction_acknowledge",
    LATENCY,
    "From the arrival of an interaction until Discord took the first answer.",
  ),
  ["name"],
);
const handlings = labelled(
  histogram(
    "interaction_handle",
    LATENCY,
    "From the arrival of an interaction until its answer was complete.",
  ),
  ["name"],
);
const sideEffects = labelled(
  counter("side_effects", "Side effects that were attempted, by kind and how the attempt ended."),
  ["kind", "outcome"],
);
const sideEffectDelays = labelled(
  histogram("side_effect_delay", DELAY, "From the decision that planned a side effect until it was done."),
  ["kind"],
);
const jobs = labelled(counter("jobs", "Runs of recurring jobs, by how they ended."), ["job", "outcome"]);
const requests = labelled(
  counter("discord_requests", "Requests to Discord that were answered, by route and status."),
  ["method", "route", "status"],
);
const rateLimits = labelled(
  counter("discord_rate_limits", "Requests that had to wait because of a limit, by its scope."),
  ["scope"],
);
const gatewayEvents = labelled(counter("gateway_connections", "What happened to the gateway connection."), [
  "event",
]);
const httpRequests = labelled(
  counter("http_requests", "Requests to the bot's web server, by route and status."),
  ["method", "route", "status"],
);
const httpDurations = labelled(histogram("http_request", LATENCY, "Time a web request took."), ["route"]);

/** How an interaction ended: `refused` is an error that the person was told about in words of its own. */
export type InteractionOutcome = "ok" | "refused" | "failed" | "late" | "undelivered";

/** One interaction while it is being handled. The last word on its outcome counts. */
export interface Watch {
  outcome: InteractionOutcome;
  /** Discord has taken the first answer. Later calls mean nothing. */
  readonly acknowledged: Effect.Effect<void>;
}

const answers = Window.make(1_024);

/** Times `handle` from now until its end, as an interaction of the handler `name`. */
export const interaction = <A, E, R>(
  name: string,
  handle: (watch: Watch) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.clockWith((clock) => {
    const began = clock.unsafeCurrentTimeNanos();
    const elapsed = () => Number(clock.unsafeCurrentTimeNanos() - began) / 1e9;
    let first = true;
    const watch: Watch = {
      outcome: "ok",
      acknowledged: Effect.sync(() => {
        if (first) acknowledgements(elapsed(), name);
        first = false;
      }),
    };
    return Effect.ensuring(
      handle(watch),
      Effect.sync(() => {
        const seconds = elapsed();
        interactions(1, name, watch.outcome);
        handlings(seconds, name);
        answers.add(clock.unsafeCurrentTimeMillis(), seconds * 1_000);
      }),
    );
  });

/** The 95th percentile of the last answers and how many there were, of the last `minutes`. */
export const responseP95 = (minutes: number) =>
  Effect.map(Clock.currentTimeMillis, (now) => answers.quantile(0.95, now - minutes * 60_000));

/** An attempt at a side effect is over; `seconds` have passed since it was planned. */
export const sideEffect = (
  kind: string,
  outcome: "done" | "retried" | "failed" | "parked",
  seconds: number,
): void => {
  sideEffects(1, kind, outcome);
  if (outcome === "done") sideEffectDelays(seconds, kind);
};

export const job = (name: string, outcome: "ok" | "failed"): void => jobs(1, name, outcome);

/** Discord answered a request. `route` has placeholders instead of ids. */
export const discordRequest = (method: string, route: string, status: number): void =>
  requests(1, method.toUpperCase(), route, String(status));

export const rateLimited = (scope: string): void => rateLimits(1, scope);

export const gateway = (event: "reconnecting" | "resumed" | "closed"): void => gatewayEvents(1, event);

export const httpRequest = (method: string, route: string, status: number, seconds: number): void => {
  httpRequests(1, method, route, String(status));
  httpDurations(seconds, route);
};

/** Takes over what is read at the moment of a scrape. */
export const state = (read: State): void => show(read);

/** Everything that is ours, in Prometheus' text format. */
export const text: Effect.Effect<string> = Effect.map(Metric.snapshot, (all) =>
  render(all.filter(({ metricKey: { name } }) => /^(pawtropolis|process|nodejs)_/.test(name))),
);
