import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Several reviewer roles, and a version by which two editors notice each other. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`ALTER TABLE guild_settings ADD COLUMN version INTEGER NOT NULL DEFAULT 1`;
  yield* sql`ALTER TABLE guild_settings ADD COLUMN reviewer_role_ids TEXT NOT NULL DEFAULT '[]'`;
  yield* sql`UPDATE guild_settings SET reviewer_role_ids = '["' || reviewer_role_id || '"]'
             WHERE reviewer_role_id IS NOT NULL`;
  yield* sql`ALTER TABLE guild_settings DROP COLUMN reviewer_role_id`;
});
