/**
 * Bad input against the real bot over real sockets: each gets a clear private answer or a reason in the log, and loses
 * nothing. One bot for all tests, and a guild of its own for each.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { readLedger, unsettled } from "../../bench/lib/Ledger.js";
import type { Outcome } from "../../sandbox/client.js";
import {
  applyAs,
  buttonIdsOf,
  buttonsOf,
  cardOf,
  cardsOf,
  confirmedCode,
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
  pressCard,
  pressVerify,
  pressWithReason,
  setUpGate,
  sleep,
  told,
} from "../support/frontDoor.js";
import {
  type BotProcess,
  bundleIsFresh,
  registerCommands,
  type SandboxProcess,
  startBot,
  startSandboxProcess,
  temporaryFolder,
} from "../support/processes.js";

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

/** Waits until nothing is under way any more. */
const quiet = async (door: Door): Promise<void> => {
  const left = await eventually(
    () => Promise.resolve(unsettled(ledgerOf(door))),
    (rows) => rows.length === 0,
  );
  expect(left).toEqual([]);
};

/** A guild that nobody else uses, set up. */
const open = async (applicants = 3): Promise<Door> => {
  const door = {
    client: sandbox.client,
    guild: await sandbox.client.exampleGuild({ name: "Otter Cove", applicants }),
  };
  // GUILD_CREATE travels on the same socket as interactions, so that the bot knows the guild by then.
  const outcome = await setUpGate(door);
  expect(told(outcome)).toContain("**Set up.**");
  expect(told(outcome)).toContain("posted and pinned");
  return door;
};

const person = ({ guild }: Door, index = 0): string => guild.applicantIds[index] ?? "";
const moderator = ({ guild }: Door): string => guild.moderatorIds[0];
const as = ({ client, guild }: Door, userId: string) => client.as(userId, guild.guildId);

/** Answered in time, to this person alone, in words. */
const privately = (outcome: Outcome): string => {
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
const applicationIdOf = async (door: Door, code: string): Promise<string> => {
  const claim = buttonIdsOf(await cardOf(door, code, "Claim")).get("Claim") ?? "";
  return claim.split(":").at(-1) ?? "";
};

/** A line of the fallback file. */
const Entry = z.looseObject({ guildId: z.string(), name: z.string(), why: z.string() });

const OLD = /from an older version of the bot/;

describe("custom ids", () => {
  test("unknown, stale and broken ones are answered privately and change nothing", async () => {
    const door = await open();
    const code = await applyAs(door, person(door));
    const id = await applicationIdOf(door, code);
    const before = ledgerOf(door);
    const broken = [
      "verify",
      "v0:verify",
      "v2:verify",
      "v1:nothing",
      "v1:",
      ":",
      "v1:claim",
      "v1:claim:",
      "v1:claim:not-an-id",
      "v1:claim:%E0%A4%A",
      `v1:claim:${id}:more`,
      `v1:claim:${id.toLowerCase()}`,
      `v0:claim:${id}`,
      `v1:refuse:approve:${id}`,
      `v1:reason:kick:${id}`,
      "v1:apply:0",
      "v1:__proto__:x",
      "v1:constructor",
      "__proto__",
      "\u202Ev1:verify",
      "💥".repeat(50),
      `v1:claim:${"A".repeat(91)}`,
      "'; DROP TABLE application; --",
    ];
    for (const customId of broken) {
      const outcome = await as(door, moderator(door)).forge(door.guild.channels.review, { customId });
      expect(privately(outcome), customId).toMatch(OLD);
    }
    const forms = [
      "v1:nothing",
      "v1:verify",
      `v1:claim:${id}`,
      `v1:reason:approve:${id}`,
      "reason",
      "v1:apply",
    ];
    for (const customId of forms) {
      const outcome = await as(door, moderator(door)).forge(door.guild.channels.review, {
        customId,
        type: "modal",
        values: { reason: "Because." },
      });
      expect(privately(outcome), customId).toMatch(OLD);
    }
    const after = ledgerOf(door);
    expect(after.applications).toEqual(before.applications);
    expect(after.actions).toEqual(before.actions);
  });

  test("buttons of a decided application say what it is already", async () => {
    const door = await open();
    const code = await applyAs(door, person(door));
    const id = await applicationIdOf(door, code);
    await pressCard(door, moderator(door), code, "Claim");
    await pressCard(door, moderator(door), code, "Accept");
    await cardOf(door, code, "Welcome post: done");
    const before = ledgerOf(door);
    for (const customId of [
      `v1:claim:${id}`,
      `v1:accept:${id}`,
      `v1:unclaim:${id}`,
      `v1:refuse:reject:${id}`,
    ]) {
      const outcome = await as(door, moderator(door)).forge(door.guild.channels.review, { customId });
      expect(privately(outcome), customId).toBe(`**#${code}** is approved already. Nothing was changed.`);
    }
    expect(ledgerOf(door).actions).toEqual(before.actions);
  });

  test("another guild's application is not there, and stays as it is", async () => {
    const door = await open();
    const other = await open();
    const code = await applyAs(other, person(other));
    const id = await applicationIdOf(other, code);
    const before = ledgerOf(other);
    const here = as(door, moderator(door));
    for (const customId of [
      `v1:claim:${id}`,
      `v1:accept:${id}`,
      `v1:unclaim:${id}`,
      `v1:retry:${id}`,
      `v1:refuse:kick:${id}`,
    ]) {
      const outcome = await here.forge(door.guild.channels.gate, { customId });
      expect(privately(outcome), customId).toBe("There is no application for this card in this server.");
    }
    const form = await here.forge(door.guild.channels.gate, {
      customId: `v1:reason:kick:${id}`,
      type: "modal",
      values: { reason: "I wish." },
    });
    expect(privately(form)).toBe("There is no application for this card in this server.");
    const slash = await here.slash(door.guild.channels.review, "accept", { app: code });
    expect(privately(slash)).toBe(`There is no application for **${code}** in this server.`);
    const byPerson = await here.slash(
      door.guild.channels.review,
      "kick",
      { user: person(other), reason: "I wish." },
      { force: true },
    );
    expect(privately(byPerson)).toBe("There is no application for this person in this server.");
    await sleep(300);
    const after = ledgerOf(other);
    expect(after.applications).toEqual(before.applications);
    expect(after.actions).toEqual(before.actions);
    expect(buttonsOf(await cardOf(other, code))).toEqual(["Claim"]);
  });

  test("an applicant who forges a moderator's buttons is told who they are for", async () => {
    const door = await open();
    const applicant = person(door);
    const code = await applyAs(door, applicant);
    const id = await applicationIdOf(door, code);
    const before = ledgerOf(door);
    for (const customId of [
      `v1:claim:${id}`,
      `v1:accept:${id}`,
      `v1:unclaim:${id}`,
      `v1:retry:${id}`,
      `v1:refuse:kick:${id}`,
    ]) {
      const outcome = await as(door, applicant).forge(door.guild.channels.gate, { customId });
      expect(privately(outcome), customId).toBe("This is for moderators with the reviewer role.");
    }
    const form = await as(door, applicant).forge(door.guild.channels.gate, {
      customId: `v1:reason:perm_reject:${id}`,
      type: "modal",
      values: { reason: "Me." },
    });
    expect(privately(form)).toBe("This is for moderators with the reviewer role.");
    for (const [command, options] of [
      ["accept", { app: code }],
      ["health", {}],
    ] as const) {
      const outcome = await as(door, applicant).slash(door.guild.channels.gate, command, options);
      expect(privately(outcome), command).toBe("This is for moderators with the reviewer role.");
    }
    expect(ledgerOf(door).actions).toEqual(before.actions);
    expect((await door.client.member(door.guild.guildId, applicant))?.roles).toEqual([]);
  });

  test("a moderator cannot decide what another has claimed, form in hand or not", async () => {
    const door = await open();
    const [mara, milo] = door.guild.moderatorIds;
    const code = await applyAs(door, person(door));
    const id = await applicationIdOf(door, code);
    await pressCard(door, mara, code, "Claim");
    const form = await as(door, milo).forge(door.guild.channels.review, {
      customId: `v1:reason:kick:${id}`,
      type: "modal",
      values: { reason: "Mine." },
    });
    expect(privately(form)).toContain(`is claimed by <@${mara}>. Only they can decide about it`);
    await sleep(300);
    expect(await door.client.member(door.guild.guildId, person(door))).not.toBeNull();
  });

  test("in direct messages they say where they work", async () => {
    const door = await open();
    const applicant = person(door);
    const code = await applyAs(door, applicant);
    const [dm] = await eventually(
      () => dmsAbout(door, applicant, code, "received"),
      (found) => found.length > 0,
    );
    for (const customId of ["v1:verify", "v1:apply-page:0"]) {
      const outcome = await door.client.as(applicant).forge(dm?.channel_id ?? "", { customId });
      expect(privately(outcome), customId).toContain("in a server only");
    }
  });
});

describe("forms", () => {
  test("another person's draft page opens one's own form, and nobody's answers leak or are lost", async () => {
    const door = await open();
    const [anna, ben] = [person(door, 0), person(door, 1)];
    const secret = "Anna's secret plan for a surprise party";
    const mine = modalOf(await pressVerify(door, anna));
    const [first = "", ...rest] = inputsOf(mine).map(({ custom_id }) => custom_id);
    const kept = await as(door, anna).submitModal(
      mine,
      { [first]: secret, ...Object.fromEntries(rest.map((id) => [id, " ".repeat(20)])) },
      { until: "settled" },
    );
    expect(privately(kept)).toContain("Almost there");
    for (const page of ["0", "1", "-1", "7", "1e9", "1.5", "0x0", "NaN", "Infinity", "%00", ""]) {
      const outcome = await as(door, ben).forge(door.guild.channels.gate, {
        customId: `v1:apply-page:${page}`,
      });
      if (outcome.modal === undefined) expect(privately(outcome), page).toMatch(OLD);
      else expect(JSON.stringify(outcome.modal), page).not.toContain(secret);
    }
    // Ben sends Anna's form: it counts as his own.
    const stolen = await as(door, ben).submitModal(mine, filled(mine), { until: "settled", force: true });
    const code = confirmedCode(stolen) ?? "";
    expect(embedText(await cardOf(door, code))).toContain(ben);
    const reopened = modalOf(await pressVerify(door, anna));
    expect(inputsOf(reopened)[0]?.value).toBe(secret);
    expect(ledgerOf(door).applications.map(({ userId, status }) => [userId, status])).toEqual([
      [anna, "draft"],
      [ben, "pending"],
    ]);
  });

  test.each([
    ["spaces", " ".repeat(40)],
    ["line ends and tabs", "\n\t \r\n".repeat(10)],
    ["zero-width characters", "\u200B\u200C\u200D\u2060\uFEFF".repeat(8)],
    ["control characters", "\u0000\u0001\u0007\u001B\u007F\u0085".repeat(8)],
    ["direction overrides", "\u202E\u202D\u2066\u2069\u200F".repeat(8)],
    ["blank letters", "\u3164\u2800\u115F\uFFA0\u00A0".repeat(8)],
    ["tag characters", "\u{E0041}\u{E007F}".repeat(10)],
    ["variation selectors", "\uFE0F\uFE0E\u{E0100}\u{E01EF}\u180B".repeat(8)],
  ])("an answer of only %s is asked for again, and the others are kept", async (_, nothing) => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const values = filled(form);
    const [asked = ""] = Object.keys(values);
    const outcome = await as(door, applicant).submitModal(
      form,
      { ...values, [asked]: nothing },
      { until: "settled" },
    );
    const words = privately(outcome);
    expect(words).toContain("How did you find this community?");
    expect(words).toContain("please answer this one");
    expect(words.split("\n")).toHaveLength(2);
    expect(ledgerOf(door).applications.map(({ status }) => status)).toEqual(["draft"]);

    const again = modalOf(
      await as(door, applicant).press(door.guild.channels.gate, outcome.reply?.id ?? "", "Go on writing"),
    );
    expect(
      inputsOf(again)
        .slice(1)
        .map(({ value }) => value),
    ).toEqual(Object.values(values).slice(1));
    const sent = await as(door, applicant).submitModal(again, { [asked]: "A friend of mine told me." });
    expect(confirmedCode(sent)).toMatch(/^[0-9a-f]{6}$/);
  });

  test("1000 emoji are kept, cut to what Discord takes, and can be mended", async () => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const values = filled(form);
    const [asked = ""] = Object.keys(values);
    const outcome = await as(door, applicant).submitModal(
      form,
      { ...values, [asked]: `x${"😀".repeat(1_000)}` },
      { until: "settled", force: true },
    );
    expect(privately(outcome)).toContain("please keep it under 1000 characters");
    const again = modalOf(
      await as(door, applicant).press(door.guild.channels.gate, outcome.reply?.id ?? "", "Go on writing"),
    );
    const offered = inputsOf(again)[0]?.value ?? "";
    // Discord counts an emoji of one code point as one.
    expect([...offered].length).toBeGreaterThan(490);
    expect([...offered].length).toBeLessThanOrEqual(1_000);
    expect(offered, "no half emoji").not.toMatch(/\p{Surrogate}/u);
    const sent = await as(door, applicant).submitModal(again, {}, { until: "settled", force: true });
    const code = confirmedCode(sent) ?? "";
    expect(embedText(await cardOf(door, code))).toContain("😀".repeat(100));
  });

  const HOSTILE: ReadonlyArray<readonly [name: string, text: string]> = [
    ["1000 emoji", "😀".repeat(1_000)],
    ["emoji made of many", "👨‍👩‍👧‍👦".repeat(90)],
    ["mention spam", "@everyone @here ".repeat(60)],
    ["code fences", "```js\n".repeat(150)],
    ["one open fence", "```ansi\n\u001B[31mred"],
    [
      "markdown",
      "# big\n> quote\n- list\n||spoiler|| **bold** [click](https://evil.example) ~~no~~ __u__ -# small",
    ],
    ["backslashes", "\\".repeat(1_000)],
    ["stars", "*".repeat(1_000)],
    ["mixed directions", "abc \u202Egnp.exe \u2067שלום\u2069 \u200Fdef and more"],
    ["control characters", "a\u0000b\u0007c\u001B[31md\u0085e and some more"],
    ["zero-width between letters", "p\u200Be\u200Bo\u200Bp\u200Bl\u200Be\u2060 of the sea"],
    ["combining marks", `Z${"\u0301".repeat(600)}algo is here`],
    ["line ends", "a\n".repeat(400)],
    ["Discord's own markup", "<t:1:R> </kick:1> <#1> <id:home> <:a:1234567890123456789> `x` ~~~"],
    ["custom ids and JSON", '{"custom_id":"v1:claim:x"} "; DROP TABLE application; --'],
  ];

  test.each(HOSTILE)("an answer of %s is taken and shown harmlessly", async (_, text) => {
    const door = await open(1);
    const { guild, client } = door;
    const applicant = person(door);
    const mentions = `${text.slice(0, 930)} <@${guild.adminId}> <@&${guild.roles.moderator}>`;
    const since = (await client.stats()).lastRequest;
    const form = modalOf(await pressVerify(door, applicant));
    const sent = await as(door, applicant).submitModal(
      form,
      filled(form, [text, mentions, text, text, text]),
      // Past the client's own count, which takes an emoji for two characters where Discord's takes it for one.
      { until: "settled", force: true },
    );
    const code = confirmedCode(sent) ?? "";
    expect(told(sent)).toContain("is in");
    const card = await cardOf(door, code);
    const fields = (card.embeds[0]?.fields ?? []).filter(({ name }) => /^\d\. /.test(name));
    expect(fields).toHaveLength(5);
    for (const { value } of fields) {
      expect(value.length).toBeLessThanOrEqual(1_024);
      expect(value).not.toBe("");
      expect(value, "nothing hidden").not.toMatch(
        // eslint-disable-next-line no-control-regex
        /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/,
      );
      // Whatever formats is behind a backslash of its own.
      const bare = value.replace(/\\[\s\S]/g, "");
      expect(bare, "no formatting").not.toMatch(/[*_~`|<>[\]]/);
      expect(bare, "no heading, quote or list").not.toMatch(/^\s*(#{1,3}|-#|>|[-+]|\d+\.)\s/m);
    }
    expect(card.mentions).toEqual([]);
    expect(card.mention_roles).toEqual([]);
    expect(card.mention_everyone).toBe(false);
    expect(embedText(card)).toContain("Application sent by");
    const refused = (await client.requests({ since })).filter(({ status }) => status >= 400);
    expect(refused).toEqual([]);
  });

  test("sending a form twice in the same moment makes one application", async () => {
    const door = await open(1);
    const applicant = person(door);
    const form = modalOf(await pressVerify(door, applicant));
    const submit = {
      kind: "submit",
      userId: applicant,
      guildId: door.guild.guildId,
      modalId: form.id,
      values: filled(form),
    } as const;
    const outcomes = await door.client.outcomes(await door.client.fire([submit, submit]), {
      until: "settled",
    });
    const words = outcomes.map(privately);
    expect(words.filter((text) => text.startsWith("Thank you!"))).toHaveLength(1);
    expect(words.filter((text) => /Your application \*\*#\w+\*\* is in and waiting/.test(text))).toHaveLength(
      1,
    );
    const [application] = ledgerOf(door).applications;
    await cardOf(door, application?.code ?? "");
    await sleep(300);
    expect(ledgerOf(door).applications).toHaveLength(1);
    expect(await cardsOf(door, application?.code ?? "")).toHaveLength(1);
    expect(await logEmbeds(door, "app_submitted")).toHaveLength(1);
  });
});

describe("reasons, names and options", () => {
  test("a reason of nothing visible is asked for, and the application stays open", async () => {
    const door = await open();
    const code = await applyAs(door, person(door));
    await pressCard(door, moderator(door), code, "Claim");
    for (const nothing of ["   ", "\u200B\u200B", "\u202E\u0007"]) {
      const outcome = await pressWithReason(door, moderator(door), code, "Reject", nothing);
      expect(privately(outcome)).toContain("A reason is needed");
    }
    const slash = await as(door, moderator(door)).slash(door.guild.channels.review, "reject", {
      app: code,
      reason: "\u200B \u2060",
    });
    expect(privately(slash)).toContain("A reason is needed");
    expect(ledgerOf(door).applications[0]?.status).toBe("claimed");
  });

  test("a hostile reason pings nobody, formats nothing and reaches the person, the log and the audit log", async () => {
    const door = await open();
    const applicant = person(door);
    const code = await applyAs(door, applicant);
    await pressCard(door, moderator(door), code, "Claim");
    const reason = `@everyone <@${door.guild.adminId}> \u202E**bold** \`\`\`\nnew line ü 😀 ${"é".repeat(390)}`;
    await pressWithReason(door, moderator(door), code, "Kick", reason);
    const card = await cardOf(door, code, "Kick: done");
    expect(embedText(card)).toContain("✅ Kick: done");
    const [dm] = await dmsAbout(door, applicant, code, "kicked");
    const [logged = ""] = await eventually(
      () => logEmbeds(door, "kick"),
      (found) => found.length > 0,
    );
    const [shown = ""] = /^Reason: .*$/m.exec(embedText(card)) ?? [];
    for (const text of [dm === undefined ? "" : embedText(dm), logged, shown]) {
      expect(text).toContain("\\*\\*bold\\*\\*");
      expect(text).not.toContain("\u202E");
      expect(text).not.toMatch(/(^|[^\\])`/);
    }
    const [kick] = await door.client.events({ event: "member_kicked", userId: applicant });
    expect(kick?.reason).toContain("new line ü 😀");
    expect(await door.client.member(door.guild.guildId, applicant)).toBeNull();
  });

  test("hostile names are shown as typed", async () => {
    const door = await open(1);
    const { client, guild } = door;
    const applicant = person(door);
    await client.updateUser(applicant, { globalName: "`@everyone` **x** \u202Eevil <@1> ```" });
    const code = await applyAs(door, applicant);
    await pressCard(door, moderator(door), code, "Claim");
    await pressCard(door, moderator(door), code, "Accept");
    await cardOf(door, code, "Welcome post: done");
    const [welcome] = (await client.messages(guild.channels.general)).filter(({ content }) =>
      content.includes(`<@${applicant}>`),
    );
    expect(welcome?.mentions.map(({ id }) => id)).toEqual([applicant]);
    expect(welcome?.mention_everyone).toBe(false);
    const [dm] = await dmsAbout(door, applicant, code, "approved");
    const text = dm === undefined ? "" : embedText(dm);
    expect(text).toContain("\\*\\*x\\*\\*");
    expect(text).not.toMatch(/(^|[^\\])`/);
    expect(text, "nothing hidden").not.toContain("\u202E");
  });

  test("a command that names no application, or none that is there, says so", async () => {
    const door = await open();
    const here = as(door, moderator(door));
    const { review } = door.guild.channels;
    expect(privately(await here.slash(review, "accept", {}))).toContain("Which application?");
    for (const app of ["zzzzzz", "000000", "#", "@everyone", "`x`", "𝟘𝟘𝟘𝟘𝟘"]) {
      const words = privately(await here.slash(review, "accept", { app }, { force: true }));
      expect(words, app).toMatch(
        /^There is no application for (\*\*[\w#-]+\*\*|that code) in this server\.$/,
      );
    }
    for (const user of [person(door), door.guild.botId]) {
      expect(privately(await here.slash(review, "unclaim", { user })), user).toBe(
        "There is no application for this person in this server.",
      );
    }
    const stale = await here.slash(review, "kick", { app: "000000" }, { force: true });
    expect(privately(stale)).toContain("This command has changed");
  });

  test("a set-up that would not work says what is missing and stores nothing", async () => {
    const client = sandbox.client;
    const guild = await client.exampleGuild({ name: "Wrong", applicants: 0 });
    const door = { client, guild };
    const notYet = await as(door, guild.adminId).slash(guild.channels.gate, "accept", { app: "000000" });
    expect(privately(notYet)).toContain("not set up yet");
    const forbidden = await client.createChannel(guild.guildId, {
      name: "secret",
      overwrites: [
        { id: guild.guildId, type: "role", deny: ["ViewChannel"] },
        { id: guild.botId, type: "member", deny: ["ViewChannel"] },
      ],
    });
    const words = privately(
      await setUpGate(door, { review_channel: forbidden.id, accepted_role: guild.roles.admin }),
    );
    expect(words).toContain("**Not set up yet.**");
    expect(words).toMatch(/❌ Review channel <#\d+>: the bot lacks View Channel/);
    expect(words).toMatch(/❌ Accepted role <@&\d+>: \*\*Admin\*\* stands above the bot's role/);
    for (const accepted_role of [guild.guildId, guild.roles.bot]) {
      expect(privately(await setUpGate(door, { accepted_role }))).toMatch(
        /❌ Accepted role <@&\d+>: .+ Choose a/,
      );
    }
    expect(await gateMessages(door)).toEqual([]);
    expect(ledgerOf(door).actions).toEqual([]);
  });
});

describe("what was deleted", () => {
  test("a card of an open application comes back, once", async () => {
    const door = await open();
    const code = await applyAs(door, person(door));
    const { review } = door.guild.channels;
    for (const button of ["Claim", "Accept"]) {
      const card = await cardOf(door, code, button);
      await quiet(door);
      await door.client.deleteMessage(review, card.id);
      await eventually(
        () => cardsOf(door, code),
        (cards) => cards.some(({ id }) => id !== card.id),
      );
      await sleep(500);
      expect(await cardsOf(door, code)).toHaveLength(1);
      const outcome = await pressCard(door, moderator(door), code, button);
      expect(outcome.ackType).toBe("update");
    }
    expect(embedText(await cardOf(door, code, "Welcome post: done"))).toContain("**Approved**");
    expect(await cardsOf(door, code)).toHaveLength(1);
  });

  test("a card that is deleted while it is decided about loses neither the decision nor its effects", async () => {
    const door = await open();
    const { client, guild } = door;
    const code = await applyAs(door, person(door));
    await pressCard(door, moderator(door), code, "Claim");
    const card = await cardOf(door, code, "Accept");
    const [id] = await client.fire([
      {
        kind: "press",
        userId: moderator(door),
        guildId: guild.guildId,
        channelId: guild.channels.review,
        messageId: card.id,
        component: "Accept",
      },
    ]);
    await client.deleteMessage(guild.channels.review, card.id);
    await client.outcomes([id ?? ""], { until: "acknowledged", timeoutMs: 4_000 });
    const seen = await eventually(
      () => client.member(guild.guildId, person(door)),
      (member) => member?.roles.includes(guild.roles.member) ?? false,
    );
    expect(seen?.roles).toContain(guild.roles.member);
    const again = await cardOf(door, code, "Welcome post: done", 15_000);
    expect(embedText(again)).toContain("**Approved**");
    await quiet(door);
    expect(await cardsOf(door, code)).toHaveLength(1);
  });

  test("a card that is deleted while its redraw is planned comes back once", async () => {
    const door = await open();
    const { client, guild } = door;
    const { review } = guild.channels;
    const code = await applyAs(door, person(door));
    const card = await cardOf(door, code, "Claim");
    await quiet(door);
    // The claim is stored, but its answer does not arrive: the redraw is left to the outbox.
    await client.faults.fail({ method: "POST", route: "/interactions/:interaction/:token/callback" });
    await client.fire([
      {
        kind: "press",
        userId: moderator(door),
        guildId: guild.guildId,
        channelId: review,
        messageId: card.id,
        component: "Claim",
      },
    ]);
    await eventually(
      () => Promise.resolve(ledgerOf(door).applications[0]?.status),
      (status) => status === "claimed",
    );
    // The new card is on its way when the next change asks for a redraw.
    await client.faults.delay({ method: "POST", route: `/channels/${review}/messages`, ms: 700, count: 2 });
    await client.deleteMessage(review, card.id);
    await sleep(350);
    await as(door, moderator(door)).slash(guild.channels.logs, "accept", { app: code });
    expect(embedText(await cardOf(door, code, "Welcome post: done"))).toContain("**Approved**");
    await quiet(door);
    await client.faults.clear();
    expect(await cardsOf(door, code)).toHaveLength(1);
  });

  test("the gate message comes back with the next set-up, once", async () => {
    const door = await open();
    const [gate] = await gateMessages(door);
    await door.client.deleteMessage(door.guild.channels.gate, gate?.id ?? "");
    await setUpGate(door);
    await setUpGate(door);
    expect(await gateMessages(door)).toHaveLength(1);
    expect(confirmedCode(await verifyAndSend(door, person(door)))).toBeDefined();
  });

  test("the gate channel: another one is chosen and gets one gate message", async () => {
    const door = await open();
    const { client, guild } = door;
    await client.deleteChannel(guild.channels.gate);
    const moved = {
      ...door,
      guild: { ...guild, channels: { ...guild.channels, gate: guild.channels.unverified } },
    };
    expect(told(await setUpGate(moved))).toContain("posted and pinned");
    expect(await gateMessages(moved)).toHaveLength(1);
    expect(confirmedCode(await verifyAndSend(moved, person(door)))).toBeDefined();
  });

  test("the review channel: applications are taken, the reason is logged, and a new channel gets every card", async () => {
    const door = await open();
    const { client, guild } = door;
    const early = await applyAs(door, person(door, 0));
    await cardOf(door, early);
    await client.deleteChannel(guild.channels.review);
    const late = await applyAs(door, person(door, 1));
    const [failure = ""] = await eventually(
      () => logEmbeds(door, "effect_failed"),
      (found) => found.length > 0,
    );
    expect(failure).toContain("The channel does not exist any more");
    const fresh = await client.createChannel(guild.guildId, { name: "review-2" });
    const moved = { ...door, guild: { ...guild, channels: { ...guild.channels, review: fresh.id } } };
    expect(told(await setUpGate(moved))).toContain("**Set up.**");
    for (const code of [early, late]) {
      expect(buttonsOf(await cardOf(moved, code, "Claim")), code).toEqual(["Claim"]);
      const outcome = await pressCard(moved, moderator(door), code, "Claim");
      expect(outcome.ackType, code).toBe("update");
      expect(await cardsOf(moved, code), code).toHaveLength(1);
    }
  });

  test("the logging channel: work goes on, the rows are kept, and their entries wait in the file", async () => {
    const door = await open();
    const { client, guild } = door;
    await quiet(door);
    await client.deleteChannel(guild.channels.logs);
    const code = await applyAs(door, person(door));
    await pressCard(door, moderator(door), code, "Claim");
    await pressCard(door, moderator(door), code, "Accept");
    const card = await cardOf(door, code, "Welcome post: done");
    expect(embedText(card)).toContain("✅ Role: done");
    expect(ledgerOf(door).actions.map(({ name }) => name)).toEqual([
      "config_change",
      "app_submitted",
      "claim",
      "approve",
      "role_granted",
    ]);
    await quiet(door);
    const lines = readFileSync(join(folder.path, "action_log_fallback.jsonl"), "utf8").split("\n");
    const waiting = lines.flatMap((line) => {
      const entry = line === "" ? undefined : Entry.parse(JSON.parse(line));
      return entry?.guildId === guild.guildId ? [entry] : [];
    });
    expect(waiting.map(({ name }) => name)).toEqual(["app_submitted", "claim", "approve", "role_granted"]);
    for (const { why } of waiting) expect(why).toMatch(/^The logging channel \d+ does not exist any more/);
  });

  test("the general channel: the role is given, and the welcome post fails in plain sight", async () => {
    const door = await open();
    const { client, guild } = door;
    await client.deleteChannel(guild.channels.general);
    const code = await applyAs(door, person(door));
    await pressCard(door, moderator(door), code, "Claim");
    await pressCard(door, moderator(door), code, "Accept");
    const card = await cardOf(door, code, "Welcome post: failed");
    expect(embedText(card)).toContain("✅ Role: done");
    expect(embedText(card)).toContain("❌ Welcome post: failed. The channel does not exist any more.");
    const [failure = ""] = await eventually(
      () => logEmbeds(door, "effect_failed"),
      (found) => found.length > 0,
    );
    expect(failure).toContain("The channel does not exist any more");
    const moved = {
      ...door,
      guild: { ...guild, channels: { ...guild.channels, general: guild.channels.unverified } },
    };
    await setUpGate(moved);
    await pressCard(moved, moderator(door), code, "Try again");
    const mended = await cardOf(moved, code, "Welcome post: done", 5_000);
    expect(embedText(mended), "the new channel is used").toContain("✅ Welcome post: done");
  });

  test("the accepted role: it fails in plain sight, and a new role is given on another try", async () => {
    const door = await open();
    const { client, guild } = door;
    await client.deleteRole(guild.guildId, guild.roles.member);
    const code = await applyAs(door, person(door));
    await pressCard(door, moderator(door), code, "Claim");
    await pressCard(door, moderator(door), code, "Accept");
    const card = await cardOf(door, code, "Role: failed");
    expect(embedText(card)).toContain("❌ Role: failed. The role does not exist any more.");
    const [failure = ""] = await eventually(
      () => logEmbeds(door, "effect_failed"),
      (found) => found.length > 0,
    );
    expect(failure).toContain("The role does not exist any more");
    expect(buttonsOf(await cardOf(door, code, "Try again"))).toEqual(["Try again", ...LOOKS]);

    await setUpGate(door, { accepted_role: guild.roles.unverified });
    await pressCard(door, moderator(door), code, "Try again");
    const mended = await cardOf(door, code, "Role: done", 5_000);
    expect(embedText(mended), "the role of today is given").toContain("✅ Role: done");
    expect((await client.member(guild.guildId, person(door)))?.roles).toContain(guild.roles.unverified);
  });

  test("the reviewer role: moderators are told, and an admin goes on", async () => {
    const door = await open();
    const { client, guild } = door;
    const code = await applyAs(door, person(door));
    const card = await cardOf(door, code, "Claim");
    // Still in the channel, but without the role.
    await client.setOverwrites(guild.channels.review, []);
    await client.deleteRole(guild.guildId, guild.roles.moderator);
    const press = (userId: string) =>
      as(door, userId).press(guild.channels.review, card.id, "Claim", { until: "settled" });
    expect(privately(await press(moderator(door)))).toBe("This is for moderators with the reviewer role.");
    expect((await press(guild.adminId)).ackType).toBe("update");
  });
});

test("a guild the bot was removed from: the reason is logged, others go on, and nothing is lost when it returns", async () => {
  const door = await open();
  const other = await open();
  const { client, guild } = door;
  const [anna, ben] = [person(door, 0), person(door, 1)];
  const accepted = await applyAs(door, anna);
  await pressCard(door, moderator(door), accepted, "Claim");
  await cardOf(door, accepted, "Accept");

  // Nothing gets through while the decision and a new application are made, and then the bot is gone.
  const away = [
    { method: "POST", route: `/channels/${guild.channels.review}/messages` },
    { method: "POST", route: `/channels/${guild.channels.logs}/messages` },
    { method: "PUT", route: "/guilds/:guild/members/:user/roles/:role" },
  ];
  for (const where of away) await client.faults.fail({ ...where, status: 503, count: 50 });
  const from = bot.log.length;
  await pressCard(door, moderator(door), accepted, "Accept");
  const waiting = await applyAs(door, ben);
  await client.removeBot(guild.guildId);
  await client.faults.clear();

  // Another guild notices nothing.
  const elsewhere = await applyAs(other, person(other));
  expect(buttonsOf(await cardOf(other, elsewhere))).toEqual(["Claim"]);
  const settled = await eventually(
    () => Promise.resolve(ledgerOf(door).effects.filter(({ state }) => state === "failed")),
    (failed) => ["DrawCard", "GrantRole"].every((wanted) => failed.some(({ kind }) => kind === wanted)),
    15_000,
  );
  expect(settled.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["DrawCard", "GrantRole"]));
  expect(bot.log.slice(from).join("\n")).toMatch(/removed from a server/);
  const failures = ledgerOf(door).actions.filter(({ name }) => name === "effect_failed");
  expect(failures.length).toBeGreaterThan(0);
  for (const { reason } of failures) expect(reason).toMatch(/not in (this|that) server|lacks|does not exist/);

  const { roleId } = await client.addBot(guild.guildId, [
    "ViewChannel",
    "SendMessages",
    "EmbedLinks",
    "ReadMessageHistory",
    "PinMessages",
    "ManageRoles",
    "KickMembers",
  ]);
  await client.setRolePosition(guild.guildId, roleId, 40);
  expect(told(await setUpGate(door))).toContain("**Set up.**");
  expect(await gateMessages(door)).toHaveLength(1);
  expect(ledgerOf(door).applications.map(({ code, status }) => [code, status])).toEqual([
    [accepted, "approved"],
    [waiting, "pending"],
  ]);
  const card = await cardOf(door, waiting, "Claim", 5_000).catch(() => undefined);
  expect(card, "the card of the application that came before the removal").toBeDefined();
  const failed = await cardOf(door, accepted, "Role: failed", 5_000);
  expect(buttonsOf(failed), "the card of the decision whose role could not be given").toEqual([
    "Try again",
    ...LOOKS,
  ]);
  await pressCard(door, moderator(door), accepted, "Try again");
  const mended = await cardOf(door, accepted, "Welcome post: done");
  expect(embedText(mended)).toContain("✅ Role: done");
});

const Mentions = z.object({
  allowed_mentions: z.object({
    parse: z.array(z.string()),
    users: z.array(z.string()).optional(),
    roles: z.array(z.string()).optional(),
  }),
});
const HasMessage = z.looseObject({ content: z.string().optional(), embeds: z.array(z.unknown()).optional() });
const Callback = z.looseObject({ type: z.number(), data: z.unknown().optional() });

test("in all of this nobody was pinged but the welcomed, no request was malformed, and the bot is well", async () => {
  const { client } = sandbox;
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
    expect(message.data.content).toBe(`Please welcome <@${allowed.users?.[0] ?? ""}> to **Otter Cove**!`);
  }
  expect(messages).toBeGreaterThan(100);
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
});

async function verifyAndSend(door: Door, userId: string): Promise<Outcome> {
  const form = modalOf(await pressVerify(door, userId));
  return as(door, userId).submitModal(form, filled(form), { until: "settled" });
}
