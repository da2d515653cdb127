import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Questions that were refused, as they were typed; and which text a draft of a template was written against. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE question_draft (
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      texts TEXT NOT NULL,
      seen TEXT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (guild_id, user_id)
    )`;

  yield* sql`ALTER TABLE template_draft ADD COLUMN seen TEXT`;
});
