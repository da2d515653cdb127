import { ActionRowBuilder, Events, StringSelectMenuBuilder, UserSelectMenuBuilder } from "discord.js";
import { assert, describe, it } from "vitest";
import { bot, button, incoming, next, raw, refusal, row, textChannel, town } from "./support.js";

describe("select menus", () => {
  it("hand over what was chosen, within what they offer", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const general = await textChannel(client, guild.channels.general);
    const words = new StringSelectMenuBuilder().setCustomId("words").setMaxValues(2);
    words.addOptions({ label: "A", value: "a" }, { label: "B", value: "b" }, { label: "C", value: "c" });
    const people = new UserSelectMenuBuilder().setCustomId("people");
    const message = await general.send({
      content: "x",
      components: [
        new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(words),
        new ActionRowBuilder<UserSelectMenuBuilder>().addComponents(people),
      ],
    });
    const take = incoming(client);
    const anna = driver.as(guild.applicantIds[0] ?? "");
    const chosen = anna.press(general.id, message.id, "words", { values: ["a", "c"] });
    const first = await take();
    assert(first.isStringSelectMenu());
    assert.deepEqual(first.values, ["a", "c"]);
    await first.deferUpdate();
    await chosen;
    const picked = anna.press(general.id, message.id, "people", { values: [guild.ownerId] });
    const second = await take();
    assert(second.isUserSelectMenu());
    assert.equal(second.users.first()?.username, "owner");
    await second.deferUpdate();
    await picked;
    assert.match(
      await refusal(anna.press(general.id, message.id, "words", { values: ["z"] })),
      /does not offer 'z'/,
    );
    assert.match(await refusal(anna.press(general.id, message.id, "words")), /takes 1 to 2 values, not 0/);
  });
});

describe("in a direct message", () => {
  it("buttons work, with a user and without a member", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = await client.users.fetch(guild.applicantIds[0] ?? "");
    const message = await anna.send({ content: "Which guild?", components: [row(button("pick"))] });
    const take = incoming(client);
    const pressed = driver.as(anna.id).press(message.channelId, message.id, "pick");
    const interaction = await take();
    assert(interaction.isButton());
    assert.equal(interaction.inGuild(), false);
    await interaction.update({ content: "Thanks", components: [] });
    assert.equal((await pressed).reply?.content, "Thanks");
  });

  it("files go both ways", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const anna = driver.as(guild.applicantIds[0] ?? "");
    await (await client.users.fetch(anna.userId)).createDM();
    const heard = next(client, Events.MessageCreate);
    const base64 = Buffer.from("fox").toString("base64");
    await anna.dm("look", {
      uploads: [
        { filename: "fox.txt", contentType: "text/plain", base64 },
        { filename: "big.bin", size: 1000 },
      ],
    });
    const [message] = await heard;
    const [fox, big] = [...message.attachments.values()];
    assert.equal(await (await fetch(fox?.url ?? "")).text(), "fox");
    assert.equal(big?.size, 1000);
  });
});

describe("the newer layout", () => {
  it("is taken with its flag, refused without, and never mixed with content", async () => {
    const here = await town();
    const path = `/channels/${here.guild.channels.general}/messages`;
    const components = [
      { type: 17, components: [{ type: 10, content: "Hello" }, row(button("a")).toJSON()] },
    ];
    assert.equal((await raw(here, "POST", path, { flags: 1 << 15, components })).status, 200);
    assert.include((await raw(here, "POST", path, { components })).body, { code: 50035 });
    assert.include((await raw(here, "POST", path, { flags: 1 << 15, components, content: "x" })).body, {
      code: 50035,
    });
    await here.driver.waitFor({ event: "message_created", text: "Hello" });
  });
});

describe("a button of a guild the bot has left", () => {
  it("reaches nobody", async () => {
    const here = await town();
    const { driver, guild } = here;
    const general = await textChannel(await bot(here), guild.channels.general);
    const message = await general.send({ content: "x", components: [row(button("a"))] });
    await driver.removeBot(guild.guildId);
    const anna = driver.as(guild.applicantIds[0] ?? "", guild.guildId);
    assert.match(await refusal(anna.press(general.id, message.id, "a")), /The bot is not in Example/);
  });
});
