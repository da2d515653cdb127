/** What is deleted or taken away under the bot: it goes on, says why, and loses nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { as, moderator, person, privately, startHouse, verifyAndSend } from "../../support/badInput.js";
import {
  LOOKS,
  applyAs,
  buttonsOf,
  cardOf,
  cardsOf,
  confirmedCode,
  embedText,
  eventually,
  gateMessages,
  logEmbeds,
  pressCard,
  setUpGate,
  sleep,
  told,
} from "../../support/frontDoor.js";

const house = startHouse();
const { ledgerOf, quiet, open, allIsWell } = house;

/** A line of the fallback file. */
const Entry = z.looseObject({ guildId: z.string(), name: z.string(), why: z.string() });

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
    const lines = readFileSync(join(house.path, "action_log_fallback.jsonl"), "utf8").split("\n");
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
  const from = house.log().length;
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
  expect(house.log().slice(from).join("\n")).toMatch(/removed from a server/);
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

allIsWell(40);
