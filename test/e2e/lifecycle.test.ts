/** Starts that fail, and ends of every kind: of the real bot, as PM2 sees them. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gateMessages, setUpGate } from "../support/frontDoor.js";
import {
  type BotOptions,
  type BotProcess,
  bundleIsFresh,
  launchBot,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

const folder = temporaryFolder();
let sandbox: SandboxProcess;
let built = false;

beforeAll(async () => {
  sandbox = await startSandboxProcess();
  built = bundleIsFresh();
}, 120_000);

afterAll(async () => {
  await sandbox.stop();
  folder.remove();
});

/** Where the bot of this test lives, so that one which fails is in nobody's way. */
let home = folder.path;
beforeEach(() => {
  home = mkdtempSync(join(folder.path, "home-"));
});

const start = (options: BotOptions = {}): Promise<BotProcess> =>
  startBot(sandbox, home, { built, ...options });

/** Everything that a start which fails writes. */
const failedStart = async (env: Record<string, string>, of: Parameters<typeof launchBot>[0] = sandbox) => {
  const bot = await launchBot(of, home, { built, env });
  const code = await bot.exited;
  // What a start logs before it fails is no part of the failure.
  const lines = bot.log.join("\n").trim().split("\n");
  return { code, output: lines.filter((line) => !line.startsWith('{"level":30')).join("\n") };
};

const said = (bot: Pick<BotProcess, "log">) => bot.log.join("\n");

/** A request of which only half arrives. */
const hangingRequest = async (bot: BotProcess) => {
  const socket = connect(bot.httpPort, "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise((done) =>
    socket.once("connect", () => socket.write("GET /health HTTP/1.1\r\nHost:", done)),
  );
  return socket;
};

/** Something the bot does in the middle of its life, at a signal. */
const atSignal = (code: string) => [
  "--import",
  `data:text/javascript,process.on('SIGUSR2',()=>{${encodeURIComponent(code)}})`,
];

describe("a start that fails ends with code 1 and one line that says what to do", () => {
  test("when the token is refused", async () => {
    const { code, output } = await failedStart({ DISCORD_TOKEN: "not-the-token-of-this-bot" });
    expect(output).toMatch(/^Cannot sign in to Discord: the token was refused\. Check DISCORD_TOKEN .*\.$/);
    expect(code).toBe(1);
  }, 60_000);

  test("when the intents are refused", async () => {
    const strict = await startSandboxProcess();
    await strict.client.seed({ application: { privilegedIntents: [] } });
    const { code, output } = await failedStart({}, strict);
    await strict.stop();
    expect(output).toMatch(
      /^Cannot sign in to Discord: the intents were refused\. Switch on SERVER MEMBERS .*\.$/,
    );
    expect(code).toBe(1);
  }, 60_000);

  test("when the port is taken", async () => {
    const other = createServer();
    const port = await new Promise<number>((done) =>
      other.listen(0, () => {
        const address = other.address();
        done(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    const { code, output } = await failedStart({ DASHBOARD_PORT: `${port}` });
    other.close();
    expect(output).toBe(
      `Cannot listen on port ${port}: it is taken. Stop what listens there, or change DASHBOARD_PORT.`,
    );
    expect(code).toBe(1);
  }, 60_000);

  test("when the database is no database", async () => {
    const path = join(home, "broken.db");
    writeFileSync(path, "no database. ".repeat(1_000));
    const { code, output } = await failedStart({ DB_PATH: path });
    expect(output).toMatch(
      /^Cannot use the database .*broken\.db: the file is damaged .*\. Restore a backup .*\.$/,
    );
    expect(code).toBe(1);
  }, 60_000);
});

describe("a running bot", () => {
  test("serves before it says that it is ready, and a second one on its database is refused", async () => {
    const bot = await start();
    const health = await fetch(`http://127.0.0.1:${bot.httpPort}/health`);
    expect(health.status).toBe(200);
    expect(said(bot)).toMatch(/ClientReady/);
    const { code, output } = await failedStart({});
    expect(output).toBe(
      `Cannot use the database ${join(home, "data.db")}: process ${bot.pid} uses it already. ` +
        "Stop that one first, or give this one a DB_PATH of its own.",
    );
    expect(code).toBe(1);
    expect(await bot.stop()).toBe(0);
    expect(existsSync(join(home, "data.db-wal"))).toBe(false);
    expect(existsSync(join(home, "data.db.pid"))).toBe(false);
  }, 60_000);

  test.each([
    ["the token is reset", 4004, /^Discord closed the gateway for good \(4004\): the token was refused/m],
    [
      "an intent is taken away",
      4014,
      /^Discord closed the gateway for good \(4014\): the intents were refused/m,
    ],
  ])(
    "ends with code 1 when %s",
    async (_, closeCode, words) => {
      const bot = await start();
      await sandbox.client.faults.dropGateway(closeCode);
      expect(await bot.exited).toBe(1);
      expect(said(bot)).toMatch(words);
    },
    60_000,
  );

  test.each([
    ["an exception", "throw new Error('boom of a test')"],
    ["a rejection", "Promise.reject(new Error('boom of a test'))"],
  ])(
    "logs %s that nobody catches as fatal and ends in order with code 1",
    async (_, code) => {
      const bot = await start({ nodeFlags: atSignal(code), env: { NODE_ENV: "test" } });
      process.kill(bot.pid, "SIGUSR2");
      expect(await bot.exited).toBe(1);
      const fatal = bot.log.find((line) => line.includes('"level":60')) ?? "";
      expect(fatal).toContain("boom of a test");
      expect(existsSync(join(home, "data.db-wal"))).toBe(false);
    },
    60_000,
  );
});

describe("a stop", () => {
  test("does not wait for ever: a hanging request and an answer that does not arrive are abandoned", async () => {
    const guild = await sandbox.client.exampleGuild({ applicants: 1 });
    await registerCommands(sandbox, home, guild.guildId);
    const bot = await start();
    const door = { client: sandbox.client, guild };
    await setUpGate(door);
    const [gate] = await gateMessages(door);
    const hanging = await hangingRequest(bot);
    await sandbox.client.faults.delay({
      method: "POST",
      route: "/interactions/:interaction/:token/callback",
      ms: 30_000,
    });
    const before = await sandbox.client.stats();
    await sandbox.client.fire([
      {
        kind: "press",
        userId: guild.applicantIds[0] ?? "",
        guildId: guild.guildId,
        channelId: guild.channels.gate,
        messageId: gate?.id ?? "",
        component: "Verify",
      },
    ]);
    await sandbox.client.waitFor({ event: "interaction_sent", since: before.lastEvent });
    await new Promise((done) => setTimeout(done, 500));
    expect(await bot.stop()).toBe(0);
    await sandbox.client.faults.clear();
    hanging.destroy();
    expect(said(bot)).toContain("Interactions were abandoned");
    expect(said(bot)).toContain("HTTP requests were abandoned");
    expect(said(bot)).not.toContain("took too long");
  }, 60_000);

  test("that hangs all the same is cut short, with code 0 and a line that says so", async () => {
    const bot = await start({
      nodeFlags: [
        "--import",
        "data:text/javascript,import http from 'node:http';http.Server.prototype.closeAllConnections=()=>{};",
      ],
    });
    const hanging = await hangingRequest(bot);
    process.kill(bot.pid, "SIGTERM");
    expect(await bot.exited).toBe(0);
    hanging.destroy();
    expect(said(bot)).toContain("The stop took too long and was cut short");
  }, 60_000);

  test("that is asked for twice happens at once", async () => {
    const bot = await start();
    const hanging = await hangingRequest(bot);
    process.kill(bot.pid, "SIGINT");
    await new Promise((done) => setTimeout(done, 700));
    process.kill(bot.pid, "SIGINT");
    expect(await bot.exited).toBe(1);
    hanging.destroy();
    expect(said(bot)).toContain("Stopped at once");
  }, 60_000);
});
