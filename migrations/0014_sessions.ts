import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Who is signed in to the dashboard, and which ways back from Discord have been used. Tokens are stored as hashes only. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE session (
      id TEXT PRIMARY KEY NOT NULL,
      token_hash TEXT NOT NULL,
      user_id TEXT NOT NULL,
      username TEXT NOT NULL,
      display_name TEXT NOT NULL,
      avatar_url TEXT NOT NULL,
      client TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      seen_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`;
  yield* sql`CREATE UNIQUE INDEX session_token ON session (token_hash)`;
  yield* sql`CREATE INDEX session_person ON session (user_id, created_at)`;
  yield* sql`CREATE INDEX session_end ON session (expires_at)`;
  yield* sql`CREATE INDEX session_idle ON session (seen_at)`;

  yield* sql`
    CREATE TABLE used_sign_in (
      state_hash TEXT PRIMARY KEY NOT NULL,
      expires_at BIGINT NOT NULL
    )`;
  yield* sql`CREATE INDEX used_sign_in_end ON used_sign_in (expires_at)`;
});
