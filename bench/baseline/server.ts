/**
 * The previous stack, for comparison: Fastify 5 with session, rate limit, CORS and pino, and better-sqlite3 asking the log
 * itself. `node --import tsx bench/baseline/server.ts DATABASE GUILD` prints the port it listens on.
 */
import cookie from "@fastify/cookie";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import session from "@fastify/session";
import Sqlite from "better-sqlite3";
import Fastify from "fastify";
import { z } from "zod";

const [path = "", guildId = ""] = process.argv.slice(2);
const db = new Sqlite(path, { readonly: true });
const DAY = 86_400_000;
const DECISIONS = "('approve', 'reject', 'perm_reject', 'kick')";

const LogRow = z.object({ details: z.string().nullable() }).loose();
const logPage = db.prepare(`
  SELECT id, seq, name, actor, target, application_id AS applicationId, reason, details, at
  FROM action_log WHERE guild_id = ? ORDER BY seq DESC LIMIT ?`);
const logPageOfActor = db.prepare(`
  SELECT id, seq, name, actor, target, application_id AS applicationId, reason, details, at
  FROM action_log WHERE guild_id = ? AND actor = ? ORDER BY seq DESC LIMIT ?`);
const shown = (rows: ReadonlyArray<unknown>) =>
  rows.map((row) => {
    const { details, ...rest } = LogRow.parse(row);
    const known: unknown = details === null ? null : JSON.parse(details);
    return { ...rest, details: known };
  });

const byAction = db.prepare(
  "SELECT name, COUNT(*) AS count FROM action_log WHERE guild_id = ? AND at >= ? AND at < ? GROUP BY name",
);
const byDay = db.prepare(`
  SELECT at / ${DAY} AS day, name, COUNT(*) AS count FROM action_log
  WHERE guild_id = ? AND at >= ? AND at < ? AND name IN ('member_join', 'app_submitted', 'approve', 'reject', 'perm_reject', 'kick')
  GROUP BY day, name`);
const responses = db.prepare(`
  SELECT at / ${DAY} AS day, json_extract(details, '$.response_ms') AS ms FROM action_log
  WHERE guild_id = ? AND at >= ? AND at < ? AND name IN ${DECISIONS}`);
const joins = db.prepare(`
  SELECT COUNT(*) AS joins, SUM(EXISTS (
    SELECT 1 FROM action_log AS s INDEXED BY action_log_actor
    WHERE s.guild_id = j.guild_id AND s.actor = j.actor AND s.name = 'app_submitted' AND s.at >= j.at
  )) AS submitted
  FROM action_log AS j WHERE guild_id = ? AND name = 'member_join' AND at >= ?`);

const Response = z.object({ day: z.number(), ms: z.number() });
const percentile = (sorted: ReadonlyArray<number>, rank: number) =>
  sorted[Math.max(Math.ceil((rank / 100) * sorted.length) - 1, 0)] ?? null;

const app = Fastify({ logger: { level: "info" } });
await app.register(cors, { origin: "http://localhost:5173", credentials: true });
await app.register(cookie);
await app.register(session, {
  secret: "a-session-secret-of-more-than-32-characters",
  cookie: { secure: false },
});
await app.register(rateLimit, { max: 10_000_000, timeWindow: 60_000 });

declare module "fastify" {
  interface Session {
    user?: string;
  }
}

app.get("/health", () => ({
  ok: true,
  version: "0",
  service: "pawtropolis",
  uptime_s: Math.floor(process.uptime()),
  timestamp: new Date().toISOString(),
}));
app.get("/login", (request) => {
  request.session.user = "200000000000000001";
  return { ok: true };
});

const Query = z.object({
  from: z.coerce.number().default(0),
  to: z.coerce.number().default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().max(100).default(50),
  actor: z.string().optional(),
});
app.addHook("preHandler", async (request, reply) => {
  if (request.url.startsWith("/api/") && request.session.user === undefined) await reply.code(401).send();
});
app.get("/api/logs", (request) => {
  const { actor, limit } = Query.parse(request.query);
  return {
    rows: shown(
      actor === undefined ? logPage.all(guildId, limit) : logPageOfActor.all(guildId, actor, limit),
    ),
    next: null,
  };
});
app.get("/api/metrics", (request) => {
  const { from, to } = Query.parse(request.query);
  return { actions: byAction.all(guildId, from, to) };
});
app.get("/api/metrics/timeseries", (request) => {
  const { from, to } = Query.parse(request.query);
  return { rows: byDay.all(guildId, from, to) };
});
app.get("/api/metrics/latency", (request) => {
  const { from, to } = Query.parse(request.query);
  const days = new Map<number, Array<number>>();
  for (const row of responses.all(guildId, from, to)) {
    const { day, ms } = Response.parse(row);
    const known = days.get(day);
    if (known === undefined) days.set(day, [ms]);
    else known.push(ms);
  }
  return [...days].map(([day, all]) => {
    const sorted = all.sort((left, right) => left - right);
    return { day, count: all.length, p50: percentile(sorted, 50), p95: percentile(sorted, 95) };
  });
});
app.get("/api/metrics/join_submit", () =>
  [1, 7, 30, 365, 100_000].map((days) => joins.get(guildId, Math.max(Date.now() - days * DAY, 0))),
);

await app.listen({ port: 0, host: "127.0.0.1" });
const address = app.server.address();
process.send?.(typeof address === "object" && address !== null ? address.port : 0);
