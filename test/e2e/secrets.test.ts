/** No secret is in anything the bot writes, whatever fails, and even where what fails names them. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { variables } from "../../src/layers/Config.js";
import { eventually, filled, modalOf, pressVerify, setUpGate, told } from "../support/frontDoor.js";
import { runScript } from "../support/process.js";
import {
  bundleIsFresh,
  launchBot,
  registerCommands,
  ROOT,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

const WRONG_TOKEN = "MTAwMDAwMDAwMDAwMDAwMDA5.Gwrong.this-token-nobody-may-ever-see";
const SENTRY_KEY = "a0b1c2d3e4f5sentrykeya0b1c2d3e4f5";

const folder = temporaryFolder();
let sandbox: SandboxProcess;
let receiver: Server;
let built = false;
/** What the receiver of Sentry's envelopes got, with the headers they came under. */
const envelopes: Array<string> = [];
let secrets: Record<string, string> = {};

beforeAll(async () => {
  sandbox = await startSandboxProcess();
  built = bundleIsFresh();
  receiver = createServer((request, response) => {
    const chunks: Array<Buffer> = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      envelopes.push(text.toString());
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  secrets = {
    DISCORD_TOKEN: sandbox.token,
    RESET_PASSWORD: 'Password+nobody/guesses &% "\\é=',
    DISCORD_CLIENT_SECRET: "client~secret!nobody*may'see(1)",
    FASTIFY_SESSION_SECRET: 'session "secret" that <nobody> may/see = 32 & more',
    SENTRY_DSN: `http://${SENTRY_KEY}@127.0.0.1:${port}/1`,
    GOOGLE_VISION_API_KEY: "AIza-key-of-vision+nobody/may=see",
    HEALTH_ALERT_WEBHOOK: "https://alerts.invalid/api/webhooks/1/token-of-a-hook-nobody-may-see",
  };
}, 120_000);

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await sandbox.stop();
  folder.remove();
});

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(folder.path, "home-"));
  envelopes.length = 0;
});

/** Every secret, and what else in the environment makes the bot use them all. */
const environment = (change: Record<string, string> = {}): Record<string, string> => ({
  ...secrets,
  NODE_ENV: "production",
  LOG_LEVEL: "trace",
  DISCORD_CLIENT_ID: sandbox.applicationId,
  DASHBOARD_REDIRECT_URI: "https://den.example/auth/callback",
  ADMIN_ROLE_ID: "123456789012345678",
  SENTRY_TRACES_SAMPLE_RATE: "1",
  SECRET_VARIABLES: Object.keys(secrets).join(),
  ...change,
});

/** As it is, and as it looks inside a URL, JSON, or a header. */
const forms = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("base64url"),
];

/** The names of the secrets that a text holds. */
const foundIn = (text: string, more: Record<string, string> = {}): ReadonlyArray<string> =>
  Object.entries({ ...secrets, ...more }).flatMap(([name, secret]) =>
    forms(secret).some((form) => text.includes(form)) ? [name] : [],
  );

/** Every file below a folder, byte for byte. */
const filesIn = (path: string): string =>
  readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile())
    .map((name) => readFileSync(name, "latin1") + readFileSync(name, "utf8"))
    .join("\n");

const INDISCREET = ["--import", join(ROOT, "test/support/indiscreet.mjs")];

test("every secret variable is set here", () => {
  expect(Object.keys(secrets).sort()).toEqual(
    variables.flatMap(({ name, secret }) => (secret ? [name] : [])).sort(),
  );
});

test.each([
  ["whose token is refused", { DISCORD_TOKEN: WRONG_TOKEN }, /token was refused/],
  [
    "whose token is refused, while developing",
    { DISCORD_TOKEN: WRONG_TOKEN, NODE_ENV: "development" },
    /token/,
  ],
  ["whose database is damaged", { DB_PATH: "broken.db" }, /damaged/],
  ["with variables that are malformed", { DASHBOARD_PORT: "a port", GUILD_ID: "x" }, /DASHBOARD_PORT/],
  ["that fails in a way nobody foresaw", { INDISCREET: "start" }, /boom of a test/],
])(
  "a start %s shows none",
  async (_, change, words) => {
    writeFileSync(join(home, "broken.db"), "no database. ".repeat(1_000));
    const bot = await launchBot(sandbox, home, { built, env: environment(change), nodeFlags: INDISCREET });
    expect(await bot.exited).toBe(1);
    const said = () => bot.log.join("\n");
    await eventually(
      () => Promise.resolve(said()),
      (text) => words.test(text),
    );
    expect(said()).toMatch(words);
    expect(foundIn(said(), { WRONG_TOKEN, SENTRY_KEY })).toEqual([]);
    expect(foundIn(filesIn(home), { WRONG_TOKEN, SENTRY_KEY })).toEqual([]);
    expect(foundIn(envelopes.join("\n"), { WRONG_TOKEN })).toEqual([]);
  },
  60_000,
);

test("the check of the environment shows none", async () => {
  const { stdout, stderr } = await runScript("env-check", {
    env: environment({ DISCORD_TOKEN: WRONG_TOKEN, NODE_ENV: "test" }),
  });
  const output = stdout + stderr;
  expect(output).toMatch(/DISCORD_TOKEN\? REDACTED/);
  expect(foundIn(output, { WRONG_TOKEN, SENTRY_KEY })).toEqual([]);
}, 60_000);

test("a running bot in which everything fails writes none: no log, report, file, answer or metric holds one", async () => {
  const { client } = sandbox;
  const guild = await client.exampleGuild({ applicants: 2 });
  const door = { client, guild };
  await registerCommands(sandbox, home, guild.guildId);
  const bot = await startBot(sandbox, home, { built, env: environment(), nodeFlags: INDISCREET });
  const said = () => bot.log.join("\n");
  const answers: Array<string> = [];
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${bot.httpPort}${path}`, {
      headers: { authorization: `Bearer ${secrets["DISCORD_CLIENT_SECRET"] ?? ""}` },
    });
    answers.push(JSON.stringify([...response.headers]), await response.text());
    return response.status;
  };

  await setUpGate(door);
  // The password where it belongs, and a wrong one.
  const admin = client.as(guild.adminId, guild.guildId);
  for (const password of ["a-wrong-password", secrets["RESET_PASSWORD"] ?? ""]) {
    const form = modalOf(await admin.slash(guild.channels.logs, "gate", {}, { subcommand: "reset" }));
    const outcome = await admin.submitModal(form, filled(form, ["RESET", password]), { until: "settled" });
    answers.push(JSON.stringify(outcome));
  }
  expect(answers.join()).toContain("That is not the password");
  expect(await get("/health")).toBe(200);
  expect(await get("/metrics")).toBe(200);

  process.kill(bot.pid, "SIGUSR2");
  await eventually(
    () => get("/metrics"),
    (status) => status === 500,
  );
  expect(await get("/metrics")).toBe(500);
  expect(await get("/nowhere?token=none")).toBe(404);
  const outcome = await pressVerify(door, guild.applicantIds[0] ?? "");
  answers.push(JSON.stringify(outcome));
  const trace = /`([0-9a-z]{8,})`/.exec(told(outcome))?.[1] ?? "none";
  // A row of the log that cannot be posted.
  answers.push(JSON.stringify(await setUpGate(door)));
  const reported = await eventually(
    () => Promise.resolve(envelopes.filter((text) => text.includes("boom of a test"))),
    (reports) => [trace, "LogPost", "/metrics"].every((word) => reports.join().includes(word)),
    20_000,
  );
  const missing = [trace, "LogPost", "/metrics"].filter((word) => !reported.join().includes(word));
  expect(missing).toEqual([]);
  const written = filesIn(home);
  answers.push(JSON.stringify(await client.messages(guild.channels.logs)));

  // Once more, where nobody catches it.
  process.kill(bot.pid, "SIGUSR2");
  expect(await bot.exited).toBe(1);
  await eventually(
    () => Promise.resolve(said()),
    (text) => text.includes('"level":60'),
  );
  expect(said()).toMatch(/"level":60.*boom of a test/);

  const wrong = { WRONG_PASSWORD: "a-wrong-password" };
  expect(foundIn(said(), { ...wrong, SENTRY_KEY })).toEqual([]);
  expect(foundIn(written, { ...wrong, SENTRY_KEY })).toEqual([]);
  expect(foundIn(filesIn(home), { ...wrong, SENTRY_KEY })).toEqual([]);
  expect(foundIn(answers.join("\n"), { SENTRY_KEY })).toEqual([]);
  // The key in an envelope is how Sentry knows whose it is.
  expect(foundIn(envelopes.join("\n"), wrong)).toEqual([]);
}, 120_000);
