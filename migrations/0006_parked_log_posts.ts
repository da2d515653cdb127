import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Log posts that wait in the fallback file are found by guild; each guild's log has a lane of its own. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`CREATE INDEX side_effect_parked ON side_effect (guild_id) WHERE outcome = 'parked'`;
  yield* sql`UPDATE side_effect SET lane = 'log:' || guild_id WHERE kind = 'LogPost' AND state <> 'done'`;
});
