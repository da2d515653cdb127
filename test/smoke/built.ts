/**
 * Starts the built bundle the way a server does, from a directory that holds only what is deployed, against the local
 * Discord. Run after `npm run build`:  node --import tsx test/smoke/built.ts
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../sandbox/index.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const server = mkdtempSync(join(tmpdir(), "pawtropolis-"));
for (const part of ["dist", "migrations", "package.json", "package-lock.json"]) {
  cpSync(join(root, part), join(server, part), { recursive: true });
}
symlinkSync(join(root, "node_modules"), join(server, "node_modules"));

type Env = Readonly<Record<string, string>>;

const start = (command: string, args: ReadonlyArray<string>, env: Env) => {
  const child: ChildProcess = spawn(command, args, {
    cwd: server,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return { child, output: () => output };
};

const run = async (command: string, args: ReadonlyArray<string>, env: Env) => {
  const { child, output } = start(command, args, env);
  const code = await new Promise<number>((resolve) => {
    child.once("close", (exitCode) => {
      resolve(exitCode ?? -1);
    });
  });
  return { code, output: output() };
};

const check = (name: string, holds: boolean, output = ""): void => {
  console.log(`smoke: ${name}: ${holds ? "ok" : "FAILED"}`);
  if (holds) return;
  console.log(output);
  process.exitCode = 1;
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const orAfter = <A>(promise: Promise<A>, milliseconds: number): Promise<A | undefined> =>
  Promise.race([
    promise,
    new Promise<undefined>((resolve) => {
      setTimeout(resolve, milliseconds, undefined).unref();
    }),
  ]);

const sandbox = await startSandbox();
const port = await freePort();
const env: Env = {
  DISCORD_TOKEN: sandbox.token,
  CLIENT_ID: sandbox.applicationId,
  RESET_PASSWORD: "correct horse battery 1!",
  DISCORD_API_BASE: sandbox.apiBase,
  DASHBOARD_PORT: String(port),
};

const unconfigured = await run("node", ["dist/index.js"], {});
check(
  "an unconfigured bot names what is missing and exits 1",
  unconfigured.code === 1 && /Environment validation failed:\n\s*- DISCORD_TOKEN: /.test(unconfigured.output),
  unconfigured.output,
);

const checked = await run("npm", ["run", "env:check"], env);
check("npm run env:check", checked.code === 0, checked.output);
check("env:check shows no secret", !checked.output.includes(sandbox.token), checked.output);

if (existsSync(join(server, "dist/scripts/migrate.js"))) {
  for (const round of ["a new database", "the same database again"]) {
    const migrated = await run("npm", ["run", "migrate"], env);
    check(`npm run migrate on ${round}`, migrated.code === 0, migrated.output);
  }
  check("the database is where DB_PATH says", existsSync(join(server, "data/data.db")));
}

const began = performance.now();
const bot = start("node", ["dist/index.js"], env);
const ready = await orAfter(once(bot.child, "message"), 10_000);
check(`the bot is ready (${Math.round(performance.now() - began)} ms)`, ready?.[0] === "ready", bot.output());
if (ready !== undefined) {
  const health = await fetch(`http://127.0.0.1:${port}/health`);
  check("GET /health answers 200", health.status === 200, await health.text());
  const closed = once(bot.child, "close");
  const asked = performance.now();
  bot.child.kill("SIGTERM");
  const ended = await orAfter(closed, 5_000);
  check(
    `SIGTERM ends it with code 0 (${Math.round(performance.now() - asked)} ms)`,
    ended?.[0] === 0,
    bot.output(),
  );
}
check(
  "the log is one JSON object a line",
  bot
    .output()
    .trim()
    .split("\n")
    .every((line) => line.startsWith('{"level":')),
  bot.output(),
);
check("the log holds no secret", !bot.output().includes(sandbox.token));

bot.child.kill("SIGKILL");
await sandbox.close();
rmSync(server, { recursive: true, force: true });
