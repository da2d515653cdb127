import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import autocannon from "autocannon";
import { setUpGate } from "../test/support/frontDoor.js";
import {
  freePort,
  registerCommands,
  ROOT,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../test/support/processes.js";
import { dashboardEnv, WebClient } from "../test/support/webClient.js";
import { fillYear } from "./http/fill.js";
import { type Bench, type Figure, percentile, round } from "./lib/Figure.js";
import { rssMb } from "./lib/process.js";

/*
 * The web API over a year with a million rows of the log and a hundred thousand applications, and the previous stack
 * (bench/baseline) over the same file. The built bot, the sandbox and the previous stack are processes of their own; session,
 * rate limiter, logging and headers are on.
 */
const APPLICATIONS = 100_000;
const APPLICATIONS_QUICK = 5_000;
const CONNECTIONS = 64;
const CONNECTIONS_WHILE_PRESSED = 256;
const DAY = 86_400_000;

interface Endpoint {
  readonly profile: string;
  readonly path: (guildId: string) => string;
  readonly baseline: (guildId: string) => string;
}

const today = Math.floor(Date.now() / DAY);
const YEAR = `from=${(today - 364) * DAY}&to=${(today + 1) * DAY}`;
const MODERATOR = "200000000000000007";
const ENDPOINTS: ReadonlyArray<Endpoint> = [
  { profile: "health", path: () => "/health", baseline: () => "/health" },
  {
    profile: "logs",
    path: (guild) => `/api/logs?guild=${guild}&limit=50`,
    baseline: () => "/api/logs?limit=50",
  },
  {
    profile: "logs_actor",
    path: (guild) => `/api/logs?guild=${guild}&limit=50&actor=${MODERATOR}`,
    baseline: () => `/api/logs?limit=50&actor=${MODERATOR}`,
  },
  {
    profile: "metrics",
    path: (guild) => `/api/metrics?guild=${guild}&${YEAR}`,
    baseline: () => `/api/metrics?${YEAR}`,
  },
  {
    profile: "timeseries",
    path: (guild) => `/api/metrics/timeseries?guild=${guild}&${YEAR}&bucket=day`,
    baseline: () => `/api/metrics/timeseries?${YEAR}`,
  },
  {
    profile: "latency",
    path: (guild) => `/api/metrics/latency?guild=${guild}&${YEAR}&bucket=day`,
    baseline: () => `/api/metrics/latency?${YEAR}`,
  },
  {
    profile: "join_submit",
    path: (guild) => `/api/metrics/join_submit?guild=${guild}`,
    baseline: () => "/api/metrics/join_submit",
  },
];

/** The previous stack reads the log itself for these. */
const HEAVY = new Set(["metrics", "timeseries", "latency", "join_submit"]);

interface Load {
  readonly perSecond: number;
  readonly p95: number;
}

/** A run that can be listened to and stopped. */
const fire = (options: autocannon.Options) => {
  let ended: () => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    ended = resolve;
    failed = reject;
  });
  const instance = autocannon(options, (error: unknown) => (error === null ? ended() : failed(error)));
  return { instance, done };
};

const load = async (origin: string, path: string, cookie: string, seconds: number): Promise<Load> => {
  const times: Array<number> = [];
  const failures = new Map<number, number>();
  const { instance, done } = fire({
    url: `${origin}${path}`,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { cookie },
    timeout: 60,
  });
  instance.on("response", (_client, status, _bytes, ms) => {
    times.push(ms);
    if (status !== 200) failures.set(status, (failures.get(status) ?? 0) + 1);
  });
  const began = performance.now();
  await done;
  if (failures.size > 0 || times.length === 0)
    throw new Error(`${path}: of ${times.length} failed ${JSON.stringify([...failures])}`);
  return { perSecond: (times.length * 1_000) / (performance.now() - began), p95: percentile(times, 95) };
};

/** Answers a second of a server that takes seconds for one: it is busy with one at a time, however many ask. */
const oneByOne = async (client: WebClient, path: string): Promise<number> => {
  const began = performance.now();
  for (let index = 0; index < 2; index += 1) {
    const response = await client.fetch(path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    await response.arrayBuffer();
  }
  return 2_000 / (performance.now() - began);
};

const cookieOf = (client: WebClient): string =>
  [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

/** The previous stack over the same file. Its log goes nowhere. */
const startBaseline = async (database: string, guildId: string) => {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", "tsx", join(ROOT, "bench/baseline/server.ts"), database, guildId],
    {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  const port = await new Promise<number>((done, failed) => {
    child.once("message", (message) => done(Number(message)));
    child.once("exit", (code) => failed(new Error(`The baseline ended with ${code}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, stop: () => child.kill("SIGKILL") };
};

export const run: Bench = async ({ profile, quick }) => {
  const figures: Array<Figure> = [];
  let stopBaseline: () => unknown = () => undefined;
  const add = (name: string, metric: string, value: number, unit: Figure["unit"]) =>
    figures.push({ bench: "http", profile: name, metric, value: round(value), unit });
  const wanted = (name: string) => profile === undefined || profile === name;
  const seconds = quick ? 2 : 6;

  const sandbox = await startSandboxProcess();
  const folder = temporaryFolder();
  const database = join(folder.path, "data.db");
  try {
    const { client } = sandbox;
    const guild = await client.exampleGuild({ applicants: 1 });
    const { guildId, adminId, roles, channels, moderatorIds } = guild;
    await registerCommands(sandbox, folder.path, guildId);
    const port = await freePort();
    // Production takes no sign-in over plain http.
    const env = {
      ...dashboardEnv(sandbox, port, roles.admin),
      WEB_REQUESTS_PER_MINUTE: "10000000",
    };
    const first = await startBot(sandbox, folder.path, { built: true, env });
    await setUpGate({ client, guild });
    await first.stop();
    fillYear(database, guildId, quick ? APPLICATIONS_QUICK : APPLICATIONS);

    const bot = await startBot(sandbox, folder.path, { built: true, env });
    add("start", "counted", bot.readyMs, "ms");
    const origin = `http://127.0.0.1:${port}`;
    const web = new WebClient(origin);
    await web.signIn(sandbox, adminId);
    const cookie = cookieOf(web);

    // Warm, so that growth is growth and no first use.
    for (const { path } of ENDPOINTS) {
      await web.fetch(path(guildId));
      await load(origin, path(guildId), cookie, 2);
    }
    const before = rssMb(bot.pid);
    const ours = new Map<string, Load>();
    for (const endpoint of ENDPOINTS.filter((one) => wanted(one.profile)))
      ours.set(endpoint.profile, await load(origin, endpoint.path(guildId), cookie, seconds));
    if (wanted("memory")) add("memory", "rss_growth", rssMb(bot.pid) - before, "MB");

    if (wanted("ack")) {
      const paths = ENDPOINTS.map(({ path }) => ({ path: path(guildId) }));
      const storm = fire({
        url: origin,
        connections: CONNECTIONS_WHILE_PRESSED,
        duration: 600,
        headers: { cookie },
        requests: paths,
        timeout: 60,
      });
      const moderator = client.as(moderatorIds[0], guildId);
      const acks: Array<number> = [];
      for (let index = 0; index < (quick ? 30 : 200); index += 1) {
        const { ackMs, failed } = await moderator.slash(channels.review, "health");
        if (ackMs === null) throw new Error(`Not answered: ${failed ?? "?"}`);
        // The first ones meet the storm's beginning.
        if (index >= 10) acks.push(ackMs);
      }
      storm.instance.stop();
      await storm.done;
      add("ack", "p99", percentile(acks, 99), "ms");
    }
    await bot.stop();

    const previous = await startBaseline(database, guildId);
    stopBaseline = previous.stop;
    const visitor = new WebClient(previous.origin);
    await visitor.fetch("/login");
    for (const endpoint of ENDPOINTS.filter((one) => wanted(one.profile))) {
      const mine = ours.get(endpoint.profile);
      if (mine === undefined) continue;
      const path = endpoint.baseline(guildId);
      const theirs = HEAVY.has(endpoint.profile)
        ? await oneByOne(visitor, path)
        : (await load(previous.origin, path, cookieOf(visitor), seconds)).perSecond;
      add(endpoint.profile, "p95", mine.p95, "ms");
      add(endpoint.profile, "ratio", mine.perSecond / theirs, "ratio");
    }
    return figures;
  } finally {
    stopBaseline();
    await sandbox.stop();
    folder.remove();
  }
};
