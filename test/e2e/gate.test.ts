/** `/gate` as an admin uses it, over real sockets: set up, look after, change the questions, reset, and set up again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../sandbox/client.js";
import { DEFAULT_QUESTIONS } from "../../src/domain/Settings.js";
import {
  applyAs,
  buttonsOf,
  cardOf,
  dmsAbout,
  type Door,
  embedText,
  eventually,
  filled,
  gateMessages,
  inputsOf,
  logEmbeds,
  LOOKS,
  modalOf,
  pressVerify,
  setUpGate,
  told,
} from "../support/frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  registerCommands,
  RESET_PASSWORD,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

const folder = temporaryFolder();
const elsewhere = temporaryFolder();
let sandbox: SandboxProcess;
let bot: BotProcess;
let door: Door;

beforeAll(async () => {
  sandbox = await startSandboxProcess(["--checks"]);
  await registerCommands(sandbox, folder.path, null);
  bot = await startBot(sandbox, folder.path, { built: bundleIsFresh() });
}, 120_000);

beforeEach(async () => {
  await sandbox.client.clearViolations();
  door = { client: sandbox.client, guild: await sandbox.client.exampleGuild({ applicants: 2 }) };
}, 60_000);

afterAll(async () => {
  expect(await bot.stop()).toBe(0);
  await sandbox.stop();
  folder.remove();
  elsewhere.remove();
}, 30_000);

const admin = () => door.client.as(door.guild.adminId, door.guild.guildId);
const gate = (subcommand: string, options: Record<string, string> = {}) =>
  admin().slash(door.guild.channels.logs, "gate", options, { subcommand, until: "settled" });
/** Presses a button of a private answer. */
const pressOn = ({ reply }: Outcome, label: string) =>
  admin().press(door.guild.channels.logs, reply?.id ?? "", label, { until: "settled" });
const shown = ({ reply }: Outcome): string => (reply === undefined ? "" : embedText(reply));

const reset = async (password = RESET_PASSWORD) => {
  const form = modalOf(await gate("reset"));
  const outcome = await admin().submitModal(form, { confirm: "RESET", password }, { until: "settled" });
  return eventually(
    async () => told(await door.client.outcome(outcome.interactionId)),
    (words) => !words.includes("⏳"),
  );
};

/** What an applicant is asked. */
const asked = async (userId: string) => JSON.stringify(modalOf(await pressVerify(door, userId)).components);

describe("the set-up", () => {
  test("says of everything that it works, and so does /gate status until something breaks", async () => {
    const { client, guild } = door;
    const done = told(await setUpGate(door, { unverified_channel: guild.channels.unverified }));
    const lines = done.split("\n");
    expect(lines[0]).toBe("**Set up.**");
    expect(lines.slice(1).every((line) => line.startsWith("✅"))).toBe(true);
    expect(lines).toHaveLength(10);

    expect(shown(await gate("status"))).toContain("Nobody is waiting.");
    await applyAs(door, guild.applicantIds[0] ?? "");
    const fine = shown(await gate("status"));
    expect(fine).toMatch(/\*\*1\*\* waiting, \*\*0\*\* claimed; the oldest since <t:\d+:R>/);
    expect(fine).toContain("**Accepting somebody would work.**");

    await client.setOverwrites(guild.channels.general, [
      { id: guild.roles.bot, type: "role", deny: ["SendMessages"] },
    ]);
    await client.setRolePosition(guild.guildId, guild.roles.member, 41);
    const broken = await eventually(
      async () => shown(await gate("status")),
      (words) => words.includes("above the bot's role"),
    );
    expect(broken).toContain("**Accepting somebody would not work.**");
    expect(broken).toMatch(/❌ General channel <#\d+>: the bot lacks Send Messages there/);
    expect(broken).toMatch(/❌ Accepted role <@&\d+>: \*\*Member\*\* stands above the bot's role/);
    expect(await client.violations()).toEqual([]);
  });
});

describe("the questions", () => {
  test("are changed by option and by form; what is refused is kept, and applicants are asked the new ones", async () => {
    const { client, guild } = door;
    const [anna = "", ben = ""] = guild.applicantIds;
    await setUpGate(door);
    const list = await gate("set-questions");
    for (const question of DEFAULT_QUESTIONS) expect(shown(list)).toContain(question);

    const changed = await gate("set-questions", { q1: "Who are you?" });
    expect(told(changed)).toContain("Changed: question 1.");
    expect(await asked(anna)).toContain("Who are you?");

    const editor = modalOf(await pressOn(changed, "Edit"));
    expect(inputsOf(editor).map(({ value }) => value)).toEqual([
      "Who are you?",
      ...DEFAULT_QUESTIONS.slice(1),
    ]);
    const equal = { q1: "Who are you?", q2: "who are you?", q3: "Why here?", q4: "", q5: "" };
    const refused = await admin().submitModal(editor, equal, { until: "settled" });
    expect(told(refused)).toContain("Questions 1 and 2 are the same");
    expect(await asked(ben)).toContain(DEFAULT_QUESTIONS[1]);

    const again = modalOf(await pressOn(refused, "Go on editing"));
    expect(inputsOf(again).map(({ value = "" }) => value)).toEqual(Object.values(equal));
    const saved = await admin().submitModal(again, { q2: "" }, { until: "settled" });
    expect(told(saved)).toContain("Changed: question 2, question 3, question 4, question 5.");
    const form = modalOf(await pressVerify(door, ben));
    expect(inputsOf(form)).toHaveLength(2);
    expect(JSON.stringify(form.components)).toContain("Why here?");
    expect(await client.violations()).toEqual([]);
  });
});

describe("a reset", () => {
  test("takes the password, withdraws what is open, brings the defaults back, and may come twice", async () => {
    const { client, guild } = door;
    const [anna = ""] = guild.applicantIds;
    await setUpGate(door);
    const [first] = await gateMessages(door);
    await gate("set-questions", { q1: "Who are you?" });
    const code = await applyAs(door, anna);

    expect(await reset("not-the-password-of-this")).toContain("That is not the password");
    expect(buttonsOf(await cardOf(door, code))).toEqual(["Claim"]);

    expect(await reset()).toContain("**The gate is reset.** 1 open application withdrawn");
    const card = await cardOf(door, code, "Withdrawn");
    expect(buttonsOf(card)).toEqual(LOOKS);
    const messages = await eventually(
      () => dmsAbout(door, anna, code, "reset"),
      ({ length }) => length > 0,
    );
    expect(messages).toHaveLength(1);
    expect(await asked(anna)).toContain(DEFAULT_QUESTIONS[0]);

    expect(await reset()).toContain("**The gate is reset.** 0 open applications withdrawn");
    expect((await gateMessages(door)).map(({ id }) => id)).toEqual([first?.id]);
    expect(await client.pins(guild.channels.gate)).toHaveLength(1);
    await eventually(
      () => logEmbeds(door, "gate_reset"),
      ({ length }) => length >= 2,
    );
    expect(await logEmbeds(door, "gate_reset")).toHaveLength(2);
    expect(await logEmbeds(door, "password_failed")).toHaveLength(1);
    expect(await dmsAbout(door, anna, code, "reset")).toHaveLength(1);
    expect(await client.violations()).toEqual([]);
  });
});

test("a bot that has lost its database finds its own gate message, and posts no second one", async () => {
  const { client, guild } = door;
  await setUpGate(door);
  await setUpGate(door);
  const [first] = await gateMessages(door);
  await bot.stop();
  bot = await startBot(sandbox, elsewhere.path, { built: bundleIsFresh() });
  expect(told(await setUpGate(door))).toContain("✅ The gate message is posted and pinned.");
  expect((await gateMessages(door)).map(({ id }) => id)).toEqual([first?.id]);
  expect(await client.pins(guild.channels.gate)).toHaveLength(1);
  const form = modalOf(await pressVerify(door, guild.applicantIds[0] ?? ""));
  const sent = await client
    .as(guild.applicantIds[0] ?? "", guild.guildId)
    .submitModal(form, filled(form), { until: "settled" });
  expect(told(sent)).toContain("is in. A moderator reads it");
}, 60_000);
