/** One bot for all tests of a file, a guild of its own for each, and what must be true in the end. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readLedger, unsettled } from "../../bench/lib/Ledger.js";
import type { Outcome, SandboxClient } from "../../sandbox/client.js";
import {
  buttonIdsOf,
  cardOf,
  type Door,
  eventually,
  filled,
  modalOf,
  pressVerify,
  setUpGate,
  told,
} from "./frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "./processes.js";

/** Starts a bot before the tests of a file, and ends it after them. */
export const startHouse = () => {
  const folder = temporaryFolder();
  let sandbox: SandboxProcess;
  let bot: BotProcess;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(["--checks"]);
    await sandbox.client.setLogLimit(200_000);
    await registerCommands(sandbox, folder.path, null);
    bot = await startBot(sandbox, folder.path, { built: bundleIsFresh() });
  }, 120_000);

  afterAll(async () => {
    await bot.stop();
    await sandbox.stop();
    folder.remove();
  });

  const ledgerOf = ({ guild }: Door) => readLedger(join(folder.path, "data.db"), guild.guildId);

  return {
    path: folder.path,
    client: (): SandboxClient => sandbox.client,
    log: (): ReadonlyArray<string> => bot.log,
    ledgerOf,
    /** Waits until nothing is under way any more. */
    quiet: async (door: Door): Promise<void> => {
      const left = await eventually(
        () => Promise.resolve(unsettled(ledgerOf(door))),
        (rows) => rows.length === 0,
      );
      expect(left).toEqual([]);
    },
    /** A guild that nobody else uses, set up. */
    open: async (applicants = 3): Promise<Door> => {
      const door = {
        client: sandbox.client,
        guild: await sandbox.client.exampleGuild({ name: GUILD_NAME, applicants }),
      };
      // GUILD_CREATE travels on the same socket as interactions, so that the bot knows the guild by then.
      const outcome = await setUpGate(door);
      expect(told(outcome)).toContain("**Set up.**");
      expect(told(outcome)).toContain("posted and pinned");
      return door;
    },
    /** The last test of a file. */
    allIsWell: (atLeast: number) => {
      test("in all of this nobody was pinged but the welcomed, no request was malformed, and the bot is well", async () => {
        await nothingIsAmiss(sandbox.client, bot, atLeast);
      });
    },
  };
};

const GUILD_NAME = "Otter Cove";

export const person = ({ guild }: Door, index = 0): string => guild.applicantIds[index] ?? "";
export const moderator = ({ guild }: Door): string => guild.moderatorIds[0];
export const as = ({ client, guild }: Door, userId: string) => client.as(userId, guild.guildId);

/** Answered in time, to this person alone, in words. */
export const privately = (outcome: Outcome): string => {
  expect(outcome.failed).toBeUndefined();
  expect(outcome.modal).toBeUndefined();
  expect(["reply", "defer"]).toContain(outcome.ackType);
  expect(outcome.ephemeral).toBe(true);
  expect(outcome.ackMs).toBeLessThan(3_000);
  const words = told(outcome);
  expect(words).not.toBe("");
  expect(words).not.toMatch(/Something went wrong/);
  return words;
};

/** The id by which an application's buttons name it. */
export const applicationIdOf = async (door: Door, code: string): Promise<string> => {
  const claim = buttonIdsOf(await cardOf(door, code, "Claim")).get("Claim") ?? "";
  return claim.split(":").at(-1) ?? "";
};

export const verifyAndSend = async (door: Door, userId: string): Promise<Outcome> => {
  const form = modalOf(await pressVerify(door, userId));
  return as(door, userId).submitModal(form, filled(form), { until: "settled" });
};

const Mentions = z.object({
  allowed_mentions: z.object({
    parse: z.array(z.string()),
    users: z.array(z.string()).optional(),
    roles: z.array(z.string()).optional(),
  }),
});
const HasMessage = z.looseObject({ content: z.string().optional(), embeds: z.array(z.unknown()).optional() });
const Callback = z.looseObject({ type: z.number(), data: z.unknown().optional() });

const nothingIsAmiss = async (client: SandboxClient, bot: BotProcess, atLeast: number): Promise<void> => {
  let messages = 0;
  for (const { method, route, body } of await client.requests()) {
    if (method !== "POST" && method !== "PATCH") continue;
    const callback = route.endsWith("/callback") ? Callback.safeParse(body) : undefined;
    // A reply or an update; forms, choices and deferrals say nothing aloud.
    if (callback?.success === true && callback.data.type !== 4 && callback.data.type !== 7) continue;
    const payload = callback?.success === true ? callback.data.data : body;
    const message = HasMessage.safeParse(payload);
    if (!message.success || (message.data.content === undefined && message.data.embeds === undefined))
      continue;
    messages += 1;
    const { allowed_mentions: allowed } = Mentions.parse(payload);
    expect(allowed.parse).toEqual([]);
    expect(allowed.roles ?? []).toEqual([]);
    if ((allowed.users ?? []).length === 0) continue;
    expect(allowed.users).toHaveLength(1);
    expect(message.data.content).toBe(`Please welcome <@${allowed.users?.[0] ?? ""}> to **${GUILD_NAME}**!`);
  }
  expect(messages).toBeGreaterThan(atLeast);
  const malformed = (await client.requests({ status: 400 })).map(({ route, code, body }) => ({
    route,
    code,
    body,
  }));
  expect(malformed).toEqual([]);
  expect(await client.violations()).toEqual([]);
  const failed = bot.log.filter((line) => line.includes('"level":50') || line.includes('"level":60'));
  expect(failed).toEqual([]);
  const health = await fetch(`http://127.0.0.1:${bot.httpPort}/health`);
  expect(health.status).toBe(200);
};
