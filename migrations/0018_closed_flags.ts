import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Flags that were closed, page by page. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`CREATE INDEX flag_closed ON flag (guild_id, closed_at, id) WHERE closed_at IS NOT NULL`;
});
