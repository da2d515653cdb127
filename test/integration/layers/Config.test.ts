import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { decode, mergeEnvironment } from "../../../src/layers/Config.js";
import { report } from "../../../src/programs/cli/EnvCheck.js";
import { runScript } from "../../support/process.js";

const TOKEN = "MTQyNzQzNjYxNTAyMTYyOTU5MA.GabcdE.nNotARealTokenButLongEnough0123456789";
const PASSWORD = "correct horse battery 1!";
const good = `DISCORD_TOKEN=${TOKEN}\nCLIENT_ID=1427436615021629590\nRESET_PASSWORD="${PASSWORD}"\n`;

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "env-check-"));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const envFile = (text: string): void => {
  writeFileSync(join(cwd, ".env"), text);
};
const envCheck = (env: Readonly<Record<string, string>> = {}) => runScript("env-check", { cwd, env });
const line = (stdout: string, name: string) => stdout.split("\n").find((text) => text.startsWith(`${name}?`));

describe("env:check", () => {
  it("shows what is set, what is a default and what is missing, and no secret", async () => {
    envFile(`${good}TRUST_PROXY=1\n`);
    const { code, stdout, stderr } = await envCheck({ OWNER_IDS: "123456789012345678" });
    assert.strictEqual(
      line(stdout, "DISCORD_TOKEN"),
      "DISCORD_TOKEN? REDACTED... (set in .env, begins with MTQyNzQzNj)",
    );
    assert.strictEqual(line(stdout, "CLIENT_ID"), "CLIENT_ID? 1427436615021629590 (set in .env)");
    assert.strictEqual(line(stdout, "RESET_PASSWORD"), "RESET_PASSWORD? REDACTED... (set in .env)");
    assert.strictEqual(line(stdout, "TRUST_PROXY"), "TRUST_PROXY? 1 (set in .env)");
    assert.strictEqual(line(stdout, "OWNER_IDS"), "OWNER_IDS? 123456789012345678 (set in the environment)");
    assert.strictEqual(line(stdout, "DB_PATH"), "DB_PATH? data/data.db (default)");
    assert.strictEqual(line(stdout, "GUILD_ID"), "GUILD_ID? missing (optional)");
    assert.match(stdout, /The bot would start with this configuration\.\n$/);
    assert.notInclude(stdout + stderr, PASSWORD);
    assert.notInclude(stdout + stderr, TOKEN.slice(0, 11));
    assert.strictEqual(code, 0);
  });

  it("marks what is missing or invalid and exits 1", async () => {
    envFile(`DISCORD_TOKEN=\nCLIENT_ID=me\nRESET_PASSWORD=short\nDASHBOARD_PROT=80\n`);
    const { code, stdout } = await envCheck({ NODE_ENV: "production" });
    assert.match(line(stdout, "DISCORD_TOKEN") ?? "", /^DISCORD_TOKEN\? missing; expected the bot token/);
    assert.match(line(stdout, "CLIENT_ID") ?? "", /^CLIENT_ID\? invalid: is 'me'; expected/);
    assert.match(line(stdout, "RESET_PASSWORD") ?? "", /^RESET_PASSWORD\? invalid: has 5 characters/);
    assert.match(stdout, /The bot would not start: 3 problems/);
    assert.strictEqual(code, 1);
  });

  it.effect("shows warnings of a bot that would start", () =>
    Effect.gen(function* () {
      const environment = mergeEnvironment({}, `${good}DASHBOARD_PROT=80\nRESET_PASSWORD=short\n`);
      const text = report(environment, yield* Effect.either(decode(environment)));
      assert.include(text, "warning: DASHBOARD_PROT: means nothing; was DASHBOARD_PORT meant?");
      assert.match(text, /warning: RESET_PASSWORD: has 5 characters/);
      assert.include(text, "The bot would start");
    }),
  );

  it.effect("says that there is no .env", () =>
    Effect.gen(function* () {
      const environment = mergeEnvironment({ CLIENT_ID: "1427436615021629590" }, "");
      const text = report(environment, yield* Effect.either(decode(environment)));
      assert.include(text, "nothing was read from a .env file in this directory");
      assert.include(text, "The bot would not start: 2 problems");
    }),
  );

  it("names a .env that cannot be read", async () => {
    mkdirSync(join(cwd, ".env"));
    const { code, stderr } = await envCheck();
    assert.match(
      stderr,
      /^Environment validation failed:\n- \.env: cannot be read \(EISDIR\); expected a text file/,
    );
    assert.strictEqual(code, 1);
  });
});
