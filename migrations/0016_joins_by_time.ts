import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Who joined a guild within a window, whoever told of it and whenever. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`CREATE INDEX member_join_time ON member_join (guild_id, joined_at)`;
});
