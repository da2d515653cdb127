import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** What `{info}` and `{rules}` stand for, whom a welcome may ping, and templates that are being written. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`ALTER TABLE guild_settings ADD COLUMN info_channel_id TEXT`;
  yield* sql`ALTER TABLE guild_settings ADD COLUMN rules_channel_id TEXT`;
  yield* sql`ALTER TABLE guild_settings ADD COLUMN ping_role_id TEXT`;

  yield* sql`
    CREATE TABLE template_draft (
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      template TEXT NOT NULL,
      text TEXT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (guild_id, user_id, template)
    )`;
});
