import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Exit, FastCheck as fc, Layer, Schema, TestClock } from "effect";
import type { ActionName, Details } from "../../../src/domain/Action.js";
import { DecisionKind } from "../../../src/domain/Application.js";
import { middleOf } from "../../../src/domain/Histogram.js";
import { type GuildId, Millis, type UserId } from "../../../src/domain/Ids.js";
import { dayOf, startOf } from "../../../src/domain/Metrics.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import * as MetricsService from "../../../src/services/Metrics.js";
import { Metrics } from "../../../src/services/Metrics.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { MetricRepo } from "../../../src/services/repos/MetricRepo.js";
import { DAY, GUILD, HOUR, MAYA, MINUTE, NOW, OTHER_GUILD, userId } from "../../support/fixtures.js";
import { rowsOf, services } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const TODAY = dayOf(NOW);

interface Happening {
  readonly guildId: GuildId;
  readonly name: ActionName;
  readonly actor: UserId;
  /** Since the one before. */
  readonly after: number;
  readonly details: Details | undefined;
  /** Written by a version of the bot that keeps no figures. */
  readonly old: boolean;
}

const detailsOf = (name: ActionName) => {
  if (name === "member_join")
    return fc.option(fc.record({ joined_at: fc.integer({ min: NOW - 40 * DAY, max: NOW }) }), {
      nil: undefined,
    });
  return Schema.is(DecisionKind)(name)
    ? fc.option(fc.record({ code: fc.constant("a1b2c3"), response_ms: duration }), { nil: undefined })
    : fc.constant(undefined);
};
const duration = fc.oneof(
  fc.integer({ min: -10, max: 100 }),
  fc.integer({ min: 0, max: 10 * MINUTE }),
  fc.integer({ min: 0, max: 400 * DAY }),
);
const NAMES = [
  "member_join",
  "app_submitted",
  "claim",
  "approve",
  "reject",
  "perm_reject",
  "kick",
  "withdraw",
  "flag",
] as const satisfies ReadonlyArray<ActionName>;
const happening: fc.Arbitrary<Happening> = fc.constantFrom(...NAMES).chain((name) =>
  fc.record({
    guildId: fc.constantFrom(GUILD, OTHER_GUILD),
    name: fc.constant(name),
    actor: fc.constantFrom(userId(11), userId(12), userId(13)),
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * DAY }), fc.integer({ min: 0, max: HOUR })),
    details: detailsOf(name),
    old: fc.boolean(),
  }),
);

const record = (guildId: GuildId, name: ActionName, actor: UserId, details?: Details) =>
  Effect.gen(function* () {
    const audit = yield* AuditLog;
    const outbox = yield* Outbox;
    yield* outbox.commit(
      audit.record({ guildId, name, actor, target: actor, ...(details === undefined ? {} : { details }) }),
    );
  });

/** A row as a version without figures adds it. */
const recordOld = ({ guildId, name, actor, details }: Happening, at: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient;
    const ends = yield* sql<{ readonly seq: number }>`SELECT seq FROM chain_end WHERE guild_id = ${guildId}`;
    const seq = (ends[0]?.seq ?? 0) + 1;
    yield* sql`INSERT INTO action_log ${sql.insert({
      id: `${guildId}${seq}`,
      guildId,
      seq,
      name,
      actor,
      target: actor,
      details: details === undefined ? null : JSON.stringify(details),
      at,
      prevHash: "",
      hash: "",
    })}`;
    yield* sql`INSERT INTO chain_end (guild_id, seq, hash) VALUES (${guildId}, ${seq}, '')
               ON CONFLICT (guild_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`;
  });

const live = (history: ReadonlyArray<Happening>) =>
  Effect.gen(function* () {
    let at = NOW;
    for (const one of history) {
      at += one.after;
      yield* TestClock.setTime(at);
      yield* one.old ? recordOld(one, at) : record(one.guildId, one.name, one.actor, one.details);
    }
  });

/** The tables of figures, as one text each row. */
const kept = Effect.gen(function* () {
  const tables = ["metric_day", "latency_day", "join_day", "join_submit_day"] as const;
  const found = yield* Effect.forEach(tables, (table) =>
    Effect.map(rowsOf(`SELECT * FROM ${table}`), (rows) =>
      rows.map(({ guildId, action, day, bucket, count }) =>
        [table, guildId, action, day, bucket, count].filter((part) => part !== undefined).join(" "),
      ),
    ),
  );
  return found.flat().sort();
});

/** The lower end of the bucket of a duration, by arithmetic of its own. */
const bucketOf = (millis: number): number => {
  const ms = Math.max(millis, 0);
  if (ms < 32) return ms;
  const width = 2 ** (ms.toString(2).length - 5);
  return Math.floor(ms / width) * width;
};

const numbersIn = Schema.decodeUnknownSync(
  Schema.parseJson(
    Schema.Struct({ joined_at: Schema.optional(Schema.Number), response_ms: Schema.optional(Schema.Number) }),
  ),
);

/** The same, counted from every row of the log, the simple way. */
const naive = Effect.map(rowsOf("SELECT * FROM action_log ORDER BY guild_id, seq"), (rows) => {
  const counts = new Map<string, number>();
  const add = (...key: ReadonlyArray<string | number>) =>
    counts.set(key.join(" "), (counts.get(key.join(" ")) ?? 0) + 1);
  const lastOf = new Map<string, number | null>();
  for (const row of rows) {
    const [guildId, name, person] = [
      String(row["guildId"]),
      String(row["name"]),
      `${row["guildId"]} ${row["actor"]}`,
    ];
    const at = Number(row["at"]);
    const details = numbersIn(row["details"] ?? "{}");
    add("metric_day", guildId, name, dayOf(at));
    if (name === "member_join") {
      const joinedAt = details.joined_at ?? at;
      add("join_day", guildId, dayOf(joinedAt));
      lastOf.set(person, joinedAt);
    }
    if (name === "app_submitted") {
      const joinedAt = lastOf.get(person) ?? null;
      if (joinedAt !== null) add("join_submit_day", guildId, dayOf(joinedAt), bucketOf(at - joinedAt));
      lastOf.set(person, null);
    }
    const responseMs = details.response_ms;
    if (Schema.is(DecisionKind)(name) && responseMs !== undefined)
      add("latency_day", guildId, dayOf(at), bucketOf(responseMs));
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
});

const catchUp = Effect.flatMap(MetricRepo, (repo) => repo.catchUp);

describe("figures that are kept with the log", () => {
  it.effect.prop(
    "are what counting the whole log gives, whoever wrote the rows, and are the same when made anew",
    [fc.array(happening, { minLength: 1, maxLength: 60 })],
    ([history]) =>
      Effect.gen(function* () {
        yield* live(history);
        yield* catchUp;
        const expected = yield* naive;
        assert.deepStrictEqual(yield* kept, expected);
        assert.strictEqual(yield* catchUp, 0);

        for (const table of ["metric_day", "latency_day", "join_day", "join_submit_day"])
          yield* rowsOf(`DELETE FROM ${table}`);
        yield* rowsOf("UPDATE chain_end SET counted = 0");
        assert.strictEqual(yield* catchUp, history.length);
        assert.deepStrictEqual(yield* kept, expected);
      }).pipe(inWorld),
    { fastCheck: { numRuns: 30 } },
  );

  it.effect("do not hold what was rolled back", () =>
    Effect.gen(function* () {
      yield* record(GUILD, "approve", MAYA, { response_ms: 5 });
      const before = yield* kept;
      const { commit } = yield* Outbox;
      const audit = yield* AuditLog;
      const entry = { guildId: GUILD, name: "reject", actor: MAYA, details: { response_ms: 9 } } as const;
      const refused = yield* Effect.exit(commit(Effect.zipRight(audit.record(entry), Effect.fail("no"))));
      assert.isTrue(Exit.isFailure(refused));
      assert.deepStrictEqual(yield* kept, before);
    }).pipe(inWorld),
  );

  it.effect("hold what an older version wrote as soon as the bot starts", () =>
    Effect.gen(function* () {
      yield* recordOld(
        { guildId: GUILD, name: "claim", actor: MAYA, after: 0, details: undefined, old: true },
        NOW,
      );
      assert.deepStrictEqual(yield* kept, []);
      const { counts } = yield* Effect.provide(Metrics, Layer.fresh(MetricsService.layer));
      const { actions } = yield* counts(GUILD, TODAY_WINDOW);
      assert.deepInclude(actions, { action: "claim", count: 1 });
    }).pipe(inWorld),
  );
});

const TODAY_WINDOW = { from: startOf(TODAY), to: startOf(TODAY + 1) };
const window = (first: number, last: number) => ({ from: startOf(first), to: startOf(last + 1) });
const at = (day: number, millis = 0) => TestClock.setTime(day * DAY + millis);

describe("counts", () => {
  it.effect("hold every action of the window's days, what waits, and the median response", () =>
    Effect.gen(function* () {
      yield* at(TODAY - 1);
      yield* record(GUILD, "approve", MAYA, { response_ms: 1_000 });
      yield* at(TODAY);
      yield* record(GUILD, "approve", MAYA, { response_ms: 60_000 });
      yield* record(GUILD, "kick", MAYA, { response_ms: 3_000 });
      yield* record(GUILD, "claim", MAYA);
      yield* record(OTHER_GUILD, "approve", MAYA, { response_ms: 7 });
      const metrics = yield* Metrics;
      const found = yield* metrics.counts(GUILD, {
        from: Millis.make(NOW - DAY),
        to: Millis.make(NOW),
      });
      const happened = found.actions.filter(({ count }) => count > 0);
      assert.deepStrictEqual(happened, [
        { action: "claim", count: 1 },
        { action: "approve", count: 2 },
        { action: "kick", count: 1 },
      ]);
      assert.strictEqual(found.decidedToday, 2);
      assert.approximately(found.medianResponse ?? 0, 3_000, 3_000 / 32);
      assert.deepInclude(found, { ...window(TODAY - 1, TODAY), waiting: 0, claimed: 0 });
    }).pipe(inWorld),
  );
});

describe("a timeseries", () => {
  it.effect("has a number for every day, also for days without any, and only of its guild and window", () =>
    Effect.gen(function* () {
      yield* at(TODAY - 3, DAY - 1);
      yield* record(GUILD, "claim", MAYA);
      yield* at(TODAY - 2);
      yield* record(GUILD, "claim", MAYA);
      yield* record(GUILD, "unclaim", MAYA);
      yield* record(OTHER_GUILD, "claim", MAYA);
      yield* at(TODAY);
      yield* record(GUILD, "claim", MAYA);
      yield* record(GUILD, "claim", MAYA);
      const metrics = yield* Metrics;
      const found = yield* metrics.timeseries(GUILD, window(TODAY - 2, TODAY), "day", [
        "claim",
        "flag",
        "claim",
      ]);
      assert.deepStrictEqual(found.starts, [startOf(TODAY - 2), startOf(TODAY - 1), startOf(TODAY)]);
      assert.deepStrictEqual(found.series, [
        { action: "claim", counts: [1, 0, 2] },
        { action: "flag", counts: [0, 0, 0] },
      ]);
    }).pipe(inWorld),
  );

  it.effect.each(["week", "month"] as const)("by %s adds up the days, and begins periods in UTC", (bucket) =>
    Effect.gen(function* () {
      for (const day of [TODAY - 40, TODAY - 20, TODAY - 4, TODAY - 3, TODAY]) {
        yield* at(day, HOUR);
        yield* record(GUILD, "claim", MAYA);
      }
      const metrics = yield* Metrics;
      const found = yield* metrics.timeseries(GUILD, window(TODAY - 40, TODAY), bucket, ["claim"]);
      const shown = found.starts
        .map((start, index) => [new Date(start).toISOString().slice(0, 10), found.series[0]?.counts[index]])
        .filter(([, count]) => count !== 0);
      // NOW is Thursday, 15 January 2026.
      assert.deepStrictEqual(
        shown,
        bucket === "week"
          ? [
              ["2025-12-01", 1],
              ["2025-12-22", 1],
              ["2026-01-05", 1],
              ["2026-01-12", 2],
            ]
          : [
              ["2025-12-01", 2],
              ["2026-01-01", 3],
            ],
      );
      assert.strictEqual(found.starts.length, bucket === "week" ? 7 : 2);
    }).pipe(inWorld),
  );
});

/** Nearest rank. */
const rank = (values: ReadonlyArray<number>, percent: number): number =>
  [...values].sort((left, right) => left - right)[Math.ceil((percent / 100) * values.length) - 1] ??
  Number.NaN;

describe("latency", () => {
  it.effect.prop(
    "is the 50th and 95th percentile by nearest rank, each day and in all, at most 3.2 % off",
    [
      fc.array(fc.array(fc.integer({ min: 0, max: 30 * DAY }), { maxLength: 25 }), {
        minLength: 1,
        maxLength: 4,
      }),
    ],
    ([days]) =>
      Effect.gen(function* () {
        for (const [index, durations] of days.entries()) {
          yield* at(TODAY + index);
          for (const ms of durations) yield* record(GUILD, "reject", MAYA, { response_ms: ms });
        }
        const metrics = yield* Metrics;
        const found = yield* metrics.latency(GUILD, window(TODAY, TODAY + days.length - 1), "day");
        const expected = (durations: ReadonlyArray<number>, percent: number) =>
          durations.length === 0 ? null : middleOf(bucketOf(rank(durations, percent)));
        assert.deepStrictEqual(
          { counts: found.counts, p50: found.p50, p95: found.p95, whole: found.whole },
          {
            counts: days.map(({ length }) => length),
            p50: days.map((durations) => expected(durations, 50)),
            p95: days.map((durations) => expected(durations, 95)),
            whole: {
              count: days.flat().length,
              p50: expected(days.flat(), 50),
              p95: expected(days.flat(), 95),
            },
          },
        );
      }).pipe(inWorld),
    { fastCheck: { numRuns: 15 } },
  );
});

describe("join to submit", () => {
  it.effect("counts by the day of the join, once a join, with its colour; nobody joined is no ratio", () =>
    Effect.gen(function* () {
      const join = (n: number) => record(GUILD, "member_join", userId(n));
      const submit = (n: number) => record(GUILD, "app_submitted", userId(n));
      yield* at(TODAY - 100);
      yield* Effect.forEach([1, 2, 3, 4, 5], join);
      yield* at(TODAY - 20);
      yield* Effect.forEach([6, 7], join);
      yield* at(TODAY - 20, 2 * MINUTE);
      // Again, and somebody whose join nobody saw.
      yield* Effect.forEach([6, 6, 99], submit);
      yield* at(TODAY - 3);
      yield* Effect.forEach([1, 2, 3, 4], submit);
      const metrics = yield* Metrics;
      yield* TestClock.setTime(NOW);
      const { windows, distribution } = yield* metrics.joinSubmit(GUILD);
      assert.deepStrictEqual(windows, [
        { window: "day", joins: 0, submitted: 0, ratio: null, color: null },
        { window: "week", joins: 0, submitted: 0, ratio: null, color: null },
        { window: "days30", joins: 2, submitted: 1, ratio: 0.5, color: "yellow" },
        { window: "year", joins: 7, submitted: 5, ratio: 5 / 7, color: "green" },
        { window: "all", joins: 7, submitted: 5, ratio: 5 / 7, color: "green" },
      ]);
      assert.deepStrictEqual(
        distribution.filter(({ count }) => count > 0),
        [
          { from: MINUTE, to: 5 * MINUTE, count: 1 },
          { from: 7 * DAY, to: null, count: 4 },
        ],
      );
      assert.isTrue((yield* metrics.joinSubmit(OTHER_GUILD)).windows.every(({ joins }) => joins === 0));
    }).pipe(inWorld),
  );
});
