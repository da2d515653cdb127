/** A connection that Discord does not go on with: what happened meanwhile is not told, and yet made up for. */
import { expect, test } from "vitest";
import {
  applyAs,
  cardOf,
  cardsOf,
  embedText,
  eventually,
  logEmbeds,
  setUpGate,
} from "../support/frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  registerCommands,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

const LIMIT = 60_000;

test("after a lost session: who left, a deleted card and a role given by hand are noticed", async () => {
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess(["--checks"]);
  const { client } = sandbox;
  let bot: BotProcess | undefined;
  try {
    const guild = await client.exampleGuild({ applicants: 3 });
    const door = { client, guild };
    const { guildId, channels, roles } = guild;
    await registerCommands(sandbox, folder.path, guildId);
    bot = await startBot(sandbox, folder.path, { built: bundleIsFresh() });
    await setUpGate(door);
    const [leaver = "", waiter = "", helped = ""] = guild.applicantIds;
    const left = await applyAs(door, leaver);
    const lost = await applyAs(door, waiter);
    const given = await applyAs(door, helped);
    for (const code of [left, lost, given]) await cardOf(door, code, "Claim");
    const card = await cardOf(door, lost);

    // The bot stands still meanwhile, so that all of it falls between the two sessions.
    process.kill(bot.pid, "SIGSTOP");
    await client.faults.invalidateSessions();
    await client.removeMember(guildId, leaver);
    await client.deleteMessage(channels.review, card.id);
    await client.updateMember(guildId, helped, { roles: [roles.member] });
    process.kill(bot.pid, "SIGCONT");

    const again = await eventually(
      () => cardsOf(door, lost),
      ([now]) => now !== undefined && now.id !== card.id,
      LIMIT,
    );
    expect(again).toHaveLength(1);
    expect(embedText(await cardOf(door, left, "left the server", LIMIT))).toContain("left the server");
    const rows = await eventually(
      () => logEmbeds(door, "role_granted", given),
      ({ length }) => length > 0,
      LIMIT,
    );
    expect(rows).toHaveLength(1);
    expect(await client.violations()).toEqual([]);
  } finally {
    await bot?.stop();
    await sandbox.stop();
    folder.remove();
  }
}, 240_000);
