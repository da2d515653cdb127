import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option, Schema } from "effect";
import { Action, type ActionName, type Hashed } from "../../domain/Action.js";
import { type ActionId, type ApplicationId, type GuildId, Millis, type UserId } from "../../domain/Ids.js";
import { row, rows, run } from "./Repo.js";

const Link = Schema.Struct({ seq: Schema.Int, hash: Schema.String });
export type Link = typeof Link.Type;

const At = Schema.Struct({ at: Millis });

/** A row as it is written. */
export interface ActionRow extends Hashed {
  readonly hash: string;
}

export class ActionRepo extends Context.Tag("app/ActionRepo")<
  ActionRepo,
  {
    /** The newest row's place in a guild's chain. */
    readonly last: (guildId: GuildId) => Effect.Effect<Option.Option<Link>>;
    readonly insert: (row: ActionRow) => Effect.Effect<void>;
    readonly find: (id: ActionId) => Effect.Effect<Option.Option<Action>>;
    /** Newest first. */
    readonly ofApplication: (
      applicationId: ApplicationId,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Action>>;
    /** The newest row of one kind about an application. */
    readonly newest: (applicationId: ApplicationId, name: ActionName) => Effect.Effect<Option.Option<Action>>;
    /** When the last wrong passwords of somebody were compared, newest first. */
    readonly wrongPasswords: (
      guildId: GuildId,
      actor: UserId,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Millis>>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const link = row(Link);
  const one = row(Action);
  const many = rows(Action);
  const times = rows(At);
  return ActionRepo.of({
    last: (guildId) =>
      link(sql`SELECT seq, hash FROM action_log WHERE guild_id = ${guildId} ORDER BY seq DESC LIMIT 1`),
    insert: (action) => run(sql`INSERT INTO action_log ${sql.insert({ ...action })}`),
    find: (id) => one(sql`SELECT * FROM action_log WHERE id = ${id}`),
    ofApplication: (applicationId, limit) =>
      many(
        sql`SELECT * FROM action_log WHERE application_id = ${applicationId} ORDER BY seq DESC LIMIT ${limit}`,
      ),
    newest: (applicationId, name) =>
      one(sql`SELECT * FROM action_log WHERE application_id = ${applicationId} AND name = ${name}
              ORDER BY seq DESC LIMIT 1`),
    wrongPasswords: (guildId, actor, limit) =>
      Effect.map(
        times(sql`SELECT at FROM action_log
                  WHERE guild_id = ${guildId} AND actor = ${actor} AND name = 'password_failed' AND reason IS NULL
                  ORDER BY seq DESC LIMIT ${limit}`),
        (found) => found.map(({ at }) => at),
      ),
  });
});

export const layer = Layer.effect(ActionRepo, make);
