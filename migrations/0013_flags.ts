import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Flags, when each person first spoke in a guild, and where and when a guild wants to be told. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`ALTER TABLE guild_settings ADD COLUMN flags_channel_id TEXT`;
  yield* sql`ALTER TABLE guild_settings ADD COLUMN flags_threshold_days INTEGER`;

  yield* sql`
    CREATE TABLE flag (
      id TEXT PRIMARY KEY NOT NULL,
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      flagged_by TEXT NOT NULL,
      reason TEXT NOT NULL,
      at BIGINT NOT NULL,
      closed_at BIGINT,
      closed_by TEXT,
      closed_reason TEXT
    )`;
  yield* sql`CREATE UNIQUE INDEX flag_one_open ON flag (guild_id, user_id) WHERE closed_at IS NULL`;
  yield* sql`CREATE INDEX flag_author ON flag (guild_id, flagged_by, at) WHERE kind = 'manual'`;

  yield* sql`
    CREATE TABLE first_message (
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (guild_id, user_id)
    )`;
  yield* sql`CREATE INDEX first_message_beginning ON first_message (guild_id, at)`;
});
