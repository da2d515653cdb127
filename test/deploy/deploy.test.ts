/** From the archive to a bot in service: the scripts of the operator, a real `npm ci`, a real PM2. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExampleGuild } from "../../sandbox/client.js";
import { applyAs, cardsOf, eventually, setUpGate } from "../support/frontDoor.js";
import { freePort, type SandboxProcess, startSandboxProcess } from "../support/processes.js";
import { makeServer, type TestServer } from "./support/Server.js";

const LIMIT_MS = 120_000;
/** Generous: this machine may be slow, and PM2 takes a process for online when this time is over. */
const PATIENT = { listen_timeout: LIMIT_MS, restart_delay: 0, max_restarts: 3, min_uptime: LIMIT_MS };

let sandbox: SandboxProcess;
let server: TestServer;
let guild: ExampleGuild;
let port: number;

beforeAll(async () => {
  sandbox = await startSandboxProcess();
  guild = await sandbox.client.exampleGuild({ applicants: 6 });
  port = await freePort();
  server = await makeServer(sandbox, port);
  server.ecosystem(PATIENT);
  server.version("1.0.0");
  const first = await server.operator("deploy.sh");
  expect(first.output).toContain("=== Deployment complete! ===");
  expect(first.code).toBe(0);
}, 600_000);

afterAll(async () => {
  await server?.close();
  await sandbox?.stop();
}, LIMIT_MS);

const health = async (): Promise<number> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).status;
  } catch {
    return 0;
  }
};
const readyLines = (): number => server.logOf("out").split('"ClientReady"').length - 1;
const listed = () => server.pm2List();

describe("a server that holds the archive and what `npm ci --omit=dev` installs", () => {
  test(
    "has every script",
    async () => {
      expect((await server.onServer("npm run env:check")).output).toContain("The bot would start");
      expect((await server.onServer("npm run print:cmds")).output).toContain("/accept");
      const sync = await server.onServer(`npm run sync:cmds -- --guild ${guild.guildId}`);
      expect(sync.output).toContain(`in server ${guild.guildId}.`);
      expect((await server.onServer("ls node_modules")).output).not.toContain("typescript");
      expect(readdirSync(join(server.app, "dist/scripts"))).toContain("commands.js.map");
    },
    LIMIT_MS,
  );
});

describe("what the operator's documents have typed there", () => {
  test.each<readonly [command: string, words: RegExp]>([
    ["npm run migrate:dry", /Nothing to do: data\/data\.db is up to date/],
    ["npm run backup", /read back and sound\./],
    ["npm run recover -- --list", /-manual\.db {2}\S+ {2}manual/],
    ['npm run recover -- --verify "$(ls data/backups | head -n 1)"', /is sound\. It holds:/],
    ["npm run audit:verify", /The log is empty|rows?, whole/],
    ["npm run import:fallback-logs", /0 entries put back to work/],
    ["npm run replay:logs -- --since=2026-01-31 --dry-run", /(entry|entries) would be posted again/],
    ["npm run deploy:cmds -- --dry-run", /nothing was sent/i],
    ["pm2 status pawtropolis", /online/],
    ["pm2 info pawtropolis", /exec mode/],
    ["pm2 logs pawtropolis --nostream --lines 50 | npm run --silent logs:pretty", /INFO: ClientReady/],
    ["pm2 logs pawtropolis --nostream --raw | npm run --silent logs:pretty", /INFO: ClientReady/],
    ["pm2 reset pawtropolis", /Resetting meta/i],
  ])(
    "%s",
    async (command, words) => {
      const { code, output } = await server.onServer(command);
      expect(output).toMatch(words);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );
});

describe("under PM2", () => {
  test(
    "the bot is online only once Discord has said it is ready",
    async () => {
      const before = readyLines();
      await sandbox.client.faults.delay({ method: "GET", route: "/gateway/bot", ms: 4_000 });
      const restarted = server.onServer("pm2 restart pawtropolis");
      const seen: Array<string> = [];
      await eventually(
        async () => {
          const status = (await listed())?.status ?? "";
          // Read after the status: a bot that is online has logged it by now.
          if (status === "online" && seen.includes("launching")) expect(readyLines()).toBe(before + 1);
          seen.push(status);
          return status;
        },
        (status) => status === "online" && seen.includes("launching"),
        LIMIT_MS,
      );
      expect(seen).toContain("launching");
      expect(readyLines()).toBe(before + 1);
      expect((await restarted).code).toBe(0);
      expect(await health()).toBe(200);
    },
    LIMIT_MS,
  );

  test(
    "a restart is graceful: exit code 0, and what was confirmed while it went on is not lost",
    async () => {
      const door = { client: sandbox.client, guild };
      await server.onServer(`npm run sync:cmds -- --guild ${guild.guildId}`);
      await setUpGate(door);
      const codes: Array<string> = [];
      const [first, ...others] = guild.applicantIds;
      if (first !== undefined) codes.push(await applyAs(door, first));
      const submitting = Promise.allSettled(others.map((id) => applyAs(door, id)));
      const ended = server.pm2Log().length;
      expect((await server.onServer("pm2 restart pawtropolis")).code).toBe(0);
      // Discord gives those no answer whom the restart met; they press again.
      for (const outcome of await submitting) if (outcome.status === "fulfilled") codes.push(outcome.value);
      expect(server.pm2Log().slice(ended)).toMatch(/exited with code \[0\] via signal/);
      for (const code of codes) {
        const cards = await eventually(
          () => cardsOf(door, code),
          (found) => found.length > 0,
          LIMIT_MS,
        );
        expect(cards).toHaveLength(1);
      }
    },
    LIMIT_MS,
  );

  test(
    "a token that Discord does not take: PM2 gives up, and the log says why in one line",
    async () => {
      const env = join(server.app, ".env");
      const good = readFileSync(env, "utf8");
      const wrong = "MTQyNzQzNjYxNTAyMTYyOTU5MA.GabcdE.nNotTheToken0123456789";
      const before = server.logOf("out").length;
      try {
        writeFileSync(env, good.replace(sandbox.token, wrong));
        await server.startAnew();
        const given = await eventually(listed, (found) => found?.status === "errored", LIMIT_MS);
        expect(given?.status).toBe("errored");
        const lines = (server.logOf("out").slice(before) + server.logOf("error")).trim().split("\n");
        const fatal = lines.filter((line) => /DISCORD_TOKEN/.test(line));
        // One line for each try.
        expect(fatal).toHaveLength(PATIENT.max_restarts);
        expect(lines.join("\n")).not.toContain(wrong);
      } finally {
        writeFileSync(env, good);
        await server.startAnew();
      }
      expect(await eventually(health, (status) => status === 200, LIMIT_MS)).toBe(200);
    },
    LIMIT_MS,
  );

  test(
    "in PM2's cluster mode, which it chooses for a file without exec_mode, the bot works as well",
    async () => {
      try {
        server.ecosystem({ ...PATIENT, exec_mode: "cluster" });
        await server.startAnew();
        expect(await listed()).toMatchObject({ status: "online", execMode: "cluster_mode" });
        expect(await health()).toBe(200);
        const ended = server.pm2Log().length;
        await server.onServer("pm2 stop pawtropolis");
        expect(server.pm2Log().slice(ended)).toMatch(/exited with code \[0\]/);
      } finally {
        server.ecosystem(PATIENT);
        await server.startAnew();
      }
      expect(await eventually(health, (status) => status === 200, LIMIT_MS)).toBe(200);
    },
    LIMIT_MS,
  );

  test(
    "more memory than allowed: PM2 starts it again",
    async () => {
      const ended = server.pm2Log().length;
      try {
        server.ecosystem({ ...PATIENT, max_memory_restart: "40M" });
        await server.startAnew();
        const again = await eventually(listed, (found) => (found?.restarts ?? 0) > 0, LIMIT_MS);
        expect(again?.restarts).toBeGreaterThan(0);
        expect(server.pm2Log().slice(ended)).toMatch(/current_memory=\d+ max_memory_limit=\d+/);
      } finally {
        server.ecosystem(PATIENT);
        await server.startAnew();
      }
      expect(await eventually(health, (status) => status === 200, LIMIT_MS)).toBe(200);
    },
    LIMIT_MS,
  );
});

describe("deploy.sh and rollback.sh", () => {
  test("a good version goes into service, and rollback.sh takes it back", async () => {
    server.version("2.0.0");
    const deployed = await server.operator("deploy.sh");
    expect(deployed.output).toMatch(
      /Building application[^]*Creating deployment archive[^]*Uploading to production[^]*Deploying on server[^]*Healthy[^]*Cleaning up[^]*Deployment complete!/,
    );
    expect(deployed.code).toBe(0);
    expect(server.versionInService()).toBe("2.0.0");
    expect(await health()).toBe(200);
    expect(existsSync(join(server.app, "data/backup-pre-deploy.db"))).toBe(true);
    expect(existsSync(join(server.project, "deploy.tar.gz"))).toBe(false);

    const back = await server.operator("rollback.sh", ["--path", server.app, "--with-database"]);
    expect(back.output).toContain("=== Rollback complete! ===");
    expect(back.code).toBe(0);
    expect(server.versionInService()).toBe("1.0.0");
    expect(await health()).toBe(200);
    const left = readdirSync(server.app);
    expect(left).toContain("dist-broken");
    expect(left).not.toContain(".release");
    expect(left).not.toContain(".previous");
    expect(readdirSync(join(server.app, "data")).some((file) => file.startsWith("data-broken-"))).toBe(true);
  }, 300_000);

  test("a version that is not healthy is taken back by itself, with the database it had changed", async () => {
    server.version("3.0.0", (dist) => {
      const migrate = join(dist, "scripts/migrate.js");
      writeFileSync(
        migrate,
        `import Database from "better-sqlite3";\nconst db = new Database("data/data.db");\ndb.exec("CREATE TABLE from_three (id TEXT); INSERT INTO effect_sql_migrations (migration_id, name) VALUES (9999, 'three')");\n`,
      );
      writeFileSync(join(dist, "index.js"), 'console.error("three is broken");\nprocess.exit(1);\n');
    });
    const previous = server.versionInService();
    const deployed = await server.operator("deploy.sh");
    expect(deployed.output).toContain("three is broken");
    expect(deployed.output).toContain("The version from before is back and healthy.");
    expect(deployed.output).not.toContain("Deployment complete!");
    expect(deployed.code).toBe(1);
    expect(server.versionInService()).toBe(previous);
    expect(await health()).toBe(200);
    const tables = await server.onServer(
      `node -e 'console.log(new (require("better-sqlite3"))("data/data.db").prepare("SELECT name FROM sqlite_master").all().map(({ name }) => name).join())'`,
    );
    expect(tables.output).toContain("action_log");
    expect(tables.output).not.toContain("from_three");
  }, 300_000);

  test("a migration that fails changes nothing, and the bot goes on", async () => {
    server.version("4.0.0", (dist) => {
      writeFileSync(
        join(dist, "scripts/migrate.js"),
        'console.error("the migration 0004 failed");\nprocess.exit(1);\n',
      );
    });
    const previous = server.versionInService();
    const deployed = await server.operator("deploy.sh");
    expect(deployed.output).toContain("error: The migration failed. The database is as it was");
    expect(deployed.output).toContain("The version from before is back and healthy.");
    expect(deployed.code).toBe(1);
    expect(server.versionInService()).toBe(previous);
    expect(await health()).toBe(200);
  }, 300_000);

  test(
    "a host or a folder that a shell would read as more than a word is refused before anything runs",
    async () => {
      const before = server.sshLog();
      for (const args of [
        ["--host", "-oProxyCommand=touch owned"],
        ["--host", "pawtech;touch owned"],
        ["--path", "/srv/$(touch owned)"],
        ["--path", "srv"],
        ["--name", "a b"],
        ["--health-limit", "1;touch owned"],
        ["--unknown", "x"],
      ]) {
        expect((await server.operator("deploy.sh", args)).code).toBe(64);
        expect((await server.operator("rollback.sh", args)).code).toBe(64);
      }
      expect(server.sshLog()).toBe(before);
      expect(existsSync(join(server.project, "owned"))).toBe(false);
    },
    LIMIT_MS,
  );
});
