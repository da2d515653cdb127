/** What a moderation bot asks of a guild, through discord.js, and how it is refused. */
import {
  AuditLogEvent,
  ChannelType,
  Events,
  GatewayIntentBits,
  GuildVerificationLevel,
  PermissionFlagsBits,
  Routes,
  WebhookClient,
} from "discord.js";
import type { Client } from "discord.js";
import { assert, describe, it } from "vitest";
import { avatarPng } from "../../sandbox/cdn/png.js";
import type { PermissionName } from "../../sandbox/client.js";
import { bot, code, INTENTS, next, raw, textChannel, town } from "./support.js";
import type { Town } from "./support.js";

const DAY = 86_400_000;
const dataUri = `data:image/png;base64,${avatarPng("picture").toString("base64")}`;

/** The town, with a bot that may do more than usual. */
async function moderation(...more: PermissionName[]): Promise<Town & { client: Client<true> }> {
  const here = await town();
  const role = (await here.driver.guild(here.guild.guildId)).roles.find(
    ({ id }) => id === here.guild.roles.bot,
  );
  const bits = more.reduce(
    (all, name) => all | PermissionFlagsBits[name as keyof typeof PermissionFlagsBits],
    0n,
  );
  await here.driver.setRolePermissions(
    here.guild.guildId,
    here.guild.roles.bot,
    (BigInt(role?.permissions ?? "0") | bits).toString(),
  );
  const client = await bot(here, {
    intents: [...INTENTS, GatewayIntentBits.GuildMessageReactions, GatewayIntentBits.GuildWebhooks],
  });
  return { ...here, client };
}

describe("bulk delete", () => {
  it("deletes two to a hundred at once as one event, but none older than 14 days", async () => {
    const { client, guild, driver } = await moderation();
    const general = await textChannel(client, guild.channels.general);
    assert(general.type === ChannelType.GuildText);
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push((await general.send(`m${n}`)).id);
    const told = next(client, Events.MessageBulkDelete);
    await general.bulkDelete(ids.slice(0, 2));
    assert.deepEqual([...(await told)[0].keys()].sort(), ids.slice(0, 2));
    assert.equal((await driver.messages(general.id)).length, 1);
    const path = Routes.channelBulkDelete(general.id);
    assert.equal(await code(client.rest.post(path, { body: { messages: [ids[2]] } })), 50035);
    await driver.clock.advance(15 * DAY);
    assert.equal(await code(client.rest.post(path, { body: { messages: [ids[2], ids[2]] } })), 50034);
  });

  it("needs Manage Messages", async () => {
    const here = await town({ example: { botPermissions: ["ViewChannel", "SendMessages"] } });
    const client = await bot(here);
    const general = await textChannel(client, here.guild.channels.general);
    const body = { messages: ["100000000000000001", "100000000000000002"] };
    assert.equal(await code(client.rest.post(Routes.channelBulkDelete(general.id), { body })), 50013);
  });
});

describe("reactions", () => {
  it("are listed, taken away from others, by emoji and all at once", async () => {
    const { client, guild, driver } = await moderation();
    const general = await textChannel(client, guild.channels.general);
    const message = await general.send("vote");
    const [anna = "", ben = ""] = guild.applicantIds;
    await message.react("👍");
    await driver.as(anna).react(general.id, message.id, "👍");
    await driver.as(ben).react(general.id, message.id, "👎");
    const fetched = await message.fetch(true);
    assert.deepEqual(
      fetched.reactions.cache.map((one) => [one.emoji.name, one.count, one.me]),
      [
        ["👍", 2, true],
        ["👎", 1, false],
      ],
    );
    const up = fetched.reactions.cache.get("👍");
    assert(up);
    assert.sameMembers([...(await up.users.fetch()).keys()], [anna, client.user.id]);
    await up.users.remove(anna);
    assert.deepEqual([...(await up.users.fetch()).keys()], [client.user.id]);
    const emojiGone = next(client, Events.MessageReactionRemoveEmoji);
    await fetched.reactions.cache.get("👎")?.remove();
    assert.equal((await emojiGone)[0].emoji.name, "👎");
    const allGone = next(client, Events.MessageReactionRemoveAll);
    await message.reactions.removeAll();
    await allGone;
    assert.equal((await message.fetch(true)).reactions.cache.size, 0);
    assert.equal(await code(message.react("nonsense")), 10014);
  });
});

describe("webhooks", () => {
  it("are made, write under any name, edit and delete what they wrote, and are known by their token", async () => {
    const here = await moderation("ManageWebhooks");
    const { client, guild, driver, sandbox } = here;
    const general = await textChannel(client, guild.channels.general);
    assert(general.type === ChannelType.GuildText);
    const changed = next(client, Events.WebhooksUpdate);
    const webhook = await general.createWebhook({ name: "Herald", avatar: dataUri });
    await changed;
    assert.equal(
      (await fetch(`${sandbox.cdnBase}/avatars/${webhook.id}/${webhook.avatar ?? ""}.png`)).status,
      200,
    );
    const outside = new WebhookClient(
      { id: webhook.id, token: webhook.token ?? "" },
      { rest: { api: sandbox.apiBase } },
    );
    const sent = await outside.send({ content: "hear", username: "Town crier" });
    assert.equal(sent.author.username, "Town crier");
    await outside.editMessage(sent.id, { content: "hear ye" });
    assert.equal((await driver.messages(general.id)).at(-1)?.content, "hear ye");
    await outside.deleteMessage(sent.id);
    assert.equal((await driver.messages(general.id)).length, 0);
    await webhook.edit({ name: "Heraldess" });
    assert.deepEqual(
      (await general.fetchWebhooks()).map(({ name }) => name),
      ["Heraldess"],
    );
    assert.equal((await (await client.guilds.fetch(guild.guildId)).fetchWebhooks()).size, 1);
    const wrong = await raw(here, "POST", `/webhooks/${webhook.id}/wrong`, { content: "x" });
    assert.deepEqual([wrong.status, wrong.body], [404, { message: "Unknown Webhook", code: 10015 }]);
    await webhook.delete();
    assert.equal(await code(outside.send("x")), 10015);
    assert.equal(await code(general.createWebhook({ name: "Discord news" })), 50035);
  });

  it("need Manage Webhooks, and are at most 15 in a channel", async () => {
    const { client, guild } = await moderation();
    const general = await textChannel(client, guild.channels.general);
    assert(general.type === ChannelType.GuildText);
    assert.equal(await code(general.createWebhook({ name: "x" })), 50013);
    const other = await moderation("ManageWebhooks");
    const path = Routes.channelWebhooks(other.guild.channels.general);
    for (let n = 0; n < 15; n++) await other.client.rest.post(path, { body: { name: `w${n}` } });
    assert.equal(await code(other.client.rest.post(path, { body: { name: "one more" } })), 30007);
  });
});

describe("a guild", () => {
  it("is renamed and pictured by who may, with pictures the CDN gives back", async () => {
    const { client, guild, sandbox } = await moderation("ManageGuild");
    const home = await client.guilds.fetch(guild.guildId);
    const told = next(client, Events.GuildUpdate);
    await home.edit({ name: "Den", icon: dataUri, verificationLevel: GuildVerificationLevel.High });
    assert.equal((await told)[1].name, "Den");
    const icon = await fetch(`${sandbox.cdnBase}/icons/${home.id}/${home.icon ?? ""}.png`);
    assert.deepEqual(Buffer.from(await icon.arrayBuffer()), avatarPng("picture"));
    assert.equal(await code(home.edit({ banner: dataUri })), 50101, "a banner needs boosts");
    assert.equal(await code(home.edit({ icon: "data:image/png;base64," })), 50035);
    assert.equal(await code(home.edit({ name: "x" })), 50035);
    await client.user.setBanner(dataUri);
    assert.equal(
      (await fetch(`${sandbox.cdnBase}/banners/${client.user.id}/${client.user.banner ?? ""}.png`)).status,
      200,
    );
  });

  it("moves roles and channels, roles only below the bot's own", async () => {
    const { client, guild } = await moderation("ManageChannels");
    const home = await client.guilds.fetch(guild.guildId);
    await home.roles.setPositions([{ role: guild.roles.unverified, position: 2 }]);
    assert.equal((await home.roles.fetch(guild.roles.unverified, { force: true }))?.position, 2);
    const path = Routes.guildRoles(guild.guildId);
    assert.equal(
      await code(client.rest.patch(path, { body: [{ id: guild.roles.admin, position: 1 }] })),
      50013,
    );
    assert.equal(
      await code(client.rest.patch(path, { body: [{ id: guild.roles.member, position: 9 }] })),
      50013,
    );
    await home.channels.setPositions([{ channel: guild.channels.general, position: 0 }]);
    const moved = await home.channels.fetch(guild.channels.general, { force: true });
    assert(moved?.type === ChannelType.GuildText);
    assert.equal(moved.rawPosition, 0);
    assert.equal((await home.roles.fetch()).size, 6);
  });

  it("bans many at once, names those it could not, and takes their messages along", async () => {
    const { client, guild, driver } = await moderation("ManageGuild");
    const home = await client.guilds.fetch(guild.guildId);
    const [anna = "", ben = ""] = guild.applicantIds;
    await driver.as(anna).say(guild.channels.general, "spam");
    const result = await home.bans.bulkCreate([anna, ben, guild.adminId], {
      deleteMessageSeconds: 3_600,
      reason: "raid",
    });
    assert.deepEqual([result.bannedUsers, result.failedUsers], [[anna, ben], [guild.adminId]]);
    assert.deepEqual(await driver.messages(guild.channels.general), []);
    assert.equal(await code(home.bans.bulkCreate([guild.ownerId])), 500_000);
    assert.deepEqual([...(await home.bans.fetch({ limit: 1, after: anna })).keys()], [ben]);
  });

  it("remembers in its audit log what the bot did and why", async () => {
    const { client, guild } = await moderation("ManageGuild", "ManageChannels");
    const home = await client.guilds.fetch(guild.guildId);
    const [anna = "", ben = "", cleo = ""] = guild.applicantIds;
    const told = next(client, Events.GuildAuditLogEntryCreate);
    await home.members.addRole({ user: anna, role: guild.roles.member, reason: "gut geprüft" });
    const [live] = await told;
    assert.deepEqual(
      [live.action, live.targetId, live.reason],
      [AuditLogEvent.MemberRoleUpdate, anna, "gut geprüft"],
    );
    await home.members.kick(ben, "rude");
    await (await home.members.fetch(cleo)).timeout(60_000, "loud");
    await home.channels.create({ name: "new", reason: "more room" });
    await home.setName("Den");
    const log = await home.fetchAuditLogs({ limit: 5 });
    assert.deepEqual(
      [...log.entries.values()].map(({ action, reason }) => [action, reason]),
      [
        [AuditLogEvent.GuildUpdate, null],
        [AuditLogEvent.ChannelCreate, "more room"],
        [AuditLogEvent.MemberUpdate, "loud"],
        [AuditLogEvent.MemberKick, "rude"],
        [AuditLogEvent.MemberRoleUpdate, "gut geprüft"],
      ],
    );
    const kicks = await home.fetchAuditLogs({ type: AuditLogEvent.MemberKick, user: client.user });
    assert.equal(kicks.entries.first()?.targetId, ben);
  });
});

describe("threads", () => {
  it("that are archived come in pages, and the bot's own by themselves", async () => {
    const { client, guild } = await moderation();
    const general = await textChannel(client, guild.channels.general);
    assert(general.type === ChannelType.GuildText);
    for (const name of ["one", "two", "three"]) {
      const thread = await general.threads.create({ name, type: ChannelType.PrivateThread });
      await thread.setArchived(true);
    }
    const page = await general.threads.fetchArchived({ type: "private", limit: 2 });
    assert.deepEqual([page.threads.map(({ name }) => name), page.hasMore], [["three", "two"], true]);
    const mine = await raw({ sandbox: (await town()).sandbox }, "GET", "/users/@me");
    assert.equal(mine.status, 200);
    const own = await client.rest.get(`/channels/${general.id}/users/@me/threads/archived/private`);
    assert.match(JSON.stringify(own), /"name":"one"/);
  });
});
