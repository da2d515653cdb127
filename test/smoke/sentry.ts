/**
 * What the built bundle tells Sentry about a failing side effect and a failing press, to a receiver on this machine; and
 * that it starts without Sentry when there is no DSN, and works on when Sentry does not answer.
 * Run after `npm run build`:  node --import tsx test/smoke/sentry.ts
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { SandboxClient } from "../../sandbox/client.js";
import { startSandbox } from "../../sandbox/index.js";
import { eventually, pressVerify, setUpGate, told } from "../support/frontDoor.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "pawtropolis-"));
for (const part of ["dist", "migrations", "package.json"]) {
  cpSync(join(root, part), join(home, part), { recursive: true });
}
symlinkSync(join(root, "node_modules"), join(home, "node_modules"));

const check = (name: string, holds: boolean, output: unknown = ""): void => {
  console.log(`smoke: ${name}: ${holds ? "ok" : "FAILED"}`);
  if (holds) return;
  console.log(typeof output === "string" ? output : JSON.stringify(output, null, 1));
  process.exitCode = 1;
};

const received: Array<string> = [];
let answering = true;
const receiver = createServer((request, response) => {
  const chunks: Array<Buffer> = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    received.push((request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString());
    if (answering) response.end("{}");
  });
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
const address = receiver.address();
const sentryPort = typeof address === "object" && address !== null ? address.port : 0;

interface Frame {
  readonly filename?: string;
  readonly lineno?: number;
  readonly in_app?: boolean;
}
interface SentryEvent {
  readonly type?: string;
  readonly release?: string;
  readonly environment?: string;
  readonly transaction?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly user?: Readonly<Record<string, string>>;
  readonly contexts?: { readonly trace?: { readonly trace_id: string } };
  readonly exception?: {
    readonly values: ReadonlyArray<{
      readonly type: string;
      readonly value: string;
      readonly stacktrace?: { readonly frames?: ReadonlyArray<Frame> };
    }>;
  };
}
const events = (): ReadonlyArray<SentryEvent> =>
  received.flatMap((envelope) => {
    const [, , payload] = envelope.split("\n");
    return payload === undefined ? [] : [JSON.parse(payload) as SentryEvent];
  });

const sandbox = await startSandbox();
const env = {
  DISCORD_TOKEN: sandbox.token,
  CLIENT_ID: sandbox.applicationId,
  RESET_PASSWORD: "correct horse battery 1!",
  DISCORD_API_BASE: sandbox.apiBase,
  DASHBOARD_PORT: "0",
};

const start = async (more: Readonly<Record<string, string>>) => {
  const child = spawn("node", ["dist/index.js"], {
    cwd: home,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", ...env, ...more },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const closed = once(child, "close");
  const ready = await Promise.race([once(child, "message"), closed]);
  return {
    ready: ready[0] === "ready",
    output: () => output,
    stop: async () => {
      const began = performance.now();
      child.kill("SIGTERM");
      const [code] = (await closed) as [number | null];
      return { code, took: Math.round(performance.now() - began) };
    },
  };
};

const registering = spawn("node", ["dist/scripts/deploy-commands.js", "--all"], {
  cwd: home,
  env: { PATH: process.env["PATH"], NODE_ENV: "production", ...env },
  stdio: "ignore",
});
await once(registering, "close");

const dsn = `http://publickey0123456789@127.0.0.1:${sentryPort}/1`;
const bot = await start({ SENTRY_DSN: dsn, SENTRY_TRACES_SAMPLE_RATE: "1", SENTRY_ENVIRONMENT: "smoke" });
check("the bot is ready with Sentry", bot.ready, bot.output());

const client = await SandboxClient.connect(sandbox.controlUrl);
const door = { client, guild: await client.exampleGuild({ name: "Otter Cove", applicants: 1 }) };
const setUp = told(await setUpGate(door));
check("the gate is set up", setUp.includes("**Set up.**"), setUp);

// A row of the log from the far future: its view cannot write the date.
const effectId = "01JQ000000000000000000000E";
const database = new Database(join(home, "data/data.db"));
const { guildId, channels } = door.guild;
database
  .prepare(
    `INSERT INTO action_log (id, guild_id, seq, name, actor, at, prev_hash, hash)
     VALUES ('01JQ000000000000000000000A', ?, 9999, 'app_submitted', 'system', 9000000000000000, 'x', 'y')`,
  )
  .run(guildId);
database
  .prepare(
    `INSERT INTO side_effect (id, guild_id, kind, payload, lane, state, blocked_by, attempts, not_before, created_at, updated_at)
     VALUES (?, ?, 'LogPost', ?, 'smoke', 'waiting', 0, 0, 0, 0, 0)`,
  )
  .run(
    effectId,
    guildId,
    JSON.stringify({ _tag: "LogPost", channelId: channels.logs, actionId: "01JQ000000000000000000000A" }),
  );

const errorWith = (tag: string, value: string) =>
  events().find(({ exception, tags }) => exception !== undefined && tags?.[tag] === value);
const failed = await eventually(() => Promise.resolve(errorWith("trace", effectId)), Boolean, 20_000);
const [thrown] = failed?.exception?.values ?? [];
check("a failing side effect is reported under its id", thrown?.type === "RangeError", {
  failed,
  log: bot.output(),
});
const top = thrown?.stacktrace?.frames?.filter(({ in_app }) => in_app === true).at(-1);
const source = readFileSync(
  join(root, top?.filename?.startsWith("src/") === true ? top.filename : "package.json"),
  "utf8",
);
const shown = source.split("\n")[(top?.lineno ?? 1) - 1] ?? "";
check(
  `its stack points at the line of TypeScript (${top?.filename ?? "?"}:${top?.lineno ?? "?"}: ${shown.trim()})`,
  top?.filename?.startsWith("src/") === true && shown.includes("toISOString"),
  thrown,
);
check(
  "the report names release, environment and guild",
  failed?.release?.startsWith("pawtropolis@") === true &&
    failed.environment === "smoke" &&
    failed.tags?.["guild"] === guildId,
  failed,
);

// A press on Verify that finds a table missing.
database.exec("ALTER TABLE block RENAME TO block_away");
const [applicant] = door.guild.applicantIds;
const outcome = await pressVerify(door, applicant ?? "");
database.exec("ALTER TABLE block_away RENAME TO block");
database.close();
const apology = told(outcome);
const trace = /`([0-9a-z]{8,})`/.exec(apology)?.[1] ?? "none";
const press = await eventually(() => Promise.resolve(errorWith("trace", trace)), Boolean, 20_000);
check("the id in the apology finds the report", press !== undefined, {
  apology,
  events: events().slice(-3),
  log: bot.output(),
});
check(
  "the report names the person by id alone",
  JSON.stringify(press?.user) === JSON.stringify({ id: applicant }),
  press,
);
const transaction = await eventually(
  () =>
    Promise.resolve(
      events().find(
        ({ type, transaction: name, contexts }) =>
          type === "transaction" &&
          name === "interaction button verify" &&
          contexts?.trace?.trace_id === press?.contexts?.trace?.trace_id,
      ),
    ),
  Boolean,
  20_000,
);
check("error and trace share one id", transaction !== undefined, events().slice(-5));
const traced = events().flatMap(({ type, transaction: name = "?", contexts }) =>
  type === "transaction" ? [`${contexts?.trace?.trace_id ?? "none"} ${name}`] : [],
);
check(
  "each interaction and side effect is a trace of its own, and nothing else is one",
  new Set(traced.map((line) => line.split(" ", 1)[0])).size === traced.length &&
    traced.every((line) => /^\w+ (interaction|effect|job) /.test(line)),
  traced,
);

answering = false;
const stopped = await bot.stop();
check(
  `it stops in time while Sentry does not answer (${stopped.took} ms)`,
  stopped.code === 0 && stopped.took < 5_000,
  bot.output(),
);
const all = received.join("\n");
check("nothing secret was sent", !all.includes(sandbox.token) && !all.includes(env.RESET_PASSWORD));
receiver.closeAllConnections();
receiver.close();

const unreachable = await start({ SENTRY_DSN: "http://key@127.0.0.1:9/1" });
check("a Sentry that cannot be reached delays nothing", unreachable.ready, unreachable.output());
check("nor the stop", (await unreachable.stop()).code === 0, unreachable.output());

// Without a DSN it does not even have to be there.
for (const file of readdirSync(join(home, "dist"))) {
  if (!/\.js$/.test(file)) continue;
  const text = readFileSync(join(home, "dist", file), "utf8");
  if (/node_modules\/@(sentry|opentelemetry)\//.test(text)) rmSync(join(home, "dist", file));
}
const without = await start({});
check("without a DSN nothing of Sentry or OpenTelemetry is loaded", without.ready, without.output());
await without.stop();

await sandbox.close();
rmSync(home, { recursive: true, force: true });
