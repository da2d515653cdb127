import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** What operators were told about, so that a restart repeats nothing. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE ops_alert (
      kind TEXT PRIMARY KEY NOT NULL,
      state TEXT NOT NULL,
      since BIGINT,
      calm_since BIGINT,
      told_at BIGINT,
      value DOUBLE PRECISION NOT NULL,
      tries INTEGER NOT NULL
    )`;
});
