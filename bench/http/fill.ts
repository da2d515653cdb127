import Sqlite from "better-sqlite3";

const DAY = 86_400_000;
/** What happens to one application, in order; every tenth of a year's log is one of these. */
const LIFE = [
  "member_join",
  "app_submitted",
  "claim",
  "decision",
  "role_granted",
  "modmail_open",
  "modmail_close",
  "flag",
  "send",
  "config_change",
] as const;
const DECISION = `CASE n % 10 WHEN 0 THEN 'perm_reject' WHEN 1 THEN 'kick' WHEN 2 THEN 'reject' WHEN 3 THEN 'reject' ELSE 'approve' END`;

/**
 * A year of one guild that is worth measuring: applications, ten rows of the log each, in the order of time. Hashes are made
 * up. The figures are left to the bot, which counts at its start what is not counted.
 */
export const fillYear = (path: string, guildId: string, applications: number): void => {
  const db = new Sqlite(path);
  db.pragma("synchronous = OFF");
  db.pragma("cache_size = -200000");
  const end = Math.floor(Date.now() / DAY) * DAY;
  const from = end - 365 * DAY;
  const every = Math.floor((365 * DAY) / applications);
  db.transaction(() => {
    // Between half a minute and some hours, evenly on a logarithmic scale.
    db.exec(`
      CREATE TEMP TABLE life AS
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${applications})
      SELECT n, joined, joined + CAST(pow(10, 4.3 + 2.0 * (n * 7919 % 10007) / 10007) AS INTEGER) AS submitted,
        CAST(pow(10, 4.5 + 3.0 * (n * 104729 % 10009) / 10009) AS INTEGER) AS response,
        printf('3%017d', n) AS person, printf('2%017d', n % 20) AS moderator, printf('%026d', n) AS id
      FROM (SELECT n, ${from} + n * ${every} AS joined FROM number)`);
    db.exec(`
      INSERT INTO application (id, guild_id, user_id, code, username, display_name, avatar_url, joined_at, status, version,
        answers, submitted_at, claimed_by, claimed_at, decided_by, decided_at, reason, created_at, updated_at)
      SELECT id, '${guildId}', person, printf('%06x', n), 'robin' || n, 'Robin ' || n, 'https://cdn.discordapp.com/embed/avatars/0.png',
        joined, CASE ${DECISION} WHEN 'approve' THEN 'approved' WHEN 'kick' THEN 'kicked' WHEN 'reject' THEN 'rejected'
          ELSE 'perm_rejected' END,
        3, '[{"question":"What brings you here?","text":"A friend told me about this place, and I would like to see it."}]',
        submitted, moderator, submitted + response / 2, moderator, submitted + response,
        CASE WHEN n % 10 < 4 THEN 'Not what this server is for' END, submitted, submitted + response
      FROM life`);
    const rows = LIFE.map(
      (name, step) => `
      SELECT n, ${step} AS step, id, person, moderator, response,
        ${name === "decision" ? DECISION : `'${name}'`} AS name,
        ${step === 0 ? "joined" : step === 1 ? "submitted" : `submitted + response * ${step} / 3`} AS at
      FROM life`,
    );
    db.exec(`
      INSERT INTO action_log (id, guild_id, seq, name, actor, target, application_id, reason, details, at, prev_hash, hash)
      SELECT printf('%016d', n) || printf('%010d', step), '${guildId}', base.seq + ROW_NUMBER() OVER (ORDER BY at, n, step), name,
        CASE WHEN step < 2 THEN person WHEN step = 4 THEN 'system' ELSE moderator END, person,
        CASE WHEN step > 0 THEN id END,
        CASE WHEN step = 3 AND n % 10 < 4 THEN 'Not what this server is for' END,
        CASE WHEN step = 3 THEN json_object('code', printf('%06x', n), 'response_ms', response)
          WHEN step > 0 THEN json_object('code', printf('%06x', n)) END,
        at, hex(randomblob(32)), hex(randomblob(32))
      FROM (${rows.join(" UNION ALL ")}),
        (SELECT COALESCE(MAX(seq), 0) AS seq FROM action_log WHERE guild_id = '${guildId}') AS base`);
    db.exec(`
      INSERT INTO chain_end (guild_id, seq, hash)
      SELECT guild_id, seq, hash FROM action_log WHERE guild_id = '${guildId}' ORDER BY seq DESC LIMIT 1
      ON CONFLICT (guild_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`);
  })();
  db.close();
};
