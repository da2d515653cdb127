import * as SqlClient from "@effect/sql/SqlClient";
import type * as Statement from "@effect/sql/Statement";
import { Context, Effect, Layer, Schema } from "effect";
import { ActionName } from "../../domain/Action.js";
import { DecisionKind } from "../../domain/Application.js";
import { BUCKET_WIDTHS } from "../../domain/Histogram.js";
import { GuildId } from "../../domain/Ids.js";
import { DAY_MILLIS, type Days, type Period } from "../../domain/Metrics.js";
import { rows, run, transaction } from "./Repo.js";

const Uncounted = Schema.Struct({ guildId: GuildId, counted: Schema.Int, seq: Schema.Int });
const DayCount = Schema.Struct({ action: ActionName, period: Schema.Int, count: Schema.Int });
/** A list of numbers that SQLite wrote: there may be a hundred thousand of them, and one look at each is enough. */
const Numbers = Schema.parseJson(
  Schema.declare(
    (found): found is ReadonlyArray<number> =>
      Array.isArray(found) && found.every((one) => typeof one === "number"),
  ),
);
const DayHistogram = Schema.Struct({ day: Schema.Int, buckets: Numbers, counts: Numbers });
const JoinCount = Schema.Struct({ since: Schema.Int, joins: Schema.Int, submitted: Schema.Int });
const BucketCount = Schema.Struct({ bucket: Schema.Int, count: Schema.Int });

/**
 * Figures by guild and UTC day. They are made of the log alone: whatever is counted here would be the same if it were
 * counted again from the first row.
 */
export class MetricRepo extends Context.Tag("app/MetricRepo")<
  MetricRepo,
  {
    /**
     * Counts rows of a guild's log, after one and up to another, in the transaction that wrote them. `only` names the action
     * of all of them, where it is known.
     */
    readonly count: (guildId: GuildId, after: number, upTo: number, only?: ActionName) => Effect.Effect<void>;
    /**
     * Counts what never was: rows from before there were figures, and of a version without them. A guild at a time, each
     * in one transaction. @returns how many rows that were.
     */
    readonly catchUp: Effect.Effect<number>;
    /** How often each action happened, by the period's first day. What did not happen is not there. */
    readonly actions: (
      guildId: GuildId,
      names: ReadonlyArray<ActionName>,
      days: Days,
      period: Period | "whole",
    ) => Effect.Effect<ReadonlyArray<typeof DayCount.Type>>;
    /** Submission to decision, of each day on which something was decided, by the day. */
    readonly responses: (
      guildId: GuildId,
      days: Days,
    ) => Effect.Effect<ReadonlyArray<typeof DayHistogram.Type>>;
    /** How many joined since each of some days, and how many of those have applied. */
    readonly joins: (
      guildId: GuildId,
      since: readonly [number, ...ReadonlyArray<number>],
    ) => Effect.Effect<ReadonlyArray<typeof JoinCount.Type>>;
    /** From joining to applying, of everybody. */
    readonly joinToSubmit: (guildId: GuildId) => Effect.Effect<ReadonlyArray<typeof BucketCount.Type>>;
  }
>() {}

type Within = Statement.Fragment;

const isDecision = Schema.is(DecisionKind);

/** The bucket of a number of milliseconds (see Histogram), as SQL. */
const bucketOf = (ms: string): string => {
  const branches = BUCKET_WIDTHS.map(({ width }, n) => {
    const below = BUCKET_WIDTHS[n + 1]?.from;
    const bucket = `${ms} - ${ms} % ${width}`;
    return below === undefined ? `ELSE ${bucket}` : `WHEN ${ms} < ${below} THEN ${bucket}`;
  });
  return `CASE WHEN ${ms} < 0 THEN 0 ${branches.join(" ")} END`;
};

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const inTransaction = transaction(sql);
  const behind = rows(Uncounted);
  const dayCounts = rows(DayCount);
  const histograms = rows(DayHistogram);
  const joinCounts = rows(JoinCount);
  const bucketCounts = rows(BucketCount);

  const bucket = sql.literal(bucketOf("ms"));
  const decisions = sql.literal(DecisionKind.literals.map((name) => `'${name}'`).join(", "));
  const array = sql.onDialectOrElse({
    sqlite: () => sql.literal("json_group_array"),
    orElse: () => sql.literal("json_agg"),
  });
  const DAY = sql.literal(`${DAY_MILLIS}`);

  /** A number in the details of a row; none where they are not what this version writes. */
  const detail = (alias: string, key: string) =>
    sql.onDialectOrElse({
      sqlite: () =>
        sql.literal(
          `CASE WHEN json_valid(${alias}.details) THEN CAST(json_extract(${alias}.details, '$.${key}') AS INTEGER) END`,
        ),
      orElse: () => sql.literal(`CAST(${alias}.details AS json) ->> '${key}'`),
    });
  /** When somebody joined: joins of while the bot was away are logged later. */
  const joinedAt = (alias: string) =>
    sql`COALESCE(${detail(alias, "joined_at")}, ${sql.literal(`${alias}.at`)})`;

  const startOf = (period: Period | "whole") => {
    switch (period) {
      case "whole":
        return sql.literal("0");
      case "day":
        return sql.literal("day");
      case "week":
        return sql.literal("day - (day + 3) % 7");
      case "month":
        return sql.onDialectOrElse({
          sqlite: () =>
            sql.literal(
              "CAST(strftime('%s', day * 86400, 'unixepoch', 'start of month') AS INTEGER) / 86400",
            ),
          orElse: () =>
            sql.literal(
              "CAST(EXTRACT(EPOCH FROM date_trunc('month', to_timestamp(day * 86400) AT TIME ZONE 'UTC')) AS BIGINT) / 86400",
            ),
        });
    }
  };

  // What tells rows apart stands inside a CASE, so that they are found by their place in the chain and by nothing else:
  // an index by name would be a poor way to the last row of a million.
  const countActions = (within: Within) =>
    run(sql`INSERT INTO metric_day (guild_id, action, day, count)
            SELECT guild_id, name, at / ${DAY}, COUNT(*) FROM action_log AS l
            WHERE ${within} GROUP BY guild_id, name, at / ${DAY}
            ON CONFLICT (guild_id, action, day) DO UPDATE SET count = metric_day.count + excluded.count`);

  const countResponses = (within: Within) =>
    run(sql`INSERT INTO latency_day (guild_id, day, bucket, count)
            SELECT guild_id, day, ${bucket} AS bucket, SUM(count) FROM (
              SELECT guild_id, at / ${DAY} AS day, COUNT(*) AS count,
                CASE WHEN name IN (${decisions}) THEN ${detail("l", "response_ms")} END AS ms
              FROM action_log AS l WHERE ${within} GROUP BY guild_id, day, ms
            ) AS responses
            WHERE ms IS NOT NULL GROUP BY guild_id, day, bucket
            ON CONFLICT (guild_id, day, bucket) DO UPDATE SET count = latency_day.count + excluded.count`);

  const countJoins = (within: Within) =>
    run(sql`INSERT INTO join_day (guild_id, day, count)
            SELECT guild_id, joined / ${DAY}, COUNT(*) FROM (
              SELECT guild_id, CASE WHEN name = 'member_join' THEN ${joinedAt("l")} END AS joined
              FROM action_log AS l WHERE ${within}
            ) AS joins
            WHERE joined IS NOT NULL GROUP BY guild_id, joined / ${DAY}
            ON CONFLICT (guild_id, day) DO UPDATE SET count = join_day.count + excluded.count`);

  /** A submission belongs to a join when nothing came between the two: so each join has one at most. */
  const countSubmissions = (within: Within) =>
    run(sql`INSERT INTO join_submit_day (guild_id, day, bucket, count)
            SELECT guild_id, day, ${bucket} AS bucket, SUM(count) FROM (
              SELECT s.guild_id, ${joinedAt("j")} / ${DAY} AS day, s.at - ${joinedAt("j")} AS ms, COUNT(*) AS count
              FROM (SELECT guild_id, seq, at, CASE WHEN name = 'app_submitted' THEN actor END AS applicant
                    FROM action_log AS l WHERE ${within}) AS s
              JOIN action_log AS j ON j.guild_id = s.guild_id AND j.seq = (
                SELECT MAX(seq) FROM action_log
                WHERE guild_id = s.guild_id AND actor = s.applicant AND seq < s.seq
                  AND name IN ('member_join', 'app_submitted'))
              WHERE s.applicant IS NOT NULL AND j.name = 'member_join'
              GROUP BY s.guild_id, day, ms
            ) AS submissions
            WHERE ms IS NOT NULL GROUP BY guild_id, day, bucket
            ON CONFLICT (guild_id, day, bucket) DO UPDATE SET count = join_submit_day.count + excluded.count`);

  /** What a row of this action counts for. */
  const countersOf = (name: ActionName) => {
    if (name === "member_join") return [countActions, countJoins];
    if (name === "app_submitted") return [countActions, countSubmissions];
    return isDecision(name) ? [countActions, countResponses] : [countActions];
  };
  const everything = [countActions, countResponses, countJoins, countSubmissions];

  const count = (guildId: GuildId, after: number, upTo: number, only?: ActionName) => {
    const within = sql`guild_id = ${guildId} AND seq > ${after} AND seq <= ${upTo}`;
    return Effect.forEach(only === undefined ? everything : countersOf(only), (counter) => counter(within), {
      discard: true,
    });
  };

  return MetricRepo.of({
    count,
    catchUp: Effect.gen(function* () {
      let caughtUp = 0;
      for (const { guildId, counted, seq } of yield* behind(
        sql`SELECT guild_id, counted, seq FROM chain_end WHERE counted < seq`,
      )) {
        yield* inTransaction(
          Effect.zipRight(
            count(guildId, counted, seq),
            run(sql`UPDATE chain_end SET counted = ${seq} WHERE guild_id = ${guildId}`),
          ),
        );
        caughtUp += seq - counted;
      }
      return caughtUp;
    }),
    actions: (guildId, names, { first, last }, period) =>
      dayCounts(sql`SELECT action, ${startOf(period)} AS period, SUM(count) AS count FROM metric_day
                    WHERE guild_id = ${guildId} AND ${sql.in("action", names)} AND day BETWEEN ${first} AND ${last}
                    GROUP BY action, period`),
    responses: (guildId, { first, last }) =>
      histograms(sql`SELECT day, ${array}(bucket) AS buckets, ${array}(count) AS counts
                     FROM (SELECT day, bucket, count FROM latency_day
                           WHERE guild_id = ${guildId} AND day BETWEEN ${first} AND ${last}
                           ORDER BY day, bucket) AS buckets
                     GROUP BY day ORDER BY day`),
    joins: (guildId, since) =>
      joinCounts(
        since
          .map(
            (day) => sql`SELECT ${day} AS since,
              (SELECT COALESCE(SUM(count), 0) FROM join_day WHERE guild_id = ${guildId} AND day >= ${day}) AS joins,
              (SELECT COALESCE(SUM(count), 0) FROM join_submit_day
               WHERE guild_id = ${guildId} AND day >= ${day}) AS submitted`,
          )
          .reduce((all, one) => sql`${all} UNION ALL ${one}`),
      ),
    joinToSubmit: (guildId) =>
      bucketCounts(sql`SELECT bucket, SUM(count) AS count FROM join_submit_day WHERE guild_id = ${guildId}
                       GROUP BY bucket`),
  });
});

export const layer = Layer.effect(MetricRepo, make);
