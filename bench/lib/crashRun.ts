/**
 * Kills the bot without warning at random moments while people apply and moderators work, starts it again each time, and
 * finally compares what people were told with what is stored and with what the sandbox shows.
 */
import { join } from "node:path";
import { eventually, setUpGate, sleep } from "../../test/support/frontDoor.js";
import {
  launchBot,
  registerCommands,
  type StartingBot,
  startSandboxProcess,
  temporaryFolder,
} from "../../test/support/processes.js";
import { audit, type Confirmed, look } from "./crashAudit.js";
import { confirmation, Crowd, DECISIONS, pick, randomFrom, type Step } from "./Crowd.js";
import { readLedger, unsettled } from "./Ledger.js";

export interface CrashOptions {
  readonly kills: number;
  /** The same seed makes the same choices; what the machine does with them differs. */
  readonly seed: number;
  /** The built bundle, where there is one. */
  readonly built?: boolean;
  readonly env?: Record<string, string>;
  readonly say?: (line: string) => void;
}

export interface CrashReport {
  readonly kills: number;
  /** Confirmed submissions that are not stored, and cards of what is not stored. */
  readonly lostSubmissions: number;
  /** Confirmed steps that are not stored, and effects of stored ones that did not happen. */
  readonly missingEffects: number;
  readonly doubledEffects: number;
  /** A sentence for each of them. */
  readonly problems: ReadonlyArray<string>;
  /** How many steps were fired, and how many of them were confirmed before the kill. */
  readonly fired: number;
  readonly confirmed: number;
  readonly applications: number;
  /** What the bot asked that Discord does not know. */
  readonly violations: number;
}

const BURST = 20;
const MAIN = 5;
const SCENES = ["submit", "claim", ...DECISIONS] as const;
type Scene = (typeof SCENES)[number] | "burst";

const stepsOf = async (crowd: Crowd, scene: Scene): Promise<ReadonlyArray<Step>> => {
  switch (scene) {
    case "burst":
      return crowd.submissions(BURST);
    case "submit":
      return [...(await crowd.submissions(2 * MAIN)), ...(await crowd.claims(2))];
    case "claim":
      return [...(await crowd.claims(MAIN)), ...(await crowd.submissions(2))];
    case "accept":
    case "reject":
    case "kick":
      return [...(await crowd.decisions(scene, MAIN)), ...(await crowd.submissions(1))];
  }
};

export const crashRun = async (options: CrashOptions): Promise<CrashReport> => {
  const { say = () => undefined } = options;
  const random = randomFrom(options.seed);
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess();
  const { client } = sandbox;
  let bot: StartingBot | undefined;
  const start = async (): Promise<StartingBot> => {
    const fresh = await launchBot(sandbox, folder.path, {
      built: options.built ?? true,
      env: options.env ?? {},
    });
    bot = fresh;
    return fresh;
  };

  try {
    await client.setLogLimit(500_000);
    const guild = await client.exampleGuild({ applicants: BURST + 16 * options.kills });
    const door = { client, guild };
    const database = join(folder.path, "data.db");
    await registerCommands(sandbox, folder.path, guild.guildId);
    let running = await start();
    let readyMs = await running.ready;
    await setUpGate(door);

    const crowd = new Crowd(door, random);
    const confirmed: Array<Confirmed> = [];
    let fired = 0;
    let kills = 0;

    /** One round: everybody acts at once, and the bot dies somewhere in it. */
    const round = async (scene: Scene): Promise<void> => {
      // With Discord far away, many a kill falls between a thing that is done and the news of it.
      await client.setLatency(random() < 0.5 ? 0 : Math.round(10 + random() * 60));
      // And some of what is asked goes wrong, before it is done or after.
      await client.faults.clear();
      if (random() < 0.4) {
        const { review, logs, general } = guild.channels;
        const channelId = pick(random, [logs, logs, review, general]);
        await client.faults.fail({
          method: "POST",
          route: pick(random, ["/channels/:channel/messages", `/channels/${channelId}/messages`]),
          when: pick(random, ["before", "after"]),
          status: 502,
          count: 1 + Math.floor(random() * 2),
        });
      }
      const steps = await stepsOf(crowd, scene);
      const since = (await client.stats()).lastEvent;
      const began = performance.now();
      const ids = await client.fire(steps.map(({ action }) => action));
      fired += ids.length;
      const answered = (count: number) =>
        client
          .waitFor({ event: "interaction_acknowledged", since }, { count, timeoutMs: 3_000 })
          .catch(() => []);
      const chance = scene === "burst" ? 1 : random();
      if (chance < 0.2) {
        await sleep(random() * 120);
      } else if (chance < 0.6) {
        await answered(1 + Math.floor(random() * ids.length));
        await sleep(random() * 40);
      } else {
        await answered(ids.length);
        await sleep(scene === "burst" ? 0 : random() ** 2 * 900);
      }
      await running.kill();
      kills += 1;
      const afterMs = Math.round(performance.now() - began);
      const outcomes = await client.outcomes(ids);
      const told = steps.flatMap((one, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : confirmation(one, outcome);
      });
      confirmed.push(...told);
      say(`kill ${kills}: ${scene}, ${afterMs} ms in, ${told.length} of ${steps.length} confirmed`);
    };

    /** Some starts are killed as well, while the bot takes up what the last one left. */
    const restart = async (): Promise<void> => {
      running = await start();
      while (kills < options.kills && random() < 0.25) {
        const afterMs = random() * (readyMs + 400);
        await sleep(afterMs);
        await running.kill();
        kills += 1;
        say(`kill ${kills}: ${Math.round(afterMs)} ms after a start`);
        running = await start();
      }
      readyMs = await running.ready;
    };

    await round("burst");
    await restart();
    for (let index = 0; kills < options.kills; index += 1) {
      await round(SCENES[index % SCENES.length] ?? "submit");
      await restart();
    }

    const rest = await eventually(
      () => Promise.resolve(unsettled(readLedger(database, guild.guildId))),
      (left) => left.length === 0,
      45_000,
    );
    say(`${kills} kills; ${rest.length} effects were not settled in the end`);
    // Whatever would come twice has time to come.
    await sleep(500);
    const ledger = readLedger(database, guild.guildId);
    const people = ledger.applications.map(({ userId }) => userId);
    const problems = audit(ledger, await look(door, people), confirmed, guild.roles.member);
    const count = (kind: (typeof problems)[number]["kind"]) =>
      problems.filter((problem) => problem.kind === kind).length;
    return {
      kills,
      lostSubmissions: count("lostSubmission"),
      missingEffects: count("missing"),
      doubledEffects: count("doubled"),
      problems: problems.map(({ kind, what }) => `${kind}: ${what}`),
      fired,
      confirmed: confirmed.length,
      applications: ledger.applications.length,
      violations: (await client.violations()).length,
    };
  } finally {
    await bot?.kill();
    await sandbox.stop();
    folder.remove();
  }
};
