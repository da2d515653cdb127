/** What a moderation bot asks of Discord all day: threads, members, commands, its own application, files, answers. */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  AttachmentBuilder,
  ChannelType,
  ComponentType,
  LabelBuilder,
  ModalBuilder,
  RoleSelectMenuBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  UserSelectMenuBuilder,
} from "discord.js";
import { assert, describe, it } from "vitest";
import { bot, code, incoming, raw, refusal, textChannel, town, withButton } from "./support.js";

describe("public threads", () => {
  it("begin at a message and share its id, once, or stand alone", async () => {
    const here = await town({
      example: { botPermissions: ["CreatePublicThreads", "SendMessagesInThreads", "ManageThreads"] },
    });
    const client = await bot(here);
    const general = await client.channels.fetch(here.guild.channels.general);
    assert(general?.type === ChannelType.GuildText);
    const message = await general.send("About otters");
    const thread = await message.startThread({ name: "otters" });
    assert.equal(thread.id, message.id);
    assert.equal(await code(message.startThread({ name: "again" })), 160_004);
    await thread.send("in the thread");
    assert.deepEqual(
      (await here.driver.messages(thread.id)).map(({ content }) => content),
      ["in the thread"],
    );
    const alone = await general.threads.create({ name: "alone", type: ChannelType.PublicThread });
    await thread.setArchived(true);
    const active = await general.threads.fetchActive();
    assert.deepEqual([...active.threads.keys()], [alone.id]);
    const archived = await general.threads.fetchArchived({ type: "public" });
    assert.deepEqual([...archived.threads.keys()], [thread.id]);
    await thread.delete();
    assert.isNull(await here.driver.channel(thread.id));
  });
});

describe("members", () => {
  it("are listed in pages, found by the beginning of their name, and edited below the bot's own role", async () => {
    const here = await town({ example: { botPermissions: ["ManageNicknames", "ModerateMembers"] } });
    const { applicantIds, guildId, ownerId } = here.guild;
    const [anna = ""] = applicantIds;
    const home = await (await bot(here)).guilds.fetch(guildId);
    const first = await home.members.list({ limit: 2 });
    const second = await home.members.list({ limit: 1000, after: first.lastKey() ?? "" });
    assert.equal(first.size + second.size, (await here.driver.guild(guildId)).memberCount);
    assert.equal(first.intersect(second).size, 0);

    const member = await home.members.fetch(anna);
    await member.setNickname("Zaphod");
    assert.deepEqual([...(await home.members.search({ query: "zaph" })).keys()], [anna]);
    await member.timeout(60_000, "quiet");
    const until = (await here.driver.member(guildId, anna))?.timeoutUntil ?? 0;
    assert.isAbove(until, (await here.driver.stats()).now);
    await member.timeout(null);
    assert.isNull((await here.driver.member(guildId, anna))?.timeoutUntil ?? null);
    const owner = await home.members.fetch(ownerId);
    assert.equal(await code(owner.setNickname("Boss")), 50_013);
  });
});

describe("application commands", () => {
  it("are made, changed and taken away one by one, everywhere or in one guild", async () => {
    const here = await town();
    const { guildId } = here.guild;
    const client = await bot(here);
    const { commands } = client.application;
    const everywhere = await commands.create({ name: "ping", description: "Pong" });
    const local = await commands.create({ name: "Report", type: ApplicationCommandType.Message }, guildId);
    assert.deepEqual([...(await commands.fetch()).keys()], [everywhere.id]);
    assert.deepEqual([...(await commands.fetch({ guildId })).keys()], [local.id]);
    await commands.edit(everywhere, {
      description: "Ping!",
      options: [{ type: ApplicationCommandOptionType.Boolean, name: "loud", description: "x" }],
    });
    const changed = await commands.fetch(everywhere.id, { force: true });
    assert.deepEqual([changed.description, changed.options.length], ["Ping!", 1]);
    // The same name takes the place of the first.
    assert.equal((await commands.create({ name: "ping", description: "Third" })).id, everywhere.id);
    await commands.delete(local.id, guildId);
    assert.equal((await commands.fetch({ guildId })).size, 0);
    await commands.set([]);
    assert.equal(await code(commands.fetch(everywhere.id, { force: true })), 10_063);
  });
});

describe("the bot's own account and application", () => {
  it("can be described, pictured and renamed", async () => {
    const here = await town();
    const client = await bot(here);
    const pixel =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await client.application.edit({ description: "Opens doors", tags: ["gate"] });
    const application = await client.application.fetch();
    assert.deepEqual([application.description, application.tags], ["Opens doors", ["gate"]]);
    await client.user.setAvatar(pixel);
    await client.user.setUsername("otterbot");
    const me = await client.users.fetch(here.guild.botId, { force: true });
    assert.equal(me.username, "otterbot");
    assert.equal((await fetch(me.displayAvatarURL({ extension: "png" }))).status, 200);
    assert.equal((await here.driver.people()).find(({ bot: isBot }) => isBot)?.username, "otterbot");
  });
});

describe("files", () => {
  it("are refused over ten megabytes each and twenty-five in all, and come back byte by byte below", async () => {
    const here = await town();
    const channel = await textChannel(await bot(here), here.guild.channels.general);
    const file = (size: number, name: string) => new AttachmentBuilder(Buffer.alloc(size, 7), { name });
    const MEGABYTE = 1024 * 1024;
    assert.equal(await code(channel.send({ files: [file(10 * MEGABYTE + 1, "a.bin")] })), 40_005);
    const three = ["a.bin", "b.bin", "c.bin"].map((name) => file(9 * MEGABYTE, name));
    assert.equal(await code(channel.send({ files: three })), 40_005);
    const sent = await channel.send({ files: [file(3 * MEGABYTE, "small.bin")] });
    const served = await fetch(sent.attachments.first()?.url ?? "");
    assert.isTrue(Buffer.alloc(3 * MEGABYTE, 7).equals(Buffer.from(await served.arrayBuffer())));
  });

  it("come late when the CDN is slow", async () => {
    const here = await town();
    const channel = await textChannel(await bot(here), here.guild.channels.general);
    const sent = await channel.send({ files: [new AttachmentBuilder(Buffer.from("x"), { name: "x.txt" })] });
    await here.driver.faults.cdn({ delayMs: 150 });
    const before = performance.now();
    assert.equal(await (await fetch(sent.attachments.first()?.url ?? "")).text(), "x");
    assert.isAtLeast(performance.now() - before, 149);
  });
});

describe("each interaction", () => {
  const callback = (here: Parameters<typeof raw>[0], id: string, token: string, body: object) =>
    raw(here, "POST", `/interactions/${id}/${token}/callback`, body);

  it.each([
    ["a command", [6, 7, 8], { type: 4, data: { content: "x" } }],
    ["a button", [8], { type: 6 }],
  ] as const)("of %s takes its own answers only", async (what, wrong, right) => {
    const here = await town();
    const { client, messageId, channelId } = await withButton(here);
    await client.application.commands.set([{ name: "ping", description: "x" }], here.guild.guildId);
    const take = incoming(client);
    const ada = here.driver.as(here.guild.adminId, here.guild.guildId);
    const acting =
      what === "a button" ? ada.press(channelId, messageId, "verify") : ada.slash(channelId, "ping");
    const { id, token } = await take();
    for (const type of wrong) {
      const data = type === 8 ? { choices: [] } : type === 7 ? { content: "x" } : undefined;
      const answer = await callback(here, id, token, { type, ...(data !== undefined && { data }) });
      assert.deepEqual([type, answer.status], [type, 400]);
    }
    assert.equal((await callback(here, id, token, right)).status, 204);
    assert.isUndefined((await acting).failed);
  });
});

describe("a form with words and selects", () => {
  const form = () =>
    new ModalBuilder()
      .setCustomId("m")
      .setTitle("About you")
      .addTextDisplayComponents(new TextDisplayBuilder().setContent("**Please** choose."))
      .addLabelComponents(
        new LabelBuilder()
          .setLabel("Colours")
          .setStringSelectMenuComponent(
            new StringSelectMenuBuilder()
              .setCustomId("colours")
              .setMaxValues(2)
              .addOptions({ label: "Red", value: "red" }, { label: "Blue", value: "blue" }),
          ),
        new LabelBuilder()
          .setLabel("Friend")
          .setUserSelectMenuComponent(new UserSelectMenuBuilder().setCustomId("friend")),
        new LabelBuilder()
          .setLabel("Role")
          .setRoleSelectMenuComponent(new RoleSelectMenuBuilder().setCustomId("role").setRequired(false)),
      );

  it("hands over what was chosen, with the people and roles behind it", async () => {
    const here = await town();
    const { client, messageId, channelId, interactions } = await withButton(here);
    const ada = here.driver.as(here.guild.adminId, here.guild.guildId);
    const pressed = ada.press(channelId, messageId, "verify");
    await (await interactions()).showModal(form());
    const { modal } = await pressed;
    assert(modal);
    assert.match(
      await refusal(ada.submitModal(modal, { Colours: "green", Friend: here.guild.ownerId })),
      /'Colours' does not offer 'green'/,
    );
    assert.match(await refusal(ada.submitModal(modal, { Colours: "red" })), /'Friend' takes 1 to 1 values/);

    const take = incoming(client);
    const sent = ada.submitModal(modal, { Colours: "red,blue", Friend: here.guild.ownerId });
    const interaction = await take();
    assert(interaction.isModalSubmit());
    const { fields } = interaction;
    assert.deepEqual(fields.getStringSelectValues("colours"), ["red", "blue"]);
    assert.equal(fields.getSelectedUsers("friend", true).first()?.id, here.guild.ownerId);
    assert.isNull(fields.getSelectedRoles("role"));
    assert.equal(fields.getField("friend").type, ComponentType.UserSelect);
    await interaction.reply("Thank you");
    assert.equal((await sent).reply?.content, "Thank you");
  });
});
