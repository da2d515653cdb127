import { SqlClient } from "@effect/sql";
import { Effect } from "effect";

/** Settings, applications, blocks, the log and the outbox of side effects. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;

  yield* sql`
    CREATE TABLE guild_settings (
      guild_id TEXT PRIMARY KEY NOT NULL,
      review_channel_id TEXT NOT NULL,
      gate_channel_id TEXT NOT NULL,
      general_channel_id TEXT NOT NULL,
      accepted_role_id TEXT NOT NULL,
      unverified_channel_id TEXT,
      reviewer_role_id TEXT,
      modmail_channel_id TEXT,
      logging_channel_id TEXT,
      gate_message_id TEXT,
      questions TEXT NOT NULL,
      min_account_age_days INTEGER NOT NULL,
      min_join_age_minutes INTEGER NOT NULL,
      reapply_cooldown_hours INTEGER NOT NULL,
      stale_claim_minutes INTEGER NOT NULL,
      gate_template TEXT NOT NULL,
      approval_template TEXT NOT NULL,
      rejection_template TEXT NOT NULL,
      kick_template TEXT NOT NULL,
      welcome_template TEXT NOT NULL,
      updated_at BIGINT NOT NULL
    )`;

  yield* sql`
    CREATE TABLE application (
      id TEXT PRIMARY KEY NOT NULL,
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      code TEXT NOT NULL,
      username TEXT NOT NULL,
      display_name TEXT NOT NULL,
      avatar_url TEXT NOT NULL,
      joined_at BIGINT,
      status TEXT NOT NULL CHECK (status IN
        ('draft', 'pending', 'claimed', 'approved', 'rejected', 'perm_rejected', 'kicked', 'withdrawn')),
      version INTEGER NOT NULL,
      answers TEXT NOT NULL,
      submitted_at BIGINT,
      claimed_by TEXT,
      claimed_at BIGINT,
      decided_by TEXT,
      decided_at BIGINT,
      reason TEXT,
      left_at BIGINT,
      card_channel_id TEXT,
      card_message_id TEXT,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      CHECK (status <> 'claimed' OR claimed_by IS NOT NULL)
    )`;
  yield* sql`CREATE UNIQUE INDEX application_code ON application (guild_id, code)`;
  yield* sql`
    CREATE UNIQUE INDEX application_one_open ON application (guild_id, user_id)
    WHERE status IN ('draft', 'pending', 'claimed')`;
  yield* sql`CREATE INDEX application_person ON application (guild_id, user_id, created_at)`;
  yield* sql`
    CREATE INDEX application_queue ON application (guild_id, submitted_at)
    WHERE status IN ('pending', 'claimed')`;
  yield* sql`CREATE INDEX application_claims ON application (guild_id, claimed_at) WHERE status = 'claimed'`;
  yield* sql`CREATE INDEX application_card ON application (card_message_id) WHERE card_message_id IS NOT NULL`;

  yield* sql`
    CREATE TABLE block (
      guild_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      application_id TEXT NOT NULL REFERENCES application (id),
      created_at BIGINT NOT NULL,
      PRIMARY KEY (guild_id, user_id)
    )`;

  yield* sql`
    CREATE TABLE action_log (
      id TEXT PRIMARY KEY NOT NULL,
      guild_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      name TEXT NOT NULL,
      actor TEXT NOT NULL,
      target TEXT,
      application_id TEXT,
      ticket_id TEXT,
      reason TEXT,
      details TEXT,
      at BIGINT NOT NULL,
      prev_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    )`;
  yield* sql`CREATE UNIQUE INDEX action_log_chain ON action_log (guild_id, seq)`;
  yield* sql`
    CREATE INDEX action_log_application ON action_log (application_id, seq) WHERE application_id IS NOT NULL`;
  yield* sql.onDialectOrElse({
    sqlite: () =>
      Effect.all([
        sql`CREATE TRIGGER action_log_no_update BEFORE UPDATE ON action_log
          BEGIN SELECT RAISE(ABORT, 'the action log is never changed'); END`,
        sql`CREATE TRIGGER action_log_no_delete BEFORE DELETE ON action_log
          BEGIN SELECT RAISE(ABORT, 'the action log is never changed'); END`,
      ]),
    orElse: () => Effect.void,
  });

  yield* sql`
    CREATE TABLE side_effect (
      id TEXT PRIMARY KEY NOT NULL,
      guild_id TEXT NOT NULL,
      application_id TEXT,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      lane TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
      outcome TEXT,
      batch TEXT,
      blocked_by INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      not_before BIGINT NOT NULL,
      first_attempt_at BIGINT,
      last_error TEXT,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`;
  yield* sql`
    CREATE INDEX side_effect_lane ON side_effect (lane, id) WHERE state = 'waiting' AND blocked_by = 0`;
  yield* sql`
    CREATE INDEX side_effect_due ON side_effect (not_before) WHERE state = 'waiting' AND blocked_by = 0`;
  yield* sql`
    CREATE INDEX side_effect_application ON side_effect (application_id, id) WHERE application_id IS NOT NULL`;
  yield* sql`
    CREATE INDEX side_effect_failed_card ON side_effect (guild_id) WHERE kind = 'DrawCard' AND state = 'failed'`;
  yield* sql`CREATE INDEX side_effect_open ON side_effect (state) WHERE state <> 'done'`;
  yield* sql`CREATE INDEX side_effect_batch ON side_effect (batch) WHERE batch IS NOT NULL`;

  yield* sql`
    CREATE TABLE side_effect_dependency (
      side_effect_id TEXT NOT NULL REFERENCES side_effect (id),
      on_id TEXT NOT NULL REFERENCES side_effect (id),
      must_be_done INTEGER NOT NULL,
      PRIMARY KEY (on_id, side_effect_id)
    )`;
});
