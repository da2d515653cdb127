import { PermissionFlagsBits } from "discord.js";
import { assert, describe, it } from "vitest";
import type { Permissions } from "../../sandbox/client.js";
import { bot, code, raw, textChannel, town } from "./support.js";

const NOBODY = "100000000000000000";

/** A town whose bot may do just this. */
const townWith = (...botPermissions: Extract<Permissions, readonly unknown[]>) =>
  town({ example: { botPermissions } });

describe("channels", () => {
  it("that the bot cannot see are Missing Access (50001), those that are not there Unknown Channel (10003)", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await driver.setOverwrites(guild.channels.review, [
      { id: guild.guildId, type: "role", deny: ["ViewChannel"] },
    ]);
    assert.equal(await code(client.channels.fetch(guild.channels.review, { force: true })), 50001);
    assert.equal(await code(client.channels.fetch(NOBODY)), 10003);
    const posted = await raw(here, "POST", `/channels/${guild.channels.review}/messages`, { content: "x" });
    assert.equal(posted.status, 403);
    assert.deepEqual(posted.body, { message: "Missing Access", code: 50001 });
  });

  it("follow overwrites: everyone, then roles, then the member", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const general = await textChannel(client, guild.channels.general);
    const everyone = { id: guild.guildId, type: "role", deny: ["SendMessages"] } as const;
    await driver.setOverwrites(general.id, [everyone]);
    assert.equal(await code(general.send("x")), 50013);
    await driver.setOverwrites(general.id, [
      everyone,
      { id: guild.roles.bot, type: "role", allow: ["SendMessages"] },
    ]);
    await general.send("x");
    await driver.setOverwrites(general.id, [
      everyone,
      { id: guild.roles.bot, type: "role", allow: ["SendMessages"] },
      { id: guild.botId, type: "member", deny: ["SendMessages"] },
    ]);
    assert.equal(await code(general.send("x")), 50013);
  });

  it("are all open to an Administrator, and to nobody during a timeout", async () => {
    const here = await town({ example: { botPermissions: ["Administrator"] } });
    const { driver, guild } = here;
    const client = await bot(here);
    await driver.setOverwrites(guild.channels.general, [
      { id: guild.guildId, type: "role", deny: ["ViewChannel", "SendMessages"] },
    ]);
    await (await textChannel(client, guild.channels.general)).send("x");

    const quiet = await townWith("ViewChannel", "SendMessages");
    await quiet.driver.updateMember(quiet.guild.guildId, quiet.guild.botId, {
      timeoutUntil: Date.now() + 60_000,
    });
    // Not even an overwrite that allows it.
    const allowed = { id: quiet.guild.botId, type: "member", allow: ["SendMessages"] } as const;
    await quiet.driver.setOverwrites(quiet.guild.channels.general, [allowed]);
    const refused = await raw(quiet, "POST", `/channels/${quiet.guild.channels.general}/messages`, {
      content: "x",
    });
    assert.include(refused.body, { code: 50013 });
  });

  it("of a guild the bot was thrown out of are Missing Access", async () => {
    const here = await town();
    const client = await bot(here);
    const left = new Promise((resolve) => client.once("guildDelete", resolve));
    await here.driver.removeBot(here.guild.guildId);
    await left;
    const refused = await raw(here, "GET", `/channels/${here.guild.channels.general}`);
    assert.include(refused.body, { code: 50001 });
  });
});

describe("roles", () => {
  it("are given and taken below the bot's own, once each", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const annaId = guild.applicantIds[0] ?? "";
    const anna = await (await client.guilds.fetch(guild.guildId)).members.fetch(annaId);
    await anna.roles.add(guild.roles.member, "accepted");
    await anna.roles.add(guild.roles.member);
    assert.deepEqual((await driver.member(guild.guildId, annaId))?.roles, [guild.roles.member]);
    const given = await driver.events({ event: "role_added" });
    assert.deepEqual(
      given.map(({ userId, roleId, reason }) => ({ userId, roleId, reason })),
      [{ userId: annaId, roleId: guild.roles.member, reason: "accepted" }],
    );
    await anna.roles.remove(guild.roles.member);
    assert.deepEqual((await driver.member(guild.guildId, annaId))?.roles, []);
  });

  it("at or above the bot's top role are refused with 50013, as are managed ones", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = await (await client.guilds.fetch(guild.guildId)).members.fetch(guild.applicantIds[0] ?? "");
    assert.equal(await code(anna.roles.add(guild.roles.admin)), 50013);
    const managed = await driver.createRole(guild.guildId, { name: "Booster", managed: true, position: 1 });
    assert.equal(await code(anna.roles.add(managed.id)), 50013);
    await driver.setRolePosition(guild.guildId, guild.roles.member, 10);
    assert.equal(await code(anna.roles.add(guild.roles.member)), 50013);
  });

  it("need Manage Roles, and must be there", async () => {
    const here = await townWith("ViewChannel");
    const { guild } = here;
    const add = (user: string, role: string) =>
      raw(here, "PUT", `/guilds/${guild.guildId}/members/${user}/roles/${role}`);
    const annaId = guild.applicantIds[0] ?? "";
    assert.include((await add(annaId, guild.roles.member)).body, { code: 50013 });
    assert.include((await add(annaId, NOBODY)).body, { code: 10011 });
    assert.include((await add(NOBODY, guild.roles.member)).body, { code: 10013 });
    const stranger = await here.driver.createUser({ username: "stranger" });
    assert.include((await add(stranger.id, guild.roles.member)).body, { code: 10007 });
  });
});

describe("kicking and banning", () => {
  it("removes a member, once, with the reason", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const annaId = guild.applicantIds[0] ?? "";
    const home = await client.guilds.fetch(guild.guildId);
    await home.members.kick(annaId, "spam");
    assert.equal(await driver.member(guild.guildId, annaId), null);
    assert.equal(await code(home.members.kick(annaId)), 10007);
    const [event] = await driver.events({ event: "member_kicked" });
    assert.include(event, { userId: annaId, reason: "spam" });
  });

  it("never reaches the owner, nor anybody whose top role is as high", async () => {
    const here = await town();
    const { guild } = here;
    const home = await (await bot(here)).guilds.fetch(guild.guildId);
    assert.equal(await code(home.members.kick(guild.ownerId)), 50013);
    assert.equal(await code(home.members.kick(guild.adminId)), 50013);
    assert.equal(await code(home.members.ban(guild.adminId)), 50013);
    await home.members.kick(guild.moderatorIds[0]);
  });

  it("needs its permission", async () => {
    const here = await townWith("ViewChannel");
    const home = await (await bot(here)).guilds.fetch(here.guild.guildId);
    assert.equal(await code(home.members.kick(here.guild.applicantIds[0] ?? "")), 50013);
    assert.equal(await code(home.bans.fetch()), 50013);
  });

  it("of a banned person is remembered until it is lifted", async () => {
    const here = await town();
    const { driver, guild } = here;
    const home = await (await bot(here)).guilds.fetch(guild.guildId);
    const annaId = guild.applicantIds[0] ?? "";
    await home.members.ban(annaId, { reason: "spam" });
    assert.deepEqual(await driver.bans(guild.guildId), [{ userId: annaId, reason: "spam" }]);
    await home.members.unban(annaId);
    assert.equal(await code(home.bans.fetch(annaId)), 10026);
    assert.equal(await code(home.members.unban(annaId)), 10026);
  });
});

describe("interactions carry the permissions", () => {
  it("of the person and of the bot in that channel", async () => {
    const here = await town();
    const { guild, driver } = here;
    const client = await bot(here);
    await client.application.commands.set([{ name: "who", description: "Who" }]);
    const asked = new Promise<bigint[]>((resolve) =>
      client.once("interactionCreate", (interaction) =>
        resolve([interaction.memberPermissions?.bitfield ?? 0n, interaction.appPermissions.bitfield]),
      ),
    );
    await driver.fire([
      { kind: "slash", userId: guild.moderatorIds[0], channelId: guild.channels.general, command: "who" },
    ]);
    const [theirs = 0n, its = 0n] = await asked;
    assert((theirs & PermissionFlagsBits.KickMembers) !== 0n);
    assert((theirs & PermissionFlagsBits.BanMembers) === 0n);
    assert((its & PermissionFlagsBits.ManageRoles) !== 0n);
  });
});
