import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Panic mode, waves of joins, and the index by which joins of a moment are counted. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`ALTER TABLE guild_settings ADD COLUMN join_wave_per_minute INTEGER NOT NULL DEFAULT 0`;
  yield* sql`ALTER TABLE guild_settings ADD COLUMN join_wave_panic INTEGER NOT NULL DEFAULT 0`;

  yield* sql`
    CREATE TABLE panic (
      guild_id TEXT PRIMARY KEY NOT NULL,
      is_on INTEGER NOT NULL,
      since BIGINT NOT NULL,
      actor TEXT NOT NULL,
      digest_channel_id TEXT,
      digest_message_id TEXT
    )`;
  yield* sql`
    CREATE TABLE join_wave (
      guild_id TEXT PRIMARY KEY NOT NULL,
      last_join_at BIGINT NOT NULL
    )`;
  yield* sql`CREATE INDEX action_log_joins ON action_log (guild_id, at) WHERE name = 'member_join'`;
  yield* sql`
    CREATE INDEX side_effect_digest ON side_effect (guild_id)
    WHERE kind = 'DrawDigest' AND state = 'waiting'`;
});
