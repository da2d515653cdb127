import { Schema } from "effect";
import { Millis } from "./Ids.js";

/** What operators are told about by themselves (features.md F14). */
export const ALERT_KINDS = [
  "backlog",
  "slow_answers",
  "slow_gateway",
  "fallback_file",
  "failed_effects",
  "disk",
] as const;
export const AlertKind = Schema.Literal(...ALERT_KINDS);
export type AlertKind = typeof AlertKind.Type;

/** What is measured at a check. `null`: not known at this moment. */
export interface Readings {
  readonly waitingEffects: number;
  readonly failedEffects: number;
  readonly answers: { readonly count: number; readonly p95Millis: number | null };
  readonly pingMillis: number | null;
  readonly fallbackBytes: number;
  readonly databaseBytes: number;
  readonly freeBytes: number | null;
}

/** The limits that operators set. */
export interface Limits {
  readonly queueBacklog: number;
  readonly p95ResponseMs: number;
  readonly gatewayPingMs: number;
}

const MEBIBYTE = 1_048_576;
export const FALLBACK_LIMIT_BYTES = 10 * MEBIBYTE;
/** On any disk; a large database needs more: a backup and what is written meanwhile. */
export const FREE_LIMIT_BYTES = 512 * MEBIBYTE;
/** Of fewer answers, one alone would be the slowest 5 %. */
export const ANSWERS_MINIMUM = 20;
/** Between two messages about the same trouble. */
export const COOL_DOWN_MILLIS = 30 * 60_000;
/** Trouble is over when it has not been seen for so long. */
export const CALM_MILLIS = 5 * 60_000;
/** How often a message is tried before it waits for the next cool-down. */
export const MAX_TRIES = 5;

/** What is remembered of one kind of trouble, so that a restart repeats nothing. */
export class AlertState extends Schema.Class<AlertState>("AlertState")({
  kind: AlertKind,
  /** Whether operators were told that it is there, and not yet that it is over. */
  state: Schema.Literal("quiet", "told"),
  /** Since when it is there. */
  since: Schema.NullOr(Millis),
  /** Since when it has not been seen, while it counts as there. */
  calmSince: Schema.NullOr(Millis),
  /** When operators were last told of it, or it was last given up to tell them. */
  toldAt: Schema.NullOr(Millis),
  /** What was measured then. */
  value: Schema.Number,
  /** How often the message that is due now has been tried. */
  tries: Schema.Int,
}) {}

export const untroubled = (kind: AlertKind): AlertState =>
  new AlertState({
    kind,
    state: "quiet",
    since: null,
    calmSince: null,
    toldAt: null,
    value: 0,
    tries: 0,
  });

/** One thing to tell operators. */
export interface OpsAlert {
  readonly kind: AlertKind;
  readonly phase: "begins" | "goes on" | "is over";
  readonly since: Millis;
  readonly value: number;
  readonly limit: number;
}

export interface Judgement {
  readonly alert: OpsAlert | null;
  /** What holds until the alert was told, or at once where there is none. */
  readonly until: AlertState;
  /** What holds once it was told. */
  readonly then: AlertState;
  /** A message was tried too often and is not told now. */
  readonly givenUp: boolean;
}

interface Measured {
  readonly value: number;
  readonly limit: number;
  /** Whether it is too much; `null` where that cannot be said. */
  readonly bad: boolean | null;
}

const above = (value: number | null, limit: number): Measured => ({
  value: value ?? 0,
  limit,
  bad: value === null ? null : value > limit,
});

const measure = (kind: AlertKind, readings: Readings, limits: Limits): Measured => {
  switch (kind) {
    case "backlog":
      return {
        value: readings.waitingEffects,
        limit: limits.queueBacklog,
        bad: readings.waitingEffects >= limits.queueBacklog,
      };
    case "slow_answers": {
      const { count, p95Millis } = readings.answers;
      const measured = above(p95Millis, limits.p95ResponseMs);
      return measured.bad === true && count < ANSWERS_MINIMUM ? { ...measured, bad: null } : measured;
    }
    case "slow_gateway":
      return above(readings.pingMillis, limits.gatewayPingMs);
    case "fallback_file":
      return above(readings.fallbackBytes, FALLBACK_LIMIT_BYTES);
    case "failed_effects":
      return above(readings.failedEffects, 0);
    case "disk": {
      const limit = Math.max(FREE_LIMIT_BYTES, 2 * readings.databaseBytes);
      const { freeBytes } = readings;
      return { value: freeBytes ?? 0, limit, bad: freeBytes === null ? null : freeBytes < limit };
    }
  }
};

const cooled = ({ toldAt }: AlertState, now: Millis): boolean =>
  toldAt === null || now - toldAt >= COOL_DOWN_MILLIS;

/** A failed effect stays until somebody tries it again: only more of them is news. */
const isNews = (state: AlertState, value: number): boolean =>
  state.kind !== "failed_effects" || value > state.value;

const silent = (state: AlertState): Judgement => ({
  alert: null,
  until: state,
  then: state,
  givenUp: false,
});

const due = (alert: OpsAlert, before: AlertState, then: AlertState, now: Millis): Judgement => {
  if (before.tries < MAX_TRIES) {
    return { alert, until: new AlertState({ ...before, tries: before.tries + 1 }), then, givenUp: false };
  }
  // The end of what could not be told is not told later either.
  const given = alert.phase === "is over" ? then : new AlertState({ ...before, toldAt: now, tries: 0 });
  return { ...silent(given), givenUp: true };
};

const judgeOne = (state: AlertState, { value, limit, bad }: Measured, now: Millis): Judgement => {
  const told = state.state === "told";
  if (bad === null) return silent(state);
  if (bad) {
    const since = state.since ?? now;
    const before = new AlertState({ ...state, since, calmSince: null });
    if (!cooled(state, now) || (told && !isNews(state, value))) {
      return silent(new AlertState({ ...before, value: Math.min(value, state.value), tries: 0 }));
    }
    const then = new AlertState({ ...before, state: "told", toldAt: now, value, tries: 0 });
    const phase = told ? "goes on" : "begins";
    return due({ kind: state.kind, phase, since, value, limit }, before, then, now);
  }
  const well = new AlertState({ ...state, state: "quiet", since: null, calmSince: null, tries: 0 });
  if (!told) return silent(well);
  const calmSince = state.calmSince ?? now;
  if (now - calmSince < CALM_MILLIS) return silent(new AlertState({ ...state, calmSince, tries: 0 }));
  const before = new AlertState({ ...state, calmSince });
  const alert = { kind: state.kind, phase: "is over", since: state.since ?? now, value, limit } as const;
  return due(alert, before, well, now);
};

/**
 * What to tell operators now, and what to remember: one message when trouble begins, one a cool-down while it lasts, one
 * when it is over. What comes back within the cool-down is told only after it, so that a value at its limit is no flood.
 */
export const judge = (
  readings: Readings,
  limits: Limits,
  states: ReadonlyArray<AlertState>,
  now: Millis,
): ReadonlyArray<Judgement> =>
  ALERT_KINDS.map((kind) =>
    judgeOne(
      states.find((state) => state.kind === kind) ?? untroubled(kind),
      measure(kind, readings, limits),
      now,
    ),
  );
