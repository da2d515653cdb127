import * as SqlClient from "@effect/sql/SqlClient";
import { Array as Arr, Context, Effect, Layer, type Option } from "effect";
import { type GuildId, type Millis, type PurgeId, type SideEffectId, type UserId } from "../../domain/Ids.js";
import { type Fate, FateCount, Joiner, NotRemoved, PanicPurge } from "../../domain/PanicPurge.js";
import { changed, row, rows, run } from "./Repo.js";

export class PanicPurgeRepo extends Context.Tag("app/PanicPurgeRepo")<
  PanicPurgeRepo,
  {
    /** Who joined after `since`, also while the bot was away, the newest first. */
    readonly joiners: (
      guildId: GuildId,
      since: Millis,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Joiner>>;
    /** Stores a preview. */
    readonly show: (purge: PanicPurge, people: ReadonlyArray<UserId>) => Effect.Effect<void>;
    /** Forgets the previews of a guild that were shown before a moment and never begun. */
    readonly forget: (guildId: GuildId, before: Millis) => Effect.Effect<void>;
    readonly find: (guildId: GuildId, id: PurgeId) => Effect.Effect<Option.Option<PanicPurge>>;
    /** The newest one that was begun. */
    readonly latest: (guildId: GuildId) => Effect.Effect<Option.Option<PanicPurge>>;
    /** Begins it if nobody has: compare-and-set. */
    readonly begin: (id: PurgeId, by: UserId, at: Millis) => Effect.Effect<boolean>;
    /** Who was shown, and what has become known of them since. */
    readonly shown: (purge: PanicPurge) => Effect.Effect<ReadonlyArray<Joiner>>;
    readonly plan: (
      id: PurgeId,
      people: ReadonlyArray<UserId>,
      effectId: SideEffectId,
    ) => Effect.Effect<void>;
    readonly setFate: (
      id: PurgeId,
      people: ReadonlyArray<UserId>,
      fate: Fate,
      reason: string | null,
    ) => Effect.Effect<void>;
    /** Who is still to be removed in one step, and whether an application of theirs was approved. */
    readonly planned: (effectId: SideEffectId) => Effect.Effect<ReadonlyArray<Joiner>>;
    readonly counts: (id: PurgeId) => Effect.Effect<ReadonlyArray<typeof FateCount.Type>>;
    readonly failures: (id: PurgeId, limit: number) => Effect.Effect<ReadonlyArray<NotRemoved>>;
  }
>() {}

/** Stays below the number of values that one statement takes. */
const ROWS_PER_INSERT = 500;

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(PanicPurge);
  const joiners = rows(Joiner);
  const counts = rows(FateCount);
  const notRemoved = rows(NotRemoved);

  /** What rows tell of the person of a query, whose columns are `guild_id` and `user_id` of `person`. */
  const approved = sql`EXISTS (SELECT 1 FROM application
    WHERE application.guild_id = person.guild_id AND application.user_id = person.user_id
      AND application.status = 'approved') AS approved`;
  const elsewhere = (shownAt: Millis | null) =>
    sql`EXISTS (SELECT 1 FROM panic_purge_member AS other
      WHERE other.guild_id = person.guild_id AND other.user_id = person.user_id
        AND ((other.state = 'planned' AND EXISTS (
                SELECT 1 FROM side_effect WHERE side_effect.id = other.effect_id AND side_effect.state = 'waiting'))
          ${
            shownAt === null
              ? sql``
              : sql`OR (other.state = 'banned' AND EXISTS (
                      SELECT 1 FROM panic_purge
                      WHERE panic_purge.id = other.purge_id AND panic_purge.begun_at >= ${shownAt}))`
          })) AS elsewhere`;

  return PanicPurgeRepo.of({
    joiners: (guildId, since, limit) =>
      joiners(sql`SELECT user_id, ${approved}, ${elsewhere(null)}
                  FROM (SELECT guild_id, user_id, MAX(joined_at) AS at FROM member_join
                        WHERE guild_id = ${guildId} AND joined_at > ${since}
                        GROUP BY guild_id, user_id ORDER BY MAX(joined_at) DESC LIMIT ${limit}) AS person
                  ORDER BY at DESC`),
    show: (purge, people) =>
      Effect.gen(function* () {
        yield* run(sql`INSERT INTO panic_purge ${sql.insert({ ...purge })}`);
        for (const some of Arr.chunksOf(people, ROWS_PER_INSERT)) {
          yield* run(
            sql`INSERT INTO panic_purge_member ${sql.insert(
              some.map((userId) => ({
                purgeId: purge.id,
                userId,
                guildId: purge.guildId,
                state: "shown",
              })),
            )}`,
          );
        }
      }),
    forget: (guildId, before) =>
      run(
        sql`DELETE FROM panic_purge WHERE guild_id = ${guildId} AND state = 'shown' AND shown_at < ${before}`,
      ),
    find: (guildId, id) => one(sql`SELECT * FROM panic_purge WHERE id = ${id} AND guild_id = ${guildId}`),
    latest: (guildId) =>
      one(sql`SELECT * FROM panic_purge WHERE guild_id = ${guildId} AND state = 'begun'
              ORDER BY begun_at DESC LIMIT 1`),
    begin: (id, by, at) =>
      changed(sql`UPDATE panic_purge SET state = 'begun', actor = ${by}, begun_at = ${at}
                  WHERE id = ${id} AND state = 'shown' RETURNING id`),
    shown: ({ id, shownAt }) =>
      joiners(sql`SELECT user_id, ${approved}, ${elsewhere(shownAt)} FROM panic_purge_member AS person
                  WHERE purge_id = ${id} AND state = 'shown' ORDER BY user_id`),
    plan: (id, people, effectId) =>
      run(sql`UPDATE panic_purge_member SET state = 'planned', effect_id = ${effectId}
              WHERE purge_id = ${id} AND ${sql.in("user_id", people)}`),
    setFate: (id, people, fate, reason) =>
      Effect.forEach(
        Arr.chunksOf(people, ROWS_PER_INSERT),
        (some) =>
          run(sql`UPDATE panic_purge_member SET state = ${fate}, reason = ${reason}
                  WHERE purge_id = ${id} AND ${sql.in("user_id", some)}`),
        { discard: true },
      ),
    planned: (effectId) =>
      joiners(sql`SELECT user_id, ${approved}, 0 AS elsewhere FROM panic_purge_member AS person
                  WHERE effect_id = ${effectId} AND state = 'planned'`),
    counts: (id) =>
      counts(
        sql`SELECT state, COUNT(*) AS count FROM panic_purge_member WHERE purge_id = ${id} GROUP BY state`,
      ),
    failures: (id, limit) =>
      notRemoved(sql`SELECT user_id, reason FROM panic_purge_member
                     WHERE purge_id = ${id} AND state = 'failed' ORDER BY user_id LIMIT ${limit}`),
  });
});

export const layer = Layer.effect(PanicPurgeRepo, make);
