import { createRequire } from "node:module";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { z } from "zod";
import { filled, gateMessages, modalOf, setUpGate, sleep } from "../test/support/frontDoor.js";
import {
  registerCommands,
  ROOT,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../test/support/processes.js";
import { readLedger } from "./lib/Ledger.js";
import { type Bench, type Figure, round } from "./lib/Figure.js";

/*
 * The edges of a life, with a gigabyte of database and a million rows of log: how long a start takes, how long a stop with
 * fifty people at the door takes and whether anything confirmed is lost by it, and whom a backup keeps waiting.
 */

const ROWS = 1_000_000;
const ROWS_QUICK = 20_000;
const FLOWS = 50;

interface Writer {
  readonly exec: (sql: string) => unknown;
  readonly close: () => unknown;
}
type Open = new (path: string) => Writer;
const Sqlite = z
  .custom<Open>((value) => typeof value === "function")
  .parse(createRequire(import.meta.url)("better-sqlite3"));

/** Rows of a guild that nobody is in, as long as rows of a busy one: a kilobyte each. */
const fill = (path: string, rows: number): void => {
  const db = new Sqlite(path);
  db.exec("PRAGMA synchronous = OFF");
  db.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO action_log (id, guild_id, seq, name, actor, target, reason, details, at, prev_hash, hash)
    SELECT printf('%026d', i), '100000000000000099', i, 'claim', '200000000000000001', '300000000000000001',
           hex(randomblob(200)), '{"code":"a1b2c3"}', 1700000000000 + i, hex(randomblob(32)), hex(randomblob(32))
    FROM n`);
  db.close();
};

const backUp = (folder: string, env: Record<string, string>): Promise<string> =>
  new Promise((done, failed) => {
    execFile(
      process.execPath,
      [join(ROOT, "dist/scripts/backup.js")],
      { cwd: folder, env: { PATH: process.env["PATH"], ...env } },
      (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else failed(new Error(stderr));
      },
    );
  });

export const run: Bench = async ({ quick }) => {
  const sandbox = await startSandboxProcess();
  const { client } = sandbox;
  const folder = temporaryFolder();
  const database = join(folder.path, "data.db");
  const options = { built: true, env: { NODE_ENV: "production" } };
  const figure = (metric: string, value: number, unit: Figure["unit"] = "ms"): Figure => ({
    bench: "lifecycle",
    profile: quick ? "quick" : "million",
    metric,
    value: round(value),
    unit,
  });
  try {
    const guild = await client.exampleGuild({ applicants: FLOWS });
    const door = { client, guild };
    await registerCommands(sandbox, folder.path, guild.guildId);
    const first = await startBot(sandbox, folder.path, options);
    await setUpGate(door);
    await first.stop();
    fill(database, quick ? ROWS_QUICK : ROWS);

    const bot = await startBot(sandbox, folder.path, options);
    const moderator = client.as(guild.moderatorIds[0], guild.guildId);
    const acks: Array<number> = [];
    let copying = true;
    const copied = backUp(folder.path, {
      NODE_ENV: "production",
      DISCORD_TOKEN: sandbox.token,
      CLIENT_ID: sandbox.applicationId,
      RESET_PASSWORD: "a-password-for-the-sandbox",
      DB_PATH: database,
    }).finally(() => {
      copying = false;
    });
    const began = performance.now();
    while (copying) {
      const { ackMs } = await moderator.slash(guild.channels.review, "health");
      acks.push(ackMs ?? Number.POSITIVE_INFINITY);
      await sleep(5);
    }
    await copied;
    const copyMs = performance.now() - began;

    const [gate] = await gateMessages(door);
    const presses = await client.fire(
      guild.applicantIds.map((userId) => ({
        kind: "press" as const,
        userId,
        guildId: guild.guildId,
        channelId: guild.channels.gate,
        messageId: gate?.id ?? "",
        component: "Verify",
      })),
    );
    const opened = await client.outcomes(presses, { until: "acknowledged" });
    const submits = await client.fire(
      opened.map((outcome, index) => ({
        kind: "submit" as const,
        userId: guild.applicantIds[index] ?? "",
        guildId: guild.guildId,
        modalId: modalOf(outcome).id,
        values: filled(modalOf(outcome)),
      })),
    );
    const asked = performance.now();
    const code = await bot.stop();
    const exitMs = performance.now() - asked;
    if (code !== 0) throw new Error(`The bot ended with ${code}`);
    const outcomes = await client.outcomes(submits);
    const confirmed = outcomes.filter(({ ackMs, failed }) => ackMs !== null && failed === undefined).length;
    const stored = readLedger(database, guild.guildId).applications.filter(
      ({ status }) => status !== "draft",
    ).length;
    return [
      figure("ready", bot.readyMs),
      figure("sigterm_exit", exitMs),
      figure("sigterm_lost", Math.max(confirmed - stored, 0), "count"),
      figure("backup_ack_max", Math.max(...acks)),
      figure("backup_acks", acks.length, "count"),
      figure("backup_copy", copyMs),
    ];
  } finally {
    await sandbox.stop();
    folder.remove();
  }
};
