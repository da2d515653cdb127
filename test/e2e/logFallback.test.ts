/** The log loses its channel and gets another one: nothing is lost, nothing stands there twice, and admins hear of it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLedger, unsettled } from "../../bench/lib/Ledger.js";
import { applyAs, cardOf, embedText, eventually, pressCard, setUpGate } from "../support/frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  registerCommands,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

/** The bot looks every 15 seconds; a slow machine may need much longer. */
const LIMIT = 60_000;

test("a deleted logging channel: entries wait in the file, and go out once and in order to the new one", async () => {
  const folder = temporaryFolder();
  const sandbox = await startSandboxProcess(["--checks"]);
  const { client } = sandbox;
  let bot: BotProcess | undefined;
  try {
    const guild = await client.exampleGuild({ applicants: 1 });
    const door = { client, guild };
    const { guildId, channels, adminId } = guild;
    const [applicant = ""] = guild.applicantIds;
    await registerCommands(sandbox, folder.path, guildId);
    bot = await startBot(sandbox, folder.path, { built: bundleIsFresh() });
    const file = join(folder.path, "action_log_fallback.jsonl");
    const ledger = () => readLedger(join(folder.path, "data.db"), guildId);
    const quiet = () =>
      eventually(
        () => Promise.resolve(unsettled(ledger())),
        (rows) => rows.length === 0,
        LIMIT,
      );
    const notices = async () =>
      (await client.messages(channels.review)).map(embedText).filter((text) => text.startsWith("The log "));

    await setUpGate(door);
    await quiet();
    await client.deleteChannel(channels.logs);
    const code = await applyAs(door, applicant);
    await pressCard(door, guild.moderatorIds[0], code, "Claim");
    await cardOf(door, code, "Accept");
    expect(await quiet()).toEqual([]);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
    const [bad = ""] = await eventually(notices, ({ length }) => length > 0, LIMIT);
    expect(bad).toMatch(/^The log cannot be posted\nThe logging channel <#\d+> does not exist any more/);

    const fresh = await client.createChannel(guildId, { name: "log-2" });
    await client
      .as(adminId, guildId)
      .slash(
        channels.review,
        "config",
        { logging_channel: fresh.id },
        { subcommand: "set", until: "settled" },
      );
    expect(await quiet()).toEqual([]);
    const posts = [...(await client.messages(fresh.id))].sort((a, b) => a.id.localeCompare(b.id));
    const rows = posts.flatMap(({ embeds }) => embeds.map(({ footer }) => footer?.text.split(" ")[0] ?? ""));
    expect(rows).toEqual(["app_submitted", "claim", "config_change"]);
    const gone = await eventually(
      () => Promise.resolve(!existsSync(file)),
      (is) => is,
      LIMIT,
    );
    expect(gone).toBe(true);
    const all = await eventually(notices, ({ length }) => length > 1, LIMIT);
    expect(all.map((text) => text.split("\n")[0]).sort()).toEqual([
      "The log cannot be posted",
      "The log is posted again",
    ]);
    const warnings = bot.log.filter((line) => line.includes("The action log cannot be posted"));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("does not exist any more");
    expect(await client.violations()).toEqual([]);
  } finally {
    await bot?.stop();
    await sandbox.stop();
    folder.remove();
  }
}, 240_000);
