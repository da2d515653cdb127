import { ChannelType, Events } from "discord.js";
import { assert, describe, it } from "vitest";
import { bot, code, next, raw, refusal, textChannel, town } from "./support.js";

describe("a nonce with enforce_nonce", () => {
  it("gives back the message that is already there", async () => {
    const here = await town();
    const { driver, guild } = here;
    const general = await textChannel(await bot(here), guild.channels.general);
    const first = await general.send({ content: "once", nonce: "welcome:1", enforceNonce: true });
    const second = await general.send({ content: "once", nonce: "welcome:1", enforceNonce: true });
    assert.equal(second.id, first.id);
    assert.equal((await driver.messages(general.id)).length, 1);
    assert.equal((await driver.events({ event: "message_created" })).length, 1);
  });

  it("is for its channel and its few minutes only, and without enforce_nonce for nothing", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const general = await textChannel(client, guild.channels.general);
    const logs = await textChannel(client, guild.channels.logs);
    const message = { content: "once", nonce: "n", enforceNonce: true };
    await general.send(message);
    await logs.send(message);
    await driver.clock.advance(6 * 60_000);
    await general.send(message);
    await general.send({ content: "once", nonce: "n", enforceNonce: false });
    assert.equal((await driver.messages(general.id)).length, 3);
    assert.equal((await driver.messages(logs.id)).length, 1);
  });
});

describe("direct messages", () => {
  it("go through one channel per person, both ways", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = await client.users.fetch(guild.applicantIds[0] ?? "");
    await anna.send("You are in");
    const heard = next(client, Events.MessageCreate);
    await driver.as(anna.id).dm("Thanks");
    const [message] = await heard;
    assert.equal(message.content, "Thanks");
    assert.equal(message.channel.isDMBased(), true);
    assert.deepEqual(
      (await driver.dmsOf(anna.id)).map(({ content }) => content),
      ["You are in", "Thanks"],
    );
  });

  it("that are closed are refused with 50007, those without a common guild with 50278", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = await client.users.fetch(guild.applicantIds[0] ?? "");
    await driver.updateUser(anna.id, { dmsClosed: true });
    assert.equal(await code(anna.send("Hello")), 50007);
    await driver.updateUser(anna.id, { dmsClosed: false });
    await driver.removeMember(guild.guildId, anna.id);
    assert.equal(await code(anna.send("Hello")), 50278);
    assert.match(await refusal(driver.as(anna.id).dm("Hello")), /shares no guild/);
    assert.equal(await code(client.users.fetch("100000000000000000")), 10013);
  });
});

describe("messages", () => {
  it("are edited and deleted by their author", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const general = await textChannel(client, guild.channels.general);
    const message = await general.send({ content: "a", embeds: [{ title: "kept" }] });
    await message.edit("b");
    const [edited] = await driver.messages(general.id);
    assert.equal(edited?.content, "b");
    assert.equal(edited?.embeds[0]?.title, "kept");
    assert.notEqual(edited?.edited_timestamp, null);
    const theirs = await driver.as(guild.applicantIds[0] ?? "").say(general.id, "mine");
    const refused = await raw(here, "PATCH", `/channels/${general.id}/messages/${theirs.id}`, {
      content: "yours",
    });
    assert.include(refused.body, { code: 50005 });
    await general.messages.delete(theirs.id);
    assert.equal(await code(general.messages.fetch(theirs.id)), 10008);
  });

  it("of others reach the bot when written, edited and deleted", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = driver.as(guild.applicantIds[0] ?? "");
    const created = next(client, Events.MessageCreate);
    const said = await anna.say(guild.channels.general, "helo");
    await created;
    const updated = next(client, Events.MessageUpdate);
    await anna.edit(guild.channels.general, said.id, "hello");
    assert.equal((await updated)[1].content, "hello");
    const deleted = next(client, Events.MessageDelete);
    await anna.delete(guild.channels.general, said.id);
    assert.equal((await deleted)[0].id, said.id);
  });

  it("are paged by before, after, around and limit, newest first", async () => {
    const here = await town();
    const { driver, guild } = here;
    const anna = driver.as(guild.applicantIds[0] ?? "");
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push((await anna.say(guild.channels.general, String(i))).id);
    const page = async (query: string): Promise<unknown> => {
      const { body } = await raw(here, "GET", `/channels/${guild.channels.general}/messages?${query}`);
      return Array.isArray(body) ? body.map(({ content }: { content: string }) => content).join("") : body;
    };
    assert.equal(await page("limit=2"), "54");
    assert.equal(await page(`limit=2&before=${ids[3]}`), "21");
    assert.equal(await page(`limit=2&after=${ids[3]}`), "54");
    assert.equal(await page(`limit=4&around=${ids[3]}`), "5432");
    assert.include(await page("limit=101"), { code: 50035 });
  });

  it("mention only whom allowed_mentions lets them", async () => {
    const here = await town();
    const { driver, guild } = here;
    const general = await textChannel(await bot(here), guild.channels.general);
    const annaId = guild.applicantIds[0] ?? "";
    await general.send({ content: `<@${annaId}> @everyone`, allowedMentions: { parse: [] } });
    await general.send({ content: `<@${annaId}> @everyone`, allowedMentions: { users: [annaId] } });
    const [silent, loud] = await driver.messages(general.id);
    assert.deepEqual([silent?.mentions.length, silent?.mention_everyone], [0, false]);
    assert.deepEqual([loud?.mentions[0]?.id, loud?.mention_everyone], [annaId, false]);
  });

  it("carry files, which the CDN then serves", async () => {
    const here = await town();
    const { driver, guild } = here;
    const general = await textChannel(await bot(here), guild.channels.general);
    await general.send({
      content: "see",
      files: [{ attachment: Buffer.from("hello\r\nworld"), name: "transcript.txt" }],
    });
    const [message] = await driver.messages(general.id);
    const [file] = message?.attachments ?? [];
    assert.include(file, { filename: "transcript.txt", size: 12 });
    assert.equal(await (await fetch(file?.url ?? "")).text(), "hello\r\nworld");
  });

  it("can be answered, and the answer names them", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const heard = next(client, Events.MessageCreate);
    await driver.as(guild.applicantIds[0] ?? "").say(guild.channels.general, "question");
    const [question] = await heard;
    await question.reply("answer");
    const [, answer] = await driver.messages(guild.channels.general);
    assert.equal(answer?.message_reference?.message_id, question.id);
    const refused = await raw(here, "POST", `/channels/${guild.channels.general}/messages`, {
      content: "x",
      message_reference: { message_id: "100000000000000000" },
    });
    assert.include(refused.body, { code: 50035 });
  });
});

describe("pins", () => {
  it("are set once, listed newest first, and answer both generations of routes", async () => {
    const here = await town();
    const { driver, guild } = here;
    const gate = await textChannel(await bot(here), guild.channels.gate);
    const first = await gate.send("first");
    const second = await gate.send("second");
    await first.pin();
    await first.pin();
    assert.equal((await raw(here, "PUT", `/channels/${gate.id}/messages/pins/${second.id}`)).status, 204);
    assert.deepEqual(
      (await driver.pins(gate.id)).map(({ content }) => content),
      ["first", "second"],
    );
    assert.equal((await driver.events({ event: "message_pinned" })).length, 2);
    const { body } = await raw(here, "GET", `/channels/${gate.id}/messages/pins`);
    assert(typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items));
    assert.deepEqual(
      body.items.map(({ message }: { message: { content: string } }) => message.content),
      ["second", "first"],
    );
    await first.unpin();
    assert.equal((await driver.pins(gate.id)).length, 1);
  });
});

describe("private threads", () => {
  it("are seen by their members and by those who manage threads, and can be locked", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const general = await client.channels.fetch(guild.channels.general);
    assert(general?.type === ChannelType.GuildText);
    const thread = await general.threads.create({ name: "Anna · a1b2c3", type: ChannelType.PrivateThread });
    const [annaId = "", benId = ""] = guild.applicantIds;
    await thread.members.add(annaId);
    await thread.send("hello");
    assert.equal((await driver.as(annaId).messages(thread.id)).length, 1);
    assert.match(await refusal(driver.as(benId).messages(thread.id)), /cannot see/);
    await driver.as(annaId).say(thread.id, "hi");
    await thread.setLocked(true);
    await thread.setArchived(true);
    assert.match(await refusal(driver.as(annaId).say(thread.id, "still there?")), /locked/);
    const [listed] = await driver.threads(general.id);
    assert.include(listed, { archived: true, locked: true });
    assert.deepEqual(listed?.memberIds, [guild.botId, annaId]);
  });
});

describe("what Discord does not know fails loudly", () => {
  it("an unknown route is 501 and a violation", async () => {
    const here = await town({ expectViolations: true });
    const answer = await raw(here, "GET", `/guilds/${here.guild.guildId}/stickers`);
    assert.equal(answer.status, 501);
    const [violation] = await here.driver.violations();
    assert.include(violation, { kind: "unknown_route", method: "GET" });
  });

  it("an unknown field is a violation, and otherwise ignored as Discord does", async () => {
    const here = await town({ expectViolations: true });
    const answer = await raw(here, "POST", `/channels/${here.guild.channels.general}/messages`, {
      content: "x",
      embeds: [{ title: "x", colour: 7 }],
      ephemeral: true,
    });
    assert.equal(answer.status, 200);
    const violations = await here.driver.violations();
    assert.deepEqual(violations.map(({ path }) => path).sort(), ["embeds.0.colour", "ephemeral"]);
  });

  it("a wrong token is 401", async () => {
    const here = await town();
    const answer = await raw(here, "GET", "/users/@me", undefined, { authorization: "Bot nope" });
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.body, { message: "401: Unauthorized", code: 0 });
  });

  it("an audit-log reason over 512 characters is refused", async () => {
    const here = await town();
    const path = `/guilds/${here.guild.guildId}/members/${here.guild.applicantIds[0]}/roles/${here.guild.roles.member}`;
    assert.equal(
      (await raw(here, "PUT", path, undefined, { "x-audit-log-reason": "x".repeat(513) })).status,
      400,
    );
    assert.equal(
      (await raw(here, "PUT", path, undefined, { "x-audit-log-reason": "x".repeat(512) })).status,
      204,
    );
  });
});

describe("the CDN", () => {
  it("draws an avatar for every hash and every default", async () => {
    const { sandbox } = await town();
    for (const path of ["/embed/avatars/3.png", "/avatars/100000000000000000/abcdef.webp?size=256"]) {
      const picture = await fetch(`${sandbox.cdnBase}${path}`);
      assert.equal(picture.headers.get("content-type"), "image/png");
      assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).subarray(1, 4)], [0x50, 0x4e, 0x47]);
    }
    assert.equal((await fetch(`${sandbox.cdnBase}/attachments/1/2/none.txt`)).status, 404);
  });
});
