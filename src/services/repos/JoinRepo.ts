import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import { type GuildId, Millis, type UserId } from "../../domain/Ids.js";
import { changed, row, run } from "./Repo.js";

export class JoinRepo extends Context.Tag("app/JoinRepo")<
  JoinRepo,
  {
    /** Notes a join. @returns `false` when it was noted before. */
    readonly add: (guildId: GuildId, userId: UserId, joinedAt: Millis) => Effect.Effect<boolean>;
    /** Up to when every join of a guild is noted; none before that was ever found out. */
    readonly knownUntil: (guildId: GuildId) => Effect.Effect<Option.Option<Millis>>;
    readonly setKnownUntil: (guildId: GuildId, until: Millis) => Effect.Effect<void>;
    /** What the log says: its newest join, or where there is none its first row. */
    readonly lastByLog: (guildId: GuildId) => Effect.Effect<Option.Option<Millis>>;
  }
>() {}

const Until = Schema.Struct({ until: Millis });

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const until = row(Until);
  const first = row(Schema.Struct({ until: Schema.NullOr(Millis) }));
  return JoinRepo.of({
    add: (guildId, userId, joinedAt) =>
      changed(sql`INSERT INTO member_join ${sql.insert({ guildId, userId, joinedAt })}
                  ON CONFLICT DO NOTHING RETURNING user_id`),
    knownUntil: (guildId) =>
      Effect.map(
        until(sql`SELECT until FROM joins_known WHERE guild_id = ${guildId}`),
        Option.map((found) => found.until),
      ),
    setKnownUntil: (guildId, at) =>
      run(sql`INSERT INTO joins_known ${sql.insert({ guildId, until: at })}
              ON CONFLICT (guild_id) DO UPDATE SET until = ${at}`),
    lastByLog: (guildId) =>
      Effect.map(
        first(sql`SELECT COALESCE(
                    (SELECT at FROM action_log
                     WHERE guild_id = ${guildId} AND name = 'member_join' AND reason IS NULL
                     ORDER BY at DESC LIMIT 1),
                    (SELECT at FROM action_log WHERE guild_id = ${guildId} ORDER BY seq LIMIT 1)
                  ) AS until`),
        Option.flatMapNullable((found) => found.until),
      ),
  });
});

export const layer = Layer.effect(JoinRepo, make);
