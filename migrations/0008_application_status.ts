import * as SqlClient from "@effect/sql/SqlClient";
import { Effect } from "effect";

/** Counts a guild's applications by state without reading them. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  yield* sql`CREATE INDEX application_status ON application (guild_id, status)`;
});
