import type { ExampleGuild, SandboxClient } from "../../sandbox/client.js";
import { setUpGate } from "../../test/support/frontDoor.js";
import {
  type BotProcess,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../../test/support/processes.js";

export interface Stage {
  readonly sandbox: SandboxProcess;
  readonly client: SandboxClient;
  readonly guild: ExampleGuild;
  readonly bot: BotProcess;
  /** From the start of the bot's process to the end of its gateway sign-in, on the sandbox's clock. */
  readonly identifyMs: number;
  readonly end: () => Promise<void>;
}

export interface StageOptions {
  readonly applicants: number;
  readonly flags: ReadonlyArray<string>;
  readonly env: Record<string, string>;
}

/** A sandbox and the built bot, each in its own process, with `/gate setup` done. */
export const setStage = async ({ applicants, flags, env }: StageOptions): Promise<Stage> => {
  const sandbox = await startSandboxProcess(flags);
  const { client } = sandbox;
  const folder = temporaryFolder();
  const guild = await client.exampleGuild({ applicants });
  await registerCommands(sandbox, folder.path, guild.guildId);
  await client.setLogLimit(200_000);
  const before = await client.stats();
  const bot = await startBot(sandbox, folder.path, {
    built: true,
    nodeFlags: process.env["BENCH_NODE_FLAGS"]?.split(" ") ?? [],
    env: { NODE_ENV: "production", ...env },
  });
  const [ready] = await client.events({ event: "gateway_ready", since: before.lastEvent });
  await setUpGate({ client, guild });
  return {
    sandbox,
    client,
    guild,
    bot,
    identifyMs: (ready?.at ?? Number.NaN) - before.at,
    end: async () => {
      await bot.stop();
      await sandbox.stop();
      folder.remove();
    },
  };
};
