import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Where each guild's log ends, kept beside the log: without it, rows cut off at the end would not be missed. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`CREATE TABLE chain_end (guild_id TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL)`;
  yield* sql`
    INSERT INTO chain_end (guild_id, seq, hash)
    SELECT guild_id, seq, hash FROM action_log
    WHERE (guild_id, seq) IN (SELECT guild_id, MAX(seq) FROM action_log GROUP BY guild_id)`;
});
