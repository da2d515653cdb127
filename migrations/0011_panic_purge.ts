import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Removals of those who joined in a window: what was shown, and what became of everybody. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE panic_purge (
      id TEXT PRIMARY KEY NOT NULL,
      guild_id TEXT NOT NULL,
      state TEXT NOT NULL,
      minutes INTEGER NOT NULL,
      actor TEXT NOT NULL,
      shown_at BIGINT NOT NULL,
      begun_at BIGINT
    )`;
  yield* sql`CREATE INDEX panic_purge_guild ON panic_purge (guild_id, state, begun_at)`;
  yield* sql`
    CREATE TABLE panic_purge_member (
      purge_id TEXT NOT NULL REFERENCES panic_purge (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL,
      guild_id TEXT NOT NULL,
      state TEXT NOT NULL,
      effect_id TEXT,
      reason TEXT,
      PRIMARY KEY (purge_id, user_id)
    )`;
  yield* sql`CREATE INDEX panic_purge_member_state ON panic_purge_member (purge_id, state)`;
  yield* sql`CREATE INDEX panic_purge_member_effect ON panic_purge_member (effect_id)`;
  yield* sql`CREATE INDEX panic_purge_member_user ON panic_purge_member (guild_id, user_id)`;
});
