import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import type { ApplicationId, Millis, SideEffectId } from "../../domain/Ids.js";
import { DECISION_KINDS, SideEffect } from "../../domain/SideEffect.js";
import { changed, row, rows, run } from "./Repo.js";

/** A new row; it waits for as many others as `blockedBy` says. */
export interface NewSideEffect {
  readonly id: string;
  readonly guildId: string;
  readonly applicationId: string | null;
  readonly kind: string;
  readonly payload: string;
  readonly lane: string;
  readonly blockedBy: number;
  readonly notBefore: number;
  readonly at: number;
}

export interface Dependency {
  readonly sideEffectId: string;
  readonly onId: string;
  /** Whether a failure of the other keeps this one waiting. */
  readonly mustBeDone: boolean;
}

export class SideEffectRepo extends Context.Tag("app/SideEffectRepo")<
  SideEffectRepo,
  {
    readonly insert: (
      effects: ReadonlyArray<NewSideEffect>,
      dependencies: ReadonlyArray<Dependency>,
    ) => Effect.Effect<void>;
    readonly find: (id: SideEffectId) => Effect.Effect<Option.Option<SideEffect>>;
    readonly ofApplication: (id: ApplicationId) => Effect.Effect<ReadonlyArray<SideEffect>>;
    /** Lanes with something to do at this moment. */
    readonly dueLanes: (now: Millis) => Effect.Effect<ReadonlyArray<string>>;
    /** When the next one that waits for its time is due. */
    readonly nextDue: (now: Millis) => Effect.Effect<Option.Option<{ readonly at: number }>>;
    /** Takes the oldest due row of a lane. */
    readonly claim: (lane: string, now: Millis, leaseUntil: Millis) => Effect.Effect<Option.Option<SideEffect>>;
    /** Takes the log posts that belong into one message with `leader`, which was just claimed, up to `limit` more. */
    readonly claimBatch: (
      leader: SideEffect,
      limit: number,
      now: Millis,
      leaseUntil: Millis,
    ) => Effect.Effect<ReadonlyArray<SideEffect>>;
    readonly settle: (
      id: SideEffectId,
      state: "done" | "failed",
      outcome: string | null,
      error: string | null,
      at: Millis,
    ) => Effect.Effect<void>;
    readonly postpone: (id: SideEffectId, until: Millis, error: string, at: Millis) => Effect.Effect<void>;
    /** Frees what waited for `id`. @returns the lanes that may have something to do now. */
    readonly release: (id: SideEffectId, done: boolean) => Effect.Effect<ReadonlyArray<string>>;
    /** Rows whose lease ran out go back; at start (`everything`) all running ones, since this process is the only one. */
    readonly takeBack: (now: Millis, everything: boolean) => Effect.Effect<void>;
    /** Puts a failed row back to work. */
    readonly retry: (id: SideEffectId, now: Millis) => Effect.Effect<boolean>;
    /** Brings a waiting redraw of this application forward. @returns whether there was one. */
    readonly hastenCard: (id: ApplicationId, notBefore: Millis) => Effect.Effect<boolean>;
    /** Marks a redraw as done by the press itself, if nothing has changed since it was planned. */
    readonly cardShown: (
      id: ApplicationId,
      version: number,
      planned: Millis,
      at: Millis,
    ) => Effect.Effect<boolean>;
    /** How many consequences of a decision are under way or about to be. */
    readonly countActive: (id: ApplicationId) => Effect.Effect<number>;
    readonly countByState: Effect.Effect<ReadonlyArray<{ readonly state: string; readonly count: number }>>;
  }
>() {}

const Lane = Schema.Struct({ lane: Schema.String });
const At = Schema.Struct({ at: Schema.NullOr(Schema.Number) });
const Count = Schema.Struct({ count: Schema.Number });
const StateCount = Schema.Struct({ state: Schema.String, count: Schema.Number });

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(SideEffect);
  const many = rows(SideEffect);
  const lanes = rows(Lane);
  const ats = rows(At);
  const counts = rows(Count);
  const stateCounts = rows(StateCount);
  const laneNames = Effect.map((found: ReadonlyArray<typeof Lane.Type>) => [...new Set(found.map(({ lane }) => lane))]);

  return SideEffectRepo.of({
    insert: (effects, dependencies) =>
      Effect.gen(function* () {
        if (effects.length === 0) return;
        yield* run(sql`INSERT INTO side_effect ${sql.insert(
          effects.map(({ at, ...effect }) => ({
            ...effect,
            state: "waiting",
            attempts: 0,
            createdAt: at,
            updatedAt: at,
          })),
        )}`);
        if (dependencies.length === 0) return;
        yield* run(sql`INSERT INTO side_effect_dependency ${sql.insert(
          dependencies.map(({ mustBeDone, ...ids }) => ({ ...ids, mustBeDone: mustBeDone ? 1 : 0 })),
        )}`);
      }),
    find: (id) => one(sql`SELECT * FROM side_effect WHERE id = ${id}`),
    ofApplication: (id) => many(sql`SELECT * FROM side_effect WHERE application_id = ${id} ORDER BY id`),
    dueLanes: (now) =>
      laneNames(
        lanes(sql`SELECT DISTINCT lane FROM side_effect
                  WHERE state = 'waiting' AND blocked_by = 0 AND not_before <= ${now}`),
      ),
    nextDue: (now) =>
      Effect.map(
        ats(sql`SELECT MIN(not_before) AS at FROM side_effect
                WHERE state = 'waiting' AND blocked_by = 0 AND not_before > ${now}`),
        (found) => Option.map(Option.fromNullable(found[0]?.at), (at) => ({ at })),
      ),
    claim: (lane, now, leaseUntil) =>
      one(sql`UPDATE side_effect
              SET state = 'running', attempts = attempts + 1, lease_until = ${leaseUntil}, updated_at = ${now},
                  first_attempt_at = COALESCE(first_attempt_at, ${now})
              WHERE id = (SELECT id FROM side_effect
                          WHERE lane = ${lane} AND state = 'waiting' AND blocked_by = 0 AND not_before <= ${now}
                          ORDER BY id LIMIT 1)
              RETURNING *`),
    claimBatch: (leader, limit, now, leaseUntil) =>
      Effect.gen(function* () {
        if (leader.batch === null) {
          yield* run(sql`UPDATE side_effect SET batch = ${leader.id}
                         WHERE id = ${leader.id} OR id IN (
                           SELECT id FROM side_effect
                           WHERE lane = ${leader.lane} AND kind = 'LogPost' AND batch IS NULL
                             AND state = 'waiting' AND blocked_by = 0 AND not_before <= ${now}
                           ORDER BY id LIMIT ${limit})`);
        }
        const batch = leader.batch ?? leader.id;
        const found = yield* many(sql`UPDATE side_effect
              SET state = 'running', attempts = attempts + 1, lease_until = ${leaseUntil}, updated_at = ${now},
                  first_attempt_at = COALESCE(first_attempt_at, ${now})
              WHERE batch = ${batch} AND id <> ${leader.id} AND state = 'waiting'
              RETURNING *`);
        return [...found].sort((left, right) => (left.id < right.id ? -1 : 1));
      }),
    settle: (id, state, outcome, error, at) =>
      run(sql`UPDATE side_effect
              SET state = ${state}, outcome = ${outcome}, last_error = ${error}, lease_until = NULL, updated_at = ${at}
              WHERE id = ${id}`),
    postpone: (id, until, error, at) =>
      run(sql`UPDATE side_effect
              SET state = 'waiting', not_before = ${until}, last_error = ${error}, lease_until = NULL, updated_at = ${at}
              WHERE id = ${id}`),
    release: (id, done) =>
      Effect.gen(function* () {
        const may = done ? sql`` : sql`AND must_be_done = 0`;
        const freed = yield* laneNames(
          lanes(sql`UPDATE side_effect SET blocked_by = blocked_by - 1
                    WHERE id IN (SELECT side_effect_id FROM side_effect_dependency WHERE on_id = ${id} ${may})
                    RETURNING lane`),
        );
        yield* run(sql`DELETE FROM side_effect_dependency WHERE on_id = ${id} ${may}`);
        return freed;
      }),
    takeBack: (now, everything) =>
      run(sql`UPDATE side_effect SET state = 'waiting', lease_until = NULL
              WHERE state = 'running' AND (lease_until < ${now} OR ${everything ? 1 : 0} = 1)`),
    retry: (id, now) =>
      changed(sql`UPDATE side_effect SET state = 'waiting', attempts = 0, not_before = ${now}, updated_at = ${now}
                  WHERE id = ${id} AND state = 'failed' RETURNING id`),
    hastenCard: (id, notBefore) =>
      changed(sql`UPDATE side_effect
                  SET not_before = CASE WHEN not_before < ${notBefore} THEN not_before ELSE ${notBefore} END
                  WHERE application_id = ${id} AND kind = 'DrawCard' AND state = 'waiting' RETURNING id`),
    cardShown: (id, version, planned, at) =>
      changed(sql`UPDATE side_effect SET state = 'done', outcome = 'shown', updated_at = ${at}
                  WHERE application_id = ${id} AND kind = 'DrawCard' AND state = 'waiting' AND not_before = ${planned}
                    AND EXISTS (SELECT 1 FROM application WHERE id = ${id} AND version = ${version})
                  RETURNING id`),
    countActive: (id) =>
      Effect.map(
        counts(sql`SELECT COUNT(*) AS count FROM side_effect
                   WHERE application_id = ${id} AND ${sql.in("kind", DECISION_KINDS)}
                     AND (state = 'running' OR (state = 'waiting' AND blocked_by = 0))`),
        (found) => found[0]?.count ?? 0,
      ),
    countByState: stateCounts(sql`SELECT state, COUNT(*) AS count FROM side_effect GROUP BY state`),
  });
});

export const layer = Layer.effect(SideEffectRepo, make);
