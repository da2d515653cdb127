import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Schema } from "effect";
import { GuildId, type Millis } from "../../domain/Ids.js";
import { changed, rows } from "./Repo.js";

/** What the admins of a guild were told last of a log that cannot be posted. */
const Notice = Schema.Struct({ guildId: GuildId, problem: Schema.String });

export class LogNoticeRepo extends Context.Tag("app/LogNoticeRepo")<
  LogNoticeRepo,
  {
    /** Every guild whose admins believe that their log cannot be posted. */
    readonly all: Effect.Effect<ReadonlyArray<typeof Notice.Type>>;
    /** @returns `false` where they know of just this problem. */
    readonly put: (guildId: GuildId, problem: string, at: Millis) => Effect.Effect<boolean>;
    /** @returns `false` where they know of none. */
    readonly remove: (guildId: GuildId) => Effect.Effect<boolean>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const notices = rows(Notice);
  return LogNoticeRepo.of({
    all: notices(sql`SELECT guild_id, problem FROM log_notice`),
    put: (guildId, problem, at) =>
      changed(sql`INSERT INTO log_notice (guild_id, problem, told_at) VALUES (${guildId}, ${problem}, ${at})
                  ON CONFLICT (guild_id) DO UPDATE SET problem = excluded.problem, told_at = excluded.told_at
                  WHERE log_notice.problem <> excluded.problem
                  RETURNING guild_id`),
    remove: (guildId) => changed(sql`DELETE FROM log_notice WHERE guild_id = ${guildId} RETURNING guild_id`),
  });
});

export const layer = Layer.effect(LogNoticeRepo, make);
