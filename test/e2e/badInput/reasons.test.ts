/** Reasons, names and options at their worst, against the real bot over real sockets. */
import { describe, expect, test } from "vitest";
import { as, moderator, person, privately, startHouse } from "../../support/badInput.js";
import {
  applyAs,
  cardOf,
  dmsAbout,
  embedText,
  eventually,
  gateMessages,
  logEmbeds,
  pressCard,
  pressWithReason,
  setUpGate,
} from "../../support/frontDoor.js";

const house = startHouse();
const { ledgerOf, open, allIsWell } = house;

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
    const client = house.client();
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

allIsWell(10);
