import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import { type ActionId, ApplicationId, GuildId, type Millis, SideEffectId } from "../../domain/Ids.js";
import { DECISION_KINDS, PARKED, SideEffect } from "../../domain/SideEffect.js";
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

export interface StateCount {
  readonly state: string;
  readonly count: number;
  readonly oldest: number;
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
    /** The oldest due row of a lane. */
    readonly firstDue: (lane: string, now: Millis) => Effect.Effect<Option.Option<SideEffect>>;
    /** The oldest row of a lane, if it is due: in such a lane nothing overtakes. */
    readonly firstInOrder: (lane: string, now: Millis) => Effect.Effect<Option.Option<SideEffect>>;
    /** The log posts that were put into one message, waiting ones only, oldest first. */
    readonly ofBatch: (batch: SideEffectId) => Effect.Effect<ReadonlyArray<SideEffect>>;
    /** The waiting rows after `leader` in its lane, oldest first. */
    readonly following: (leader: SideEffect, limit: number) => Effect.Effect<ReadonlyArray<SideEffect>>;
    readonly setBatch: (ids: ReadonlyArray<SideEffectId>, batch: SideEffectId) => Effect.Effect<void>;
    readonly settle: (
      id: SideEffectId,
      state: "done" | "failed",
      outcome: string | null,
      error: string | null,
      at: Millis,
    ) => Effect.Effect<void>;
    /** Puts a row aside; it stays so until `takeBack`. */
    readonly park: (
      id: SideEffectId,
      reason: string,
      maybePosted: boolean,
      at: Millis,
    ) => Effect.Effect<void>;
    /** Puts what was put aside in a guild back to work. @returns how many rows there were. */
    readonly takeBack: (guildId: GuildId, now: Millis) => Effect.Effect<number>;
    readonly countParked: Effect.Effect<ReadonlyArray<{ readonly guildId: GuildId; readonly count: number }>>;
    /** Puts those of these rows back to work that were put aside or failed. @returns how many. */
    readonly reopen: (ids: ReadonlyArray<SideEffectId>, now: number) => Effect.Effect<number>;
    /** Of these ids, those that exist. */
    readonly knownOf: (ids: ReadonlyArray<SideEffectId>) => Effect.Effect<ReadonlyArray<SideEffectId>>;
    /** The rows of the log whose posting is still to come. */
    readonly unpostedActions: Effect.Effect<ReadonlyArray<ActionId>>;
    /** Of these rows, those that are done for good. */
    readonly postedOf: (ids: ReadonlyArray<SideEffectId>) => Effect.Effect<ReadonlyArray<SideEffectId>>;
    /** Makes it wait without having tried it. */
    readonly putOff: (id: SideEffectId, until: Millis, reason: string, at: Millis) => Effect.Effect<void>;
    readonly postpone: (id: SideEffectId, until: Millis, error: string, at: Millis) => Effect.Effect<void>;
    /** Frees what waited for `id`. @returns the lanes that may have something to do now. */
    readonly release: (id: SideEffectId, done: boolean) => Effect.Effect<ReadonlyArray<string>>;
    /** Puts a failed row back to work. */
    readonly retry: (id: SideEffectId, payload: string, lane: string, now: Millis) => Effect.Effect<boolean>;
    /** The redraws of an application that are still to be done. */
    readonly waitingCards: (
      id: ApplicationId,
    ) => Effect.Effect<ReadonlyArray<{ readonly id: SideEffectId; readonly lane: string }>>;
    /** Brings a redraw forward, to where cards belong today; one that Discord has put off stays put off. */
    readonly bringForward: (
      id: SideEffectId,
      payload: string,
      lane: string,
      notBefore: Millis,
    ) => Effect.Effect<void>;
    /** Takes the redraws of a guild that failed for good off the books. @returns whose cards they were. */
    readonly takeFailedCards: (guildId: GuildId, at: Millis) => Effect.Effect<ReadonlyArray<ApplicationId>>;
    /** Marks a redraw as done by the press itself, if nothing has changed since it was planned. */
    readonly cardShown: (
      id: SideEffectId,
      version: number,
      planned: Millis,
      at: Millis,
    ) => Effect.Effect<boolean>;
    /** How many consequences of a decision are under way or about to be. */
    readonly countActive: (id: ApplicationId) => Effect.Effect<number>;
    /** Takes what failed off the books, where one of the same kind about the same has now done its work. */
    readonly replaceFailed: (by: SideEffect, at: Millis) => Effect.Effect<void>;
    /** What failed for good in a guild, by kind, and when the last of each did. */
    readonly countFailed: (guildId: GuildId) => Effect.Effect<ReadonlyArray<KindCount>>;
    /** What is not done, by state, and since when the oldest is planned. */
    readonly countByState: Effect.Effect<ReadonlyArray<StateCount>>;
  }
>() {}

const KindCount = Schema.Struct({ kind: Schema.String, count: Schema.Number, newest: Schema.Number });
export type KindCount = typeof KindCount.Type;
const Lane = Schema.Struct({ lane: Schema.String });
const WaitingCard = Schema.Struct({ id: SideEffectId, lane: Schema.String });
const Owner = Schema.Struct({ applicationId: ApplicationId });
const Id = Schema.Struct({ id: SideEffectId });
const GuildCount = Schema.Struct({ guildId: GuildId, count: Schema.Number });
const At = Schema.Struct({ at: Schema.NullOr(Schema.Number) });
const Count = Schema.Struct({ count: Schema.Number });
const StateCount = Schema.Struct({ state: Schema.String, count: Schema.Number, oldest: Schema.Number });

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(SideEffect);
  const many = rows(SideEffect);
  const lanes = rows(Lane);
  const cards = rows(WaitingCard);
  const owners = rows(Owner);
  const ats = rows(At);
  const ids = rows(Id);
  const guildCounts = rows(GuildCount);
  const counts = rows(Count);
  const kindCounts = rows(KindCount);
  const stateCounts = rows(StateCount);
  const laneNames = Effect.map((found: ReadonlyArray<typeof Lane.Type>) => [
    ...new Set(found.map(({ lane }) => lane)),
  ]);

  const backToWork = (now: number) =>
    sql`state = 'waiting', outcome = NULL, last_error = NULL, not_before = ${now}, updated_at = ${now},
        attempts = CASE WHEN first_attempt_at IS NULL THEN 0 ELSE 1 END,
        batch = CASE WHEN first_attempt_at IS NULL THEN NULL ELSE batch END`;

  return SideEffectRepo.of({
    insert: (effects, dependencies) =>
      Effect.gen(function* () {
        if (effects.length === 0) return;
        yield* run(
          sql`INSERT INTO side_effect ${sql.insert(
            effects.map(({ at, ...effect }) => ({
              ...effect,
              state: "waiting",
              attempts: 0,
              createdAt: at,
              updatedAt: at,
            })),
          )}`,
        );
        if (dependencies.length === 0) return;
        yield* run(
          sql`INSERT INTO side_effect_dependency ${sql.insert(
            dependencies.map(({ mustBeDone, ...ids }) => ({ ...ids, mustBeDone: mustBeDone ? 1 : 0 })),
          )}`,
        );
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
    firstDue: (lane, now) =>
      one(sql`SELECT * FROM side_effect
              WHERE lane = ${lane} AND state = 'waiting' AND blocked_by = 0 AND not_before <= ${now}
              ORDER BY id LIMIT 1`),
    firstInOrder: (lane, now) =>
      one(sql`SELECT * FROM (
                SELECT * FROM side_effect WHERE lane = ${lane} AND state = 'waiting' AND blocked_by = 0
                ORDER BY id LIMIT 1
              ) AS oldest WHERE not_before <= ${now}`),
    ofBatch: (batch) =>
      many(sql`SELECT * FROM side_effect WHERE batch = ${batch} AND state = 'waiting' ORDER BY id`),
    following: (leader, limit) =>
      many(sql`SELECT * FROM side_effect
               WHERE lane = ${leader.lane} AND id > ${leader.id} AND state = 'waiting' AND blocked_by = 0
               ORDER BY id LIMIT ${limit}`),
    setBatch: (members, batch) =>
      run(sql`UPDATE side_effect SET batch = ${batch} WHERE ${sql.in("id", members)}`),
    settle: (id, state, outcome, error, at) =>
      run(sql`UPDATE side_effect
              SET state = ${state}, outcome = ${outcome}, last_error = ${error}, updated_at = ${at}
              WHERE id = ${id}`),
    park: (id, reason, maybePosted, at) =>
      run(sql`UPDATE side_effect
              SET state = 'done', outcome = ${PARKED}, last_error = ${reason}, updated_at = ${at},
                  first_attempt_at = ${maybePosted ? sql`COALESCE(first_attempt_at, created_at)` : sql`first_attempt_at`}
              WHERE id = ${id}`),
    takeBack: (guildId, now) =>
      Effect.map(
        ids(sql`UPDATE side_effect
                SET ${backToWork(now)}
                WHERE guild_id = ${guildId} AND outcome = 'parked' RETURNING id`),
        ({ length }) => length,
      ),
    reopen: (some, now) =>
      Effect.map(
        ids(sql`UPDATE side_effect SET ${backToWork(now)}
                WHERE ${sql.in("id", some)} AND (outcome = ${PARKED} OR state = 'failed') RETURNING id`),
        ({ length }) => length,
      ),
    knownOf: (some) =>
      Effect.map(ids(sql`SELECT id FROM side_effect WHERE ${sql.in("id", some)}`), (found) =>
        found.map(({ id }) => id),
      ),
    unpostedActions: Effect.map(
      many(sql`SELECT * FROM side_effect WHERE kind = 'LogPost' AND state = 'waiting' AND state <> 'done'
               UNION ALL SELECT * FROM side_effect WHERE outcome = 'parked'`),
      (found) => found.flatMap(({ payload }) => (payload._tag === "LogPost" ? [payload.actionId] : [])),
    ),
    countParked: guildCounts(
      sql`SELECT guild_id, COUNT(*) AS count FROM side_effect WHERE outcome = 'parked' GROUP BY guild_id`,
    ),
    postedOf: (some) =>
      Effect.map(
        ids(sql`SELECT id FROM side_effect
                WHERE ${sql.in("id", some)} AND state = 'done' AND (outcome IS NULL OR outcome <> 'parked')`),
        (found) => found.map(({ id }) => id),
      ),
    putOff: (id, until, reason, at) =>
      run(sql`UPDATE side_effect SET not_before = ${until}, last_error = ${reason}, updated_at = ${at}
              WHERE id = ${id}`),
    postpone: (id, until, error, at) =>
      run(sql`UPDATE side_effect
              SET attempts = attempts + 1, not_before = ${until}, last_error = ${error}, updated_at = ${at},
                  first_attempt_at = COALESCE(first_attempt_at, ${at})
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
    retry: (id, payload, lane, now) =>
      changed(sql`UPDATE side_effect
                  SET state = 'waiting', attempts = 0, payload = ${payload}, lane = ${lane}, not_before = ${now},
                      updated_at = ${now}
                  WHERE id = ${id} AND state = 'failed' RETURNING id`),
    waitingCards: (id) =>
      cards(sql`SELECT id, lane FROM side_effect
                WHERE application_id = ${id} AND kind = 'DrawCard' AND state = 'waiting'`),
    bringForward: (id, payload, lane, notBefore) =>
      run(sql`UPDATE side_effect
              SET payload = ${payload}, lane = ${lane},
                  not_before = CASE WHEN not_before < ${notBefore} OR (attempts > 0 AND lane = ${lane})
                                    THEN not_before ELSE ${notBefore} END
              WHERE id = ${id}`),
    takeFailedCards: (guildId, at) =>
      Effect.map(
        owners(sql`UPDATE side_effect SET state = 'done', outcome = 'replaced', updated_at = ${at}
                   WHERE guild_id = ${guildId} AND kind = 'DrawCard' AND state = 'failed'
                   RETURNING application_id`),
        (found) => [...new Set(found.map(({ applicationId }) => applicationId))],
      ),
    replaceFailed: ({ guildId, kind, applicationId }, at) =>
      run(sql`UPDATE side_effect SET state = 'done', outcome = 'replaced', updated_at = ${at}
              WHERE state = 'failed' AND state <> 'done' AND guild_id = ${guildId} AND kind = ${kind}
                AND application_id IS NOT DISTINCT FROM ${applicationId}`),
    cardShown: (id, version, planned, at) =>
      changed(sql`UPDATE side_effect SET state = 'done', outcome = 'shown', updated_at = ${at}
                  WHERE id = ${id} AND state = 'waiting' AND not_before = ${planned}
                    AND (SELECT version FROM application WHERE id = side_effect.application_id) = ${version}
                  RETURNING id`),
    countActive: (id) =>
      Effect.map(
        counts(sql`SELECT COUNT(*) AS count FROM side_effect
                   WHERE application_id = ${id} AND ${sql.in("kind", DECISION_KINDS)}
                     AND state = 'waiting' AND blocked_by = 0`),
        (found) => found[0]?.count ?? 0,
      ),
    countFailed: (guildId) =>
      kindCounts(sql`SELECT kind, COUNT(*) AS count, MAX(updated_at) AS newest FROM side_effect
                     WHERE state = 'failed' AND state <> 'done' AND guild_id = ${guildId} GROUP BY kind ORDER BY kind`),
    countByState: stateCounts(sql`SELECT state, COUNT(*) AS count, MIN(created_at) AS oldest FROM side_effect
                              WHERE state <> 'done' GROUP BY state`),
  });
});

export const layer = Layer.effect(SideEffectRepo, make);
