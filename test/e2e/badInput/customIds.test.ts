/** Custom ids that are unknown, old, torn or about something else, against the real bot over real sockets. */
import { describe, expect, test } from "vitest";
import { applicationIdOf, as, moderator, person, privately, startHouse } from "../../support/badInput.js";
import {
  applyAs,
  buttonsOf,
  cardOf,
  dmsAbout,
  eventually,
  pressCard,
  sleep,
} from "../../support/frontDoor.js";

const { ledgerOf, open, allIsWell } = startHouse();

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
      expect(privately(outcome), customId).toBe(
        `**#${code}** is approved already, by <@${moderator(door)}>. Nothing was changed.`,
      );
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

allIsWell(20);
