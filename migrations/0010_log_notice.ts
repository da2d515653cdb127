import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** What the admins of a guild were told last of a log that cannot be posted; no row where all is well. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`
    CREATE TABLE log_notice (
      guild_id TEXT PRIMARY KEY NOT NULL,
      problem TEXT NOT NULL,
      told_at BIGINT NOT NULL
    )`;
});
