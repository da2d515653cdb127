import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import type { Outcome } from "../sandbox/client.js";
import {
  confirmedCode,
  type Door,
  filled,
  gateMessages,
  modalOf,
  setUpGate,
  sleep,
} from "../test/support/frontDoor.js";
import {
  registerCommands,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../test/support/processes.js";
import { type Bench, type Figure, percentile, round } from "./lib/Figure.js";
import { rssMb } from "./lib/process.js";

/*
 * What growing costs: how much slower Verify, Claim and Accept are acknowledged with a million stored applications than
 * with a thousand, what ten thousand flows leave in memory, and how fast the bot answers while fifty people a second join.
 * The built bot and the sandbox are processes of their own.
 */
const STORED = [1_000, 1_000_000] as const;
const STORED_QUICK = [1_000, 20_000] as const;
const MEASURED = 200;
/** What is done first, so that nobody measures how a bot wakes up. */
const WARM_UP = 20;
const AT_ONCE = 25;
const JOINS_A_SECOND = 50;
const ENV = { NODE_ENV: "production", DISCORD_REQUESTS_PER_SECOND: "100000" };

interface Writer {
  readonly exec: (sql: string) => unknown;
  readonly close: () => unknown;
}
type Open = new (path: string) => Writer;
const Sqlite = z
  .custom<Open>((value) => typeof value === "function")
  .parse(createRequire(import.meta.url)("better-sqlite3"));

/** Decided applications and their log: half in this guild, half in a hundred others; about three to a person. */
const fill = (path: string, guildId: string, rows: number): void => {
  const db = new Sqlite(path);
  db.exec("PRAGMA synchronous = OFF");
  db.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO application (id, guild_id, user_id, code, username, display_name, avatar_url, joined_at, status, version,
      answers, submitted_at, claimed_by, claimed_at, decided_by, decided_at, created_at, updated_at)
    SELECT printf('%026d', i),
      CASE WHEN i % 2 = 0 THEN '${guildId}' ELSE printf('1%017d', i % 100) END,
      printf('3%017d', i % ${Math.ceil(rows / 3)}), printf('%06x', i), 'robin', 'Robin', 'https://example.org/0.png', 1700000000000,
      CASE i % 10 WHEN 0 THEN 'perm_rejected' WHEN 1 THEN 'kicked' WHEN 2 THEN 'withdrawn' WHEN 3 THEN 'rejected'
        ELSE 'approved' END,
      3, '[]', 1700000000000 + i, '200000000000000001', 1700000000000 + i, '200000000000000001', 1700000000000 + i,
      1700000000000 + i, 1700000000000 + i
    FROM n`);
  db.exec(`
    INSERT INTO action_log (id, guild_id, seq, name, actor, target, application_id, at, prev_hash, hash)
    SELECT printf('%026d', CAST(id AS INTEGER)), guild_id,
      1000 + ROW_NUMBER() OVER (PARTITION BY guild_id ORDER BY id), 'approve', '200000000000000001', user_id, id, decided_at,
      hex(randomblob(32)), hex(randomblob(32))
    FROM application WHERE answers = '[]'`);
  // Counting what was put in is not what is measured here.
  db.exec(`
    UPDATE chain_end SET counted =
      (SELECT MAX(seq) FROM action_log WHERE action_log.guild_id = chain_end.guild_id)`);
  db.close();
};

const acked = (outcome: Outcome): number => {
  if (outcome.ackMs === null) throw new Error(`Not answered: ${outcome.failed ?? "?"}`);
  return outcome.ackMs;
};

/** A stage whose database holds so many applications before the bot starts. */
const onStage = async <A>(
  applicants: number,
  stored: number,
  measure: (door: Door, pid: number) => Promise<A>,
): Promise<A> => {
  const sandbox = await startSandboxProcess();
  const folder = temporaryFolder();
  try {
    const { client } = sandbox;
    const guild = await client.exampleGuild({ applicants });
    await registerCommands(sandbox, folder.path, guild.guildId);
    const first = await startBot(sandbox, folder.path, { built: true, env: ENV });
    await setUpGate({ client, guild });
    await first.stop();
    fill(join(folder.path, "data.db"), guild.guildId, stored);
    const bot = await startBot(sandbox, folder.path, { built: true, env: ENV });
    const result = await measure({ client, guild }, bot.pid);
    await bot.stop();
    return result;
  } finally {
    await sandbox.stop();
    folder.remove();
  }
};

/** Some people from Verify to Accept at once; the acknowledgements of each step. */
const flows = async ({ client, guild }: Door, people: ReadonlyArray<string>) => {
  const { channels, guildId } = guild;
  const [gate] = await gateMessages({ client, guild });
  const { lastEvent: since } = await client.stats();
  const press = (userId: string, channelId: string, messageId: string, component: string) =>
    ({ kind: "press", userId, guildId, channelId, messageId, component }) as const;
  const opened = await client.outcomes(
    await client.fire(people.map((userId) => press(userId, channels.gate, gate?.id ?? "", "Verify"))),
    { until: "acknowledged" },
  );
  const sent = await client.outcomes(
    await client.fire(
      opened.map((outcome, index) => ({
        kind: "submit" as const,
        userId: people[index] ?? "",
        guildId,
        modalId: modalOf(outcome).id,
        values: filled(modalOf(outcome)),
      })),
    ),
    { until: "settled" },
  );
  const cards = await Promise.all(
    sent.map(async (outcome) => {
      const text = `#${confirmedCode(outcome) ?? "not confirmed"}`;
      const [card] = await client.waitFor(
        { event: "message_created", channelId: channels.review, text, since },
        { timeoutMs: 60_000 },
      );
      return card?.messageId ?? "";
    }),
  );
  const onCards = async (component: string) =>
    client.outcomes(
      await client.fire(cards.map((id) => press(guild.moderatorIds[0], channels.review, id, component))),
      { until: "settled" },
    );
  const claimed = await onCards("Claim");
  const decided = await onCards("Accept");
  return { verify: opened.map(acked), claim: claimed.map(acked), decide: decided.map(acked) };
};

const STEPS = ["verify", "claim", "decide"] as const;

/** One person after the other, so that nobody waits for anybody. */
const handling = (stored: number, count: number) =>
  onStage(count + WARM_UP, stored, async (door) => {
    const people = door.guild.applicantIds;
    for (const person of people.slice(0, WARM_UP)) await flows(door, [person]);
    const done: Array<Awaited<ReturnType<typeof flows>>> = [];
    for (const person of people.slice(WARM_UP)) done.push(await flows(door, [person]));
    return STEPS.map((step) =>
      percentile(
        done.flatMap((one) => one[step]),
        99,
      ),
    );
  });

const rssGrowth = (count: number) => {
  const warmUp = Math.floor(count / 10 / AT_ONCE) * AT_ONCE;
  return onStage(count + warmUp, 1_000, async (door, pid) => {
    const { applicantIds } = door.guild;
    const through = async (from: number, to: number) => {
      for (let at = from; at < to; at += AT_ONCE)
        await flows(door, applicantIds.slice(at, Math.min(at + AT_ONCE, to)));
    };
    await through(0, warmUp);
    const before = rssMb(pid);
    await through(warmUp, warmUp + count);
    return rssMb(pid) - before;
  });
};

/** Everybody has left, and comes back, fifty a second. */
const joinWave = (seconds: number) =>
  onStage(seconds * JOINS_A_SECOND, 1_000, async ({ client, guild }) => {
    const { applicantIds } = guild;
    for (const userId of applicantIds) await client.removeMember(guild.guildId, userId);
    const moderator = client.as(guild.moderatorIds[0], guild.guildId);
    const ask = async () => acked(await moderator.slash(guild.channels.review, "health"));
    for (let n = 0; n < WARM_UP; n += 1) await ask();
    const acks: Array<number> = [];
    const end = performance.now() + seconds * 1_000;
    const joins: Array<Promise<unknown>> = [];
    const timer = setInterval(() => {
      const userId = applicantIds[joins.length];
      if (userId !== undefined) joins.push(client.addMember(guild.guildId, userId));
    }, 1_000 / JOINS_A_SECOND);
    while (performance.now() < end) {
      acks.push(await ask());
      await sleep(10);
    }
    clearInterval(timer);
    await Promise.all(joins);
    return percentile(acks, 99);
  });

export const run: Bench = async ({ profile, quick }) => {
  const wanted = (name: string) => profile === undefined || profile === name;
  const figures: Array<Figure> = [];
  const add = (name: string, metric: string, value: number, unit: Figure["unit"]) =>
    figures.push({ bench: "growth", profile: name, metric, value: round(value), unit });
  if (STEPS.some(wanted)) {
    const [few, many] = quick ? STORED_QUICK : STORED;
    const count = quick ? 40 : MEASURED;
    const small = await handling(few, count);
    const large = await handling(many, count);
    STEPS.forEach((step, index) => {
      if (wanted(step))
        add(step, "p99_ratio", (large[index] ?? Number.NaN) / (small[index] ?? Number.NaN), "ratio");
    });
  }
  if (wanted("flows")) {
    // Ten thousand take ten minutes on two cores; as one part of all, five have to do.
    const count = quick ? 2_000 : profile === undefined ? 5_000 : 10_000;
    add("flows", "rss_growth", await rssGrowth(count), "MB");
  }
  if (wanted("join_wave")) add("join_wave", "ack_p99", await joinWave(quick ? 5 : 20), "ms");
  return figures;
};
