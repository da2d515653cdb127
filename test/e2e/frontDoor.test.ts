/** The main job over real sockets, and what happens to it on a bad day. Every request is checked against Discord's own
 * description. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../sandbox/client.js";
import {
  applyAs,
  buttonsOf,
  cardOf,
  cardsOf,
  dmsAbout,
  type Door,
  embedText,
  eventually,
  gateMessages,
  logEmbeds,
  LOOKS,
  modalOf,
  pressCard,
  pressVerify,
  pressWithReason,
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
  door = { client: sandbox.client, guild: await sandbox.client.exampleGuild({ applicants: 3 }) };
  await setUpGate(door);
}, 60_000);

afterAll(async () => {
  expect(await bot.stop()).toBe(0);
  await sandbox.stop();
  folder.remove();
}, 30_000);

const people = () => {
  const { guild, client } = door;
  const [anna = "", ben = "", cleo = ""] = guild.applicantIds;
  const [mara, milo] = guild.moderatorIds;
  return { anna, ben, cleo, mara, milo, as: (userId: string) => client.as(userId, guild.guildId) };
};

const slash = (userId: string, command: string, options: Record<string, string | boolean> = {}) =>
  people().as(userId).slash(door.guild.channels.review, command, options, { until: "settled" });

const violations = () => sandbox.client.violations();
const holdsRole = async (userId: string) =>
  (await door.client.member(door.guild.guildId, userId))?.roles.includes(door.guild.roles.member) ?? false;

/** The reply of a slash command, once what follows from the decision stands in it. */
const finalReply = (outcome: Outcome) =>
  eventually(
    async () => told(await door.client.outcome(outcome.interactionId)),
    (text) => !text.includes("⏳"),
  );

describe("the way in", () => {
  test("leads from Verify to the role, and everybody concerned is told once", async () => {
    const { anna, mara } = people();
    const code = await applyAs(door, anna);
    expect(await dmsAbout(door, anna, code, "received").then(({ length }) => length)).toBeLessThanOrEqual(1);
    const card = await cardOf(door, code);
    expect(buttonsOf(card)).toEqual(["Claim"]);

    await pressCard(door, mara, code, "Claim");
    expect(buttonsOf(await cardOf(door, code, "Accept"))).toEqual([
      "Accept",
      "Reject",
      "Perm Reject",
      "Kick",
      "Copy UID",
      "View Avatar",
      "Ping in Unverified",
      "Unclaim",
    ]);
    await pressCard(door, mara, code, "Accept");
    const decided = await cardOf(door, code, "Welcome post: done");

    expect(embedText(decided)).toContain("✅ Role: done");
    expect(embedText(decided)).toContain("✅ Direct message: done");
    expect(buttonsOf(decided)).toEqual(LOOKS);
    expect(await cardsOf(door, code)).toHaveLength(1);
    expect(await holdsRole(anna)).toBe(true);
    expect(await dmsAbout(door, anna, code, "received")).toHaveLength(1);
    expect(await dmsAbout(door, anna, code, "approved")).toHaveLength(1);
    const welcomes = await door.client.messages(door.guild.channels.general);
    expect(welcomes.map(({ mentions }) => mentions.map(({ id }) => id))).toEqual([[anna]]);
    for (const [action, what] of [
      ["app_submitted", `#${code}`],
      ["claim", `#${code}`],
      ["approve", `#${code}`],
      ["role_granted", anna],
    ] as const) {
      await eventually(
        () => logEmbeds(door, action, what),
        ({ length }) => length > 0,
      );
      expect(await logEmbeds(door, action, what), action).toHaveLength(1);
    }
    expect(told(await pressVerify(door, anna))).toContain("verified here already");
    expect(await violations()).toEqual([]);
  });

  test("is set up once, however often /gate setup is run", async () => {
    const [first] = await gateMessages(door);
    await setUpGate(door);
    expect((await gateMessages(door)).map(({ id }) => id)).toEqual([first?.id]);
    expect(await door.client.pins(door.guild.channels.gate)).toHaveLength(1);
  });

  test("is not set up while something is missing, and says what", async () => {
    const { client, guild } = door;
    await client.setOverwrites(guild.channels.logs, [
      { id: guild.roles.bot, type: "role", deny: ["EmbedLinks"] },
    ]);
    const reply = told(await setUpGate(door, { unverified_channel: guild.channels.unverified }));
    expect(reply).toContain("Not set up yet");
    expect(reply).toContain("the bot lacks Embed Links there");
    expect(await logEmbeds(door, "config_change")).toHaveLength(1);
  });
});

describe("moderators", () => {
  test("press Claim in the same instant: one claims, the other is told privately who was faster", async () => {
    const { anna, mara, milo } = people();
    const code = await applyAs(door, anna);
    await cardOf(door, code, "Claim");
    const outcomes = await Promise.all([mara, milo].map((id) => pressCard(door, id, code, "Claim")));
    const [loser, ...others] = outcomes.filter(({ ackType }) => ackType === "reply");
    expect(others).toEqual([]);
    expect(loser?.ephemeral).toBe(true);
    expect(loser === undefined ? "" : told(loser)).toMatch(/already claimed by <@\d+>/);
    await eventually(
      () => logEmbeds(door, "claim", `#${code}`),
      ({ length }) => length > 0,
    );
    expect(await logEmbeds(door, "claim", `#${code}`)).toHaveLength(1);
  });

  test("decide with slash commands as with buttons, and hear how it went", async () => {
    const { anna, ben, cleo, mara } = people();
    const [forAnna, forBen, forCleo] = [
      await applyAs(door, anna),
      await applyAs(door, ben),
      await applyAs(door, cleo),
    ];

    const offered = await people()
      .as(mara)
      .autocomplete(door.guild.channels.review, "accept", "app", { app: forAnna.slice(0, 3) });
    expect(offered.choices?.map(({ value }) => value)).toContain(forAnna);

    const accepted = await finalReply(await slash(mara, "accept", { app: forAnna }));
    expect(accepted).toContain(`**#${forAnna}** of <@${anna}> is approved.`);
    expect(accepted).toContain("✅ Role: done");
    expect(await holdsRole(anna)).toBe(true);

    const rejected = await finalReply(
      await slash(mara, "reject", { user: ben, reason: "Please read the rules.", perm: true }),
    );
    expect(rejected).toContain("permanently rejected");
    expect(told(await pressVerify(door, ben))).toContain("cannot apply to this server any more");

    await finalReply(await slash(mara, "kick", { app: forCleo, reason: "Spam." }));
    expect(await door.client.member(door.guild.guildId, cleo)).toBeNull();
    expect(await dmsAbout(door, cleo, forCleo, "kicked")).toHaveLength(1);
    expect(embedText(await cardOf(door, forCleo, "Kick: done"))).toContain("Reason: Spam.");

    await eventually(
      () => logEmbeds(door, "perm_reject", `#${forBen}`),
      ({ length }) => length > 0,
    );
    expect(await logEmbeds(door, "claim", `#${forAnna}`)).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });

  test("give a claim back, their own or as an admin somebody else's", async () => {
    const { anna, mara, milo } = people();
    const code = await applyAs(door, anna);
    await pressCard(door, mara, code, "Claim");
    await cardOf(door, code, "Unclaim");
    expect(told(await slash(milo, "unclaim", { app: code }))).toContain(`claimed by <@${mara}>`);
    expect(told(await slash(door.guild.adminId, "unclaim", { app: code }))).toContain("is waiting");
    await pressCard(door, milo, code, "Claim");
    await pressCard(door, milo, code, "Unclaim");
    expect(buttonsOf(await cardOf(door, code, "Claim"))).toEqual(["Claim"]);
  });

  test("look at the person, read answers whole, and call the person for a while", async () => {
    const { anna, milo } = people();
    const { client, guild } = door;
    await setUpGate(door, { unverified_channel: guild.channels.unverified });
    const long = Array.from({ length: 5 }, (_, n) => `${n} ${"*".repeat(900)} end of ${n}`);
    const code = await applyAs(door, anna, long);
    await pressCard(door, milo, code, "Claim");
    expect(told(await pressCard(door, milo, code, "Copy UID"))).toBe(anna);
    const avatar = await pressCard(door, milo, code, "View Avatar");
    expect(avatar.ephemeral).toBe(true);
    expect(JSON.stringify(avatar.reply?.components)).toContain("lens.google.com");
    const answers = await pressCard(door, milo, code, "Full answers");
    expect(answers.ephemeral).toBe(true);
    expect(JSON.stringify(answers.reply?.embeds)).toContain("end of 0");
    const pinged = await pressCard(door, milo, code, "Ping in Unverified");
    const words = await eventually(
      async () => told(await client.outcome(pinged.interactionId)),
      (text) => text.includes("Pinged"),
    );
    expect(words).toContain(`Pinged <@${anna}>`);
    const standing = await client.messages(guild.channels.unverified);
    expect(standing.filter(({ content }) => content.includes(`<@${anna}>`))).toHaveLength(1);
    expect(told(await pressCard(door, milo, code, "Ping in Unverified"))).toContain("pinged a moment ago");
  });

  test("are moderators by role: others are told who may, privately", async () => {
    const { anna, ben } = people();
    const code = await applyAs(door, anna);
    const { channels } = door.guild;
    const card = await cardOf(door, code, "Claim");
    const customId = /v1:claim:\w+/.exec(JSON.stringify(card.components))?.[0] ?? "";
    const outcome = await people().as(ben).forge(channels.gate, { customId });
    expect(outcome.ephemeral).toBe(true);
    expect(told(outcome)).toBe("This is for moderators with the reviewer role.");
    const typed = await people().as(ben).slash(channels.gate, "accept", { app: code });
    expect(told(typed)).toBe("This is for moderators with the reviewer role.");
    expect(buttonsOf(await cardOf(door, code))).toEqual(["Claim"]);
    const health = await slash(people().mara, "health");
    expect(health.reply === undefined ? "" : embedText(health.reply)).toContain("All is well");
  });

  test("give a reason, which the person is told; after the cooldown there is another chance", async () => {
    const { anna, mara } = people();
    const code = await applyAs(door, anna);
    await pressCard(door, mara, code, "Claim");
    await pressWithReason(door, mara, code, "Reject", "Tell us a little more about yourself.");
    const card = embedText(await cardOf(door, code, "Direct message: done"));
    expect(card).toContain("Rejected");
    expect(card).toContain("may apply again");
    const [message] = await dmsAbout(door, anna, code, "rejected");
    expect(message === undefined ? "" : embedText(message)).toContain(
      "Tell us a little more about yourself.",
    );
    expect(told(await pressVerify(door, anna))).toMatch(/You can apply again <t:\d+:R>/);
  });
});

describe("on a bad day", () => {
  test("an outage of Discord delays what follows from a decision, and doubles nothing", async () => {
    const { anna, mara } = people();
    const { client, guild } = door;
    const code = await applyAs(door, anna);
    await pressCard(door, mara, code, "Claim");
    const card = await cardOf(door, code, "Accept");
    await client.faults.fail({
      method: "PUT",
      route: "/guilds/:guild/members/:user/roles/:role",
      status: 503,
      count: 1,
    });
    await client.as(mara, guild.guildId).press(guild.channels.review, card.id, "Accept");
    expect(embedText(await cardOf(door, code, "⏳ Role: trying again"))).toContain("Discord answered 503");
    await cardOf(door, code, "Welcome post: done", 20_000);
    expect(await holdsRole(anna)).toBe(true);
    expect(await client.messages(guild.channels.general)).toHaveLength(1);
    expect(await dmsAbout(door, anna, code, "approved")).toHaveLength(1);
  });

  test("a cut gateway connection is taken up again, and nobody's press is lost", async () => {
    const { client } = door;
    const { lastEvent } = await client.stats();
    await client.faults.dropGateway();
    await client.waitFor({ event: "gateway_resumed", since: lastEvent }, { timeoutMs: 20_000 });
    const code = await applyAs(door, people().anna);
    expect(await cardsOf(door, code).then(({ length }) => length)).toBeLessThanOrEqual(1);
    await cardOf(door, code);
  }, 40_000);

  test("a member who leaves takes the application back, and the card says so", async () => {
    const { anna } = people();
    const { client, guild } = door;
    const code = await applyAs(door, anna);
    await cardOf(door, code, "Claim");
    await client.removeMember(guild.guildId, anna);
    const card = await cardOf(door, code, "left the server");
    expect(embedText(card)).toContain("Withdrawn");
    expect(buttonsOf(card)).toEqual(LOOKS);
    await client.addMember(guild.guildId, anna);
    const again = await applyAs(door, anna);
    expect(embedText(await cardOf(door, again))).toContain(`#${code} withdrawn`);
  });
});

test("a purge bans those who joined lately, in one request, and lets staff be", async () => {
  const { as } = people();
  const { client, guild } = door;
  const { guildId, adminId, channels, roles } = guild;
  const raiders = await Promise.all(
    Array.from({ length: 3 }, async (_, n) => (await client.createUser({ username: `raider${n}` })).id),
  );
  const helper = (await client.createUser({ username: "helper" })).id;
  for (const id of raiders) await client.addMember(guildId, id);
  await client.addMember(guildId, helper, { roles: [roles.moderator] });
  const preview = () =>
    as(adminId).slash(channels.logs, "panic", { minutes: 60 }, { subcommand: "purge", until: "settled" });
  // Joins that come in one go are written together, a moment later.
  const shown = await eventually(preview, ({ reply }) =>
    ["3 people", "staff: 1"].every((words) => JSON.stringify(reply).includes(words)),
  );

  const { id = "" } = shown.reply ?? {};
  const modal = modalOf(await as(adminId).press(channels.logs, id, "Remove 3 people…"));
  const outcome = await as(adminId).submitModal(modal, { password: RESET_PASSWORD }, { until: "settled" });
  expect(told(outcome)).toMatch(/Remov/);
  const bans = await eventually(
    () => client.bans(guildId),
    (found) => found.length === 3,
  );
  expect(bans.map(({ userId }) => userId).sort()).toEqual([...raiders].sort());
  expect(await client.member(guildId, helper)).toBeDefined();
  const results = await eventually(
    () => logEmbeds(door, "purge", "removed: 3"),
    (found) => found.length === 1,
  );
  expect(results).toHaveLength(1);
  expect(await violations()).toEqual([]);
});
