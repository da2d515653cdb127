/** The sandbox and the bot, each a process of its own, with an example guild full of people. */
import { type ExampleGuild, renderMessage, type SandboxClient } from "../../sandbox/client.js";
import { cardOf, type Door } from "../../test/support/frontDoor.js";
import {
  type BotProcess,
  freePort,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../../test/support/processes.js";
import { dashboardEnv } from "../../test/support/webClient.js";
import { type Readable, readableFor, withoutAnswers } from "./readable.js";
import { Report } from "./Report.js";

/** The first of the applicants, by the order in which the scenes need them. */
const NAMES = ["Anna", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Iris", "Jon", "Kim", "Lea"];

export interface Stage extends Door {
  readonly sandbox: SandboxProcess;
  /** Where people sign in to the bot's dashboard. */
  readonly dashboardUrl: string;
  readonly report: Report;
  readonly readable: Readable;
  /** The person of this name. */
  readonly person: (name: string) => string;
  /** Applicants without a name of their own. */
  readonly crowd: ReadonlyArray<string>;
  readonly bot: () => BotProcess;
  /** SIGKILL: no warning, no chance to tidy up. */
  readonly killBot: () => Promise<void>;
  readonly startBotAgain: () => Promise<BotProcess>;
  /** Prints the review card of an application, without the answers unless asked. */
  readonly showCard: (code: string, whole?: boolean) => Promise<void>;
}

/** Everything that has to be tidied up, last first. */
export class Cleanup {
  private readonly tasks: Array<() => Promise<unknown> | void> = [];
  private running: Promise<void> | undefined;

  add(task: () => Promise<unknown> | void): void {
    this.tasks.push(task);
  }

  run(): Promise<void> {
    this.running ??= this.all();
    return this.running;
  }

  private async all(): Promise<void> {
    for (const task of this.tasks.reverse()) {
      try {
        await task();
      } catch (error) {
        process.stderr.write(`Tidying up: ${String(error)}\n`);
      }
    }
  }
}

const giveNames = async (client: SandboxClient, { applicantIds }: ExampleGuild): Promise<void> => {
  for (const [index, name] of NAMES.entries()) {
    const userId = applicantIds[index];
    if (userId !== undefined)
      await client.updateUser(userId, { globalName: name, username: name.toLowerCase() });
  }
};

export const setStage = async (
  cleanup: Cleanup,
  options: { readonly applicants: number; readonly guild: string; readonly flags: ReadonlyArray<string> },
): Promise<Stage> => {
  const sandbox = await startSandboxProcess(options.flags);
  cleanup.add(sandbox.stop);
  const { client } = sandbox;
  const folder = temporaryFolder();
  cleanup.add(folder.remove);
  const guild = await client.exampleGuild({ name: options.guild, applicants: options.applicants });
  await giveNames(client, guild);
  await registerCommands(sandbox, folder.path, guild.guildId);

  const port = await freePort();
  const env = dashboardEnv(sandbox, port, guild.roles.admin);
  const start = () => startBot(sandbox, folder.path, { env });
  let bot = await start();
  cleanup.add(() => bot.stop());

  const readable = await readableFor(client, guild.guildId, [
    ...guild.applicantIds,
    ...guild.moderatorIds,
    guild.adminId,
    guild.ownerId,
    guild.botId,
  ]);
  const report = new Report((line) => process.stdout.write(`${line}\n`), readable);
  const door = { client, guild };
  return {
    ...door,
    sandbox,
    dashboardUrl: `http://127.0.0.1:${port}/auth`,
    report,
    readable,
    person: (wanted) => {
      const id = guild.applicantIds[NAMES.indexOf(wanted)];
      if (id === undefined) throw new Error(`Nobody here is called ${wanted}`);
      return id;
    },
    crowd: guild.applicantIds.slice(NAMES.length),
    bot: () => bot,
    killBot: () => bot.kill(),
    startBotAgain: async () => {
      bot = await start();
      return bot;
    },
    showCard: async (code, whole = false) => {
      const card = await cardOf(door, code);
      report.show("In #review:", renderMessage(whole ? card : withoutAnswers(card)));
    },
  };
};
