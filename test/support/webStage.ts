/** The local Discord with an example guild, and a bot in it whose gate is set up and whose dashboard one can sign in to. */
import { type Door, setUpGate } from "./frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  freePort,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "./processes.js";
import { dashboardEnv } from "./webClient.js";

export interface WebStage {
  readonly sandbox: SandboxProcess;
  readonly bot: BotProcess;
  readonly door: Door;
  readonly origin: string;
  readonly database: string;
  /** @returns the exit code of the bot, also when it has ended before. */
  readonly stop: () => Promise<number | null>;
}

export const startWebStage = async (applicants: number): Promise<WebStage> => {
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess(["--checks"]);
  const door = { client: sandbox.client, guild: await sandbox.client.exampleGuild({ applicants }) };
  await registerCommands(sandbox, folder.path, door.guild.guildId);
  const port = await freePort();
  const bot = await startBot(sandbox, folder.path, {
    built: bundleIsFresh(),
    env: dashboardEnv(sandbox, port, door.guild.roles.admin),
  });
  await setUpGate(door);
  return {
    sandbox,
    bot,
    door,
    origin: `http://127.0.0.1:${port}`,
    database: `${folder.path}/data.db`,
    stop: async () => {
      const code = await bot.stop();
      await sandbox.stop();
      folder.remove();
      return code;
    },
  };
};
