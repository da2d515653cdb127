import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Each join once, whoever tells of it; and up to when the joins of a guild are known. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE member_join (
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      joined_at BIGINT NOT NULL,
      PRIMARY KEY (guild_id, user_id, joined_at)
    )`;
  yield* sql`
    CREATE TABLE joins_known (
      guild_id TEXT PRIMARY KEY NOT NULL,
      until BIGINT NOT NULL
    )`;
  // Joins that are made up for later say so in their reason: they are no wave.
  yield* sql`DROP INDEX action_log_joins`;
  yield* sql`
    CREATE INDEX action_log_joins ON action_log (guild_id, at)
    WHERE name = 'member_join' AND reason IS NULL`;
  yield* sql`
    CREATE INDEX guild_settings_gate_message ON guild_settings (gate_message_id)
    WHERE gate_message_id IS NOT NULL`;
});
