import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Finds the last wrong passwords of somebody; tries that a pause turned away carry a reason and do not count. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`
    CREATE INDEX action_log_wrong_passwords ON action_log (guild_id, actor, seq)
    WHERE name = 'password_failed' AND reason IS NULL`;
});
