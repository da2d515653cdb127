import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType } from "discord.js";
import { Effect, Layer, Option, Redacted } from "effect";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { SandboxClient } from "../../../../sandbox/client.js";
import { type Sandbox, startSandbox } from "../../../../sandbox/index.js";
import * as CommandRegistry from "../../../../src/layers/CommandRegistry.js";
import * as Config from "../../../../src/layers/Config.js";
import { commands } from "../../../../src/programs/commands/index.js";
import { freePort } from "../../../support/processes.js";
import { runScript } from "../../../support/process.js";

const PASSWORD = "correct horse battery 1!";
const cwd = mkdtempSync(join(tmpdir(), "commands-"));
let sandbox: Sandbox;
let client: SandboxClient;
let guildId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ checks: true });
  client = await SandboxClient.connect(sandbox.controlUrl);
});
beforeEach(async () => {
  ({ guildId } = await client.exampleGuild({ applicants: 0 }));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(cwd, { recursive: true, force: true });
});

const environment = () => ({
  DISCORD_TOKEN: sandbox.token,
  CLIENT_ID: sandbox.applicationId,
  RESET_PASSWORD: PASSWORD,
  DISCORD_API_BASE: sandbox.apiBase,
  GUILD_ID: guildId,
});
const run = (script: "commands" | "deploy-commands", args: ReadonlyArray<string>, env = {}) =>
  runScript(script, { args, cwd, env: { ...environment(), ...env } });
const sent = async () => (await client.requests({ method: "PUT" })).length;
const NAMES = commands.map(({ definition }) => definition.name).sort();
const namesIn = async (guild?: string) => (await client.commands(guild)).map(({ name }) => name).sort();

describe("registering slash commands", () => {
  it("sends all commands to GUILD_ID the first time and nothing the second", async () => {
    const first = await run("commands", ["--all"]);
    assert.strictEqual(first.code, 0, first.stderr);
    assert.include(first.stdout, "  + /accept  Approve an application");
    assert.include(first.stdout, `Sent: ${NAMES.length} commands in server ${guildId}.`);
    assert.deepStrictEqual(await namesIn(guildId), NAMES);

    const before = await sent();
    const second = await run("commands", ["--all"]);
    assert.strictEqual(second.code, 0, second.stderr);
    assert.strictEqual(
      second.stdout,
      `${NAMES.length} commands in server ${guildId}, as they should be. Nothing was sent.\n`,
    );
    assert.strictEqual(await sent(), before);
  }, 60_000);

  it("registers everywhere, shows a dry run without sending, and points at commands that show twice", async () => {
    const before = await sent();
    const dry = await run("deploy-commands", ["--all", "--dry-run"]);
    assert.strictEqual(dry.code, 0, dry.stderr);
    assert.include(dry.stdout, `${NAMES.length} added, 0 changed, 0 removed, 0 as they are.`);
    assert.include(dry.stdout, "Dry run: nothing was sent.");
    assert.strictEqual(await sent(), before);
    assert.deepStrictEqual(await namesIn(), []);

    const everywhere = await run("deploy-commands", ["--all"]);
    assert.strictEqual(everywhere.code, 0, everywhere.stderr);
    assert.deepStrictEqual(await namesIn(), NAMES);
    const again = await run("deploy-commands", ["--all"]);
    assert.include(again.stdout, "Nothing was sent.");

    const doubled = await run("deploy-commands", ["--guild", guildId]);
    assert.include(doubled.stdout, "also registered everywhere, so people see them twice");
    const cleared = await run("deploy-commands", ["--all", "--clear"]);
    assert.include(cleared.stdout, "  - /accept");
    assert.deepStrictEqual(await namesIn(), []);
    assert.deepStrictEqual(await namesIn(guildId), NAMES);
  }, 90_000);

  it("says what to do when Discord refuses, and shows no secret", async () => {
    const wrongToken = "MTQyNzQzNjYxNTAyMTYyOTU5MA.GabcdE.nNotTheToken0123456789";
    const refused = await run("commands", ["--all"], { DISCORD_TOKEN: wrongToken });
    assert.strictEqual(refused.code, 1);
    assert.include(refused.stderr, "Discord does not accept DISCORD_TOKEN (401).");

    const foreign = await run("commands", ["--all"], { CLIENT_ID: "1427436615021629590" });
    assert.strictEqual(foreign.code, 1);
    assert.include(foreign.stderr, `Discord refuses access to server ${guildId} (403 Missing Access).`);

    const down = await run("commands", ["--all"], {
      DISCORD_API_BASE: `http://127.0.0.1:${await freePort()}/api`,
    });
    assert.strictEqual(down.code, 1);
    assert.include(down.stderr, "Discord cannot be reached: ECONNREFUSED.");

    for (const { stdout, stderr } of [refused, foreign, down]) {
      for (const secret of [wrongToken, sandbox.token, PASSWORD]) assert.notInclude(stdout + stderr, secret);
    }
  }, 60_000);

  it("explains itself when asked wrongly", async () => {
    const { code, stderr } = await run("deploy-commands", ["--everything"]);
    assert.strictEqual(code, 1);
    assert.include(stderr, "Usage: ");
  }, 60_000);
});

it.effect("names the place of what Discord refuses in a definition", () =>
  Effect.gen(function* () {
    const registry = yield* CommandRegistry.CommandRegistry;
    const refused = yield* Effect.flip(
      registry.replace(null, [
        { name: "fine", description: "Is fine" },
        {
          name: "broken",
          description: "x".repeat(101),
          options: [{ type: ApplicationCommandOptionType.String, name: "why", description: "" }],
        },
      ]),
    );
    assert.strictEqual(refused._tag, "DefinitionRefused");
    assert.match(refused.message, /^Discord refuses the definitions \(50035\):\n/);
    assert.match(refused.message, /^- \/broken, description: .+ \(BASE_TYPE_[A-Z_]+\)$/m);
    assert.match(refused.message, /^- \/broken, option why, description: .+ \(BASE_TYPE_[A-Z_]+\)$/m);
  }).pipe(
    Effect.provide(
      Layer.unwrapEffect(
        Effect.sync(() =>
          Layer.provide(
            CommandRegistry.layer,
            Config.layerTest({
              discord: {
                token: Redacted.make(sandbox.token),
                clientId: sandbox.applicationId,
                apiBase: Option.some(sandbox.apiBase),
              },
            }),
          ),
        ),
      ),
    ),
  ),
);
