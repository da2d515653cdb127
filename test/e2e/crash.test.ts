/** Nothing that was confirmed is lost, and nothing happens twice: not after SIGKILL, and not when answers are lost. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { audit, look } from "../../bench/lib/crashAudit.js";
import { crashRun } from "../../bench/lib/crashRun.js";
import { confirmation, Crowd, randomFrom, type Step } from "../../bench/lib/Crowd.js";
import { readLedger, unsettled } from "../../bench/lib/Ledger.js";
import { eventually, setUpGate, sleep } from "../support/frontDoor.js";
import {
  bundleIsFresh,
  registerCommands,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

const KILLS = 26;
/** Another run of the same choices: `CRASH_SEED=123 npx vitest run test/e2e/crash.test.ts`. */
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);

test("SIGKILL at random moments loses nothing that was confirmed and doubles nothing", async () => {
  console.log(`CRASH_SEED=${SEED}`);
  const { problems, ...report } = await crashRun({ kills: KILLS, seed: SEED, built: bundleIsFresh() });
  console.log(JSON.stringify(report));
  expect(problems).toEqual([]);
  expect(report).toMatchObject({
    lostSubmissions: 0,
    missingEffects: 0,
    doubledEffects: 0,
    violations: 0,
  });
  expect(report.kills).toBeGreaterThanOrEqual(25);
  expect(report.confirmed).toBeGreaterThan(20);
}, 600_000);

test("what Discord did and then answered badly is done once", async () => {
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess();
  const { client } = sandbox;
  try {
    const guild = await client.exampleGuild({ applicants: 60 });
    const door = { client, guild };
    await registerCommands(sandbox, folder.path, guild.guildId);
    const bot = await startBot(sandbox, folder.path, { built: bundleIsFresh() });
    await setUpGate(door);
    const crowd = new Crowd(door, randomFrom(SEED));

    /** Discord does what it is asked, and then its answer is an error or does not arrive. */
    const badly = async () => {
      await client.faults.clear();
      const after = { when: "after" } as const;
      for (const channelId of [guild.channels.logs, guild.channels.review, guild.channels.general]) {
        const posts = { ...after, method: "POST", route: `/channels/${channelId}/messages` };
        await client.faults.fail({ ...posts, status: 502, count: 2 });
        await client.faults.drop(posts);
      }
      const changes = [
        ["POST", "/channels/:channel/messages"],
        ["PATCH", "/channels/:channel/messages/:message"],
        ["PUT", "/guilds/:guild/members/:user/roles/:role"],
        ["DELETE", "/guilds/:guild/members/:user"],
      ] as const;
      for (const [method, route] of changes) {
        await client.faults.fail({ ...after, method, route, status: 503, count: 2 });
      }
    };
    const settled = async () => {
      const left = await eventually(
        () => Promise.resolve(unsettled(readLedger(join(folder.path, "data.db"), guild.guildId))),
        (rows) => rows.length === 0,
        60_000,
      );
      expect(left).toEqual([]);
    };
    const all = async (steps: ReadonlyArray<Step>) => {
      await badly();
      const outcomes = await client.outcomes(await client.fire(steps.map(({ action }) => action)), {
        until: "settled",
      });
      const confirmed = steps.flatMap((step, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : confirmation(step, outcome);
      });
      expect(confirmed.length).toBe(steps.length);
      await settled();
      return confirmed;
    };

    const submitted = await all(await crowd.submissions(12));
    const claimed = await all(await crowd.claims(9));
    const decided = [
      ...(await all(await crowd.decisions("accept", 3))),
      ...(await all(await crowd.decisions("reject", 3))),
      ...(await all(await crowd.decisions("kick", 3))),
    ];
    await sleep(500);
    const ledger = readLedger(join(folder.path, "data.db"), guild.guildId);
    const seen = await look(
      door,
      ledger.applications.map(({ userId }) => userId),
    );
    const problems = audit(ledger, seen, [...submitted, ...claimed, ...decided], guild.roles.member);
    await bot.stop();
    expect(problems).toEqual([]);
  } finally {
    await sandbox.stop();
    folder.remove();
  }
}, 240_000);
