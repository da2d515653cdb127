import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/**
 * Figures by guild and UTC day, kept beside the log. `chain_end.counted` is the last row that they hold: rows of before, and
 * those that a version without figures writes meanwhile, are counted when the bot starts. And the indexes that the pages
 * of the log and of applications are read by.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  // Rows of one guild lie beside each other.
  const clustered = sql.onDialectOrElse({
    sqlite: () => sql.literal("WITHOUT ROWID"),
    orElse: () => sql.literal(""),
  });

  yield* sql`ALTER TABLE chain_end ADD COLUMN counted INTEGER NOT NULL DEFAULT 0`;
  yield* sql`
    CREATE TABLE metric_day (
      guild_id TEXT NOT NULL,
      action TEXT NOT NULL,
      day INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (guild_id, action, day)
    ) ${clustered}`;
  yield* sql`
    CREATE TABLE latency_day (
      guild_id TEXT NOT NULL,
      day INTEGER NOT NULL,
      bucket BIGINT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (guild_id, day, bucket)
    ) ${clustered}`;
  yield* sql`
    CREATE TABLE join_day (
      guild_id TEXT NOT NULL,
      day INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (guild_id, day)
    ) ${clustered}`;
  yield* sql`
    CREATE TABLE join_submit_day (
      guild_id TEXT NOT NULL,
      day INTEGER NOT NULL,
      bucket BIGINT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (guild_id, day, bucket)
    ) ${clustered}`;

  yield* sql`
    CREATE INDEX action_log_arrivals ON action_log (guild_id, actor, seq)
    WHERE name IN ('member_join', 'app_submitted')`;
  yield* sql`CREATE INDEX action_log_time ON action_log (guild_id, at, seq)`;
  yield* sql`CREATE INDEX action_log_name ON action_log (guild_id, name, at, seq)`;
  // Beside an index by name, the smaller one is taken only if it helps with as many columns.
  yield* sql`DROP INDEX action_log_joins`;
  yield* sql`
    CREATE INDEX action_log_joins ON action_log (guild_id, name, at)
    WHERE name = 'member_join' AND reason IS NULL`;
  yield* sql`CREATE INDEX action_log_actor ON action_log (guild_id, actor, at, seq)`;
  yield* sql`
    CREATE INDEX action_log_target ON action_log (guild_id, target, at, seq) WHERE target IS NOT NULL`;

  yield* sql`
    CREATE INDEX application_sent ON application (guild_id, submitted_at, id) WHERE submitted_at IS NOT NULL`;
  yield* sql`DROP INDEX application_status`;
  yield* sql`CREATE INDEX application_status ON application (guild_id, status, submitted_at, id)`;
  yield* sql`
    CREATE INDEX application_claimer ON application (guild_id, claimed_by, submitted_at, id)
    WHERE claimed_by IS NOT NULL`;
  yield* sql`CREATE INDEX application_username ON application (guild_id, lower(username))`;
  yield* sql`CREATE INDEX application_display_name ON application (guild_id, lower(display_name))`;
});
