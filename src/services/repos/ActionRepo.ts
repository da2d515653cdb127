import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import { Action, type ActionName, type Hashed } from "../../domain/Action.js";
import { ActionId, type ApplicationId, GuildId, Millis, type UserId } from "../../domain/Ids.js";
import type { Link as ChainLink } from "../../domain/Chain.js";
import { row, rows, run } from "./Repo.js";

const Link = Schema.Struct({ seq: Schema.Int, hash: Schema.String });

/** The end of a chain as whoever adds to it has to know it. */
const End = Schema.Struct({ ...Link.fields, counted: Schema.Int });

const Guild = Schema.Struct({ guildId: Schema.String });
const Place = Schema.Struct({ id: Schema.String, seq: Schema.Number });

const At = Schema.Struct({ at: Millis });

/** A row as it is written. */
export interface ActionRow extends Hashed {
  readonly hash: string;
}

/** A row as it is stored, whatever became of it: an auditor must be able to read what does not decode any more. */
export type StoredRow = { readonly [K in keyof ActionRow]: unknown };

export class ActionRepo extends Context.Tag("app/ActionRepo")<
  ActionRepo,
  {
    /**
     * The newest row's place in a guild's chain (where rows were cut off, the place that the last of them had), and the last
     * row that the figures hold.
     */
    readonly last: (guildId: GuildId) => Effect.Effect<Option.Option<typeof End.Type>>;
    /** Adds a row and moves the chain's end to it. The figures are to hold it when the transaction ends. */
    readonly insert: (row: ActionRow) => Effect.Effect<void>;
    readonly find: (id: ActionId) => Effect.Effect<Option.Option<Action>>;
    /** Newest first. */
    readonly ofApplication: (
      applicationId: ApplicationId,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Action>>;
    /** The newest row of one kind about an application. */
    readonly newest: (applicationId: ApplicationId, name: ActionName) => Effect.Effect<Option.Option<Action>>;
    /** Whether there is a row of one kind with exactly these details, as they are stored, since a moment. */
    readonly hasDetails: (
      guildId: GuildId,
      name: ActionName,
      details: string,
      since: number,
    ) => Effect.Effect<boolean>;
    /** The newest rows that each stand for a new version of a guild's settings, newest first; none older than 2 000 rows. */
    readonly settingsRows: (
      guildId: GuildId,
      newest: number,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Action>>;
    /** When the last wrong passwords of somebody were compared, newest first. */
    readonly wrongPasswords: (
      guildId: GuildId,
      actor: UserId,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Millis>>;
    /** Whether the log has a sign-in of somebody since a moment, other than refused ones. */
    readonly signedInSince: (guildId: GuildId, actor: UserId, since: Millis) => Effect.Effect<boolean>;
    /** Rows from an id on, after another one, oldest first. */
    readonly since: (
      from: string,
      after: string | null,
      guildId: GuildId | null,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<{ readonly id: ActionId; readonly guildId: GuildId }>>;
    /** Every guild that has a chain, or the end of one. */
    readonly chains: Effect.Effect<ReadonlyArray<string>>;
    /** Where a guild's chain should end. */
    readonly end: (guildId: string) => Effect.Effect<Option.Option<ChainLink>>;
    /** The newest row there is, whatever the record of the end says. */
    readonly newestIn: (guildId: string) => Effect.Effect<Option.Option<ChainLink>>;
    /** Rows of a guild behind a place in its chain, oldest first. */
    readonly after: (guildId: GuildId, seq: number, limit: number) => Effect.Effect<ReadonlyArray<Action>>;
    /** Rows of a chain in order, after a row, up to and with `upTo`. */
    readonly page: (
      guildId: string,
      after: { readonly seq: number; readonly id: string } | null,
      upTo: number,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<StoredRow>>;
    /** Rows that stand behind the end of their chain. There should be none. */
    readonly behindEnd: (
      guildId: string,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<{ readonly id: string; readonly seq: number }>>;
  }
>() {}

/** So many rows of a log are looked through for those that changed the settings. */
const LOOKED_BACK = 2_000;

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const link = row(Link);
  const chainEnd = row(End);
  const one = row(Action);
  const many = rows(Action);
  const times = rows(At);
  const guilds = rows(Guild);
  const owned = rows(Schema.Struct({ id: ActionId, guildId: GuildId }));
  const places = rows(Place);
  return ActionRepo.of({
    last: (guildId) =>
      chainEnd(sql`SELECT seq, hash,
                 COALESCE((SELECT counted FROM chain_end WHERE guild_id = ${guildId}), 0) AS counted
               FROM (
                 SELECT seq, hash, 0 AS source FROM chain_end WHERE guild_id = ${guildId}
                 UNION ALL
                 SELECT * FROM (SELECT seq, hash, 1 AS source FROM action_log
                                WHERE guild_id = ${guildId} ORDER BY seq DESC LIMIT 1) AS newest
               ) AS ends ORDER BY seq DESC, source LIMIT 1`),
    insert: (action) =>
      Effect.zipRight(
        run(sql`INSERT INTO action_log ${sql.insert({ ...action })}`),
        run(sql`INSERT INTO chain_end (guild_id, seq, hash, counted)
                VALUES (${action.guildId}, ${action.seq}, ${action.hash}, ${action.seq})
                ON CONFLICT (guild_id) DO UPDATE
                SET seq = excluded.seq, hash = excluded.hash, counted = excluded.counted`),
      ),
    find: (id) => one(sql`SELECT * FROM action_log WHERE id = ${id}`),
    ofApplication: (applicationId, limit) =>
      many(
        sql`SELECT * FROM action_log WHERE application_id = ${applicationId} ORDER BY seq DESC LIMIT ${limit}`,
      ),
    newest: (applicationId, name) =>
      one(sql`SELECT * FROM action_log WHERE application_id = ${applicationId} AND name = ${name}
              ORDER BY seq DESC LIMIT 1`),
    settingsRows: (guildId, newest, limit) =>
      many(sql`SELECT * FROM action_log WHERE guild_id = ${guildId} AND seq > ${newest - LOOKED_BACK}
                 AND name IN ('config_change', 'gate_reset') ORDER BY seq DESC LIMIT ${limit}`),
    hasDetails: (guildId, name, details, since) =>
      Effect.map(
        link(sql`SELECT seq, hash FROM action_log
                 WHERE guild_id = ${guildId} AND name = ${name} AND details = ${details} AND at >= ${since} LIMIT 1`),
        Option.isSome,
      ),
    wrongPasswords: (guildId, actor, limit) =>
      Effect.map(
        times(sql`SELECT at FROM action_log
                  WHERE guild_id = ${guildId} AND actor = ${actor} AND name = 'password_failed' AND reason IS NULL
                  ORDER BY seq DESC LIMIT ${limit}`),
        (found) => found.map(({ at }) => at),
      ),
    signedInSince: (guildId, actor, since) =>
      Effect.map(
        times(sql`SELECT at FROM action_log
                  WHERE guild_id = ${guildId} AND actor = ${actor} AND at >= ${since} AND name = 'login' AND reason IS NULL
                  LIMIT 1`),
        (found) => found.length > 0,
      ),
    since: (from, after, guildId, limit) =>
      owned(sql`SELECT id, guild_id FROM action_log
                WHERE id >= ${from} ${after === null ? sql`` : sql`AND id > ${after}`}
                  ${guildId === null ? sql`` : sql`AND guild_id = ${guildId}`}
                ORDER BY id LIMIT ${limit}`),
    // From one guild to the next by the index: to read every row for this would take as long as there are rows.
    chains: Effect.map(
      guilds(sql`WITH RECURSIVE named (guild_id) AS (
                   SELECT MIN(guild_id) FROM action_log
                   UNION ALL
                   SELECT (SELECT MIN(guild_id) FROM action_log WHERE guild_id > named.guild_id)
                   FROM named WHERE guild_id IS NOT NULL
                 )
                 SELECT guild_id FROM named WHERE guild_id IS NOT NULL UNION SELECT guild_id FROM chain_end`),
      (found) => found.map(({ guildId }) => guildId),
    ),
    end: (guildId) => link(sql`SELECT seq, hash FROM chain_end WHERE guild_id = ${guildId}`),
    newestIn: (guildId) =>
      link(sql`SELECT CAST(seq AS INTEGER) AS seq, hash FROM action_log
               WHERE guild_id = ${guildId} ORDER BY action_log.seq DESC LIMIT 1`),
    after: (guildId, seq, limit) =>
      many(
        sql`SELECT * FROM action_log WHERE guild_id = ${guildId} AND seq > ${seq} ORDER BY seq LIMIT ${limit}`,
      ),
    page: (guildId, after, upTo, limit) =>
      Effect.orDie(
        sql<StoredRow>`SELECT id, guild_id AS "guildId", seq, name, actor, target, application_id AS "applicationId",
                              ticket_id AS "ticketId", reason, details, at, prev_hash AS "prevHash", hash
                       FROM action_log
                       WHERE guild_id = ${guildId} AND seq <= ${upTo}
                         ${after === null ? sql`` : sql`AND (seq, id) > (${after.seq}, ${after.id})`}
                       ORDER BY seq, id LIMIT ${limit}`.withoutTransform,
      ),
    behindEnd: (guildId, limit) =>
      places(sql`SELECT id, CAST(seq AS INTEGER) AS seq FROM action_log
                 WHERE guild_id = ${guildId} AND seq > (SELECT seq FROM chain_end WHERE guild_id = ${guildId})
                 ORDER BY seq LIMIT ${limit}`),
  });
});

export const layer = Layer.effect(ActionRepo, make);
