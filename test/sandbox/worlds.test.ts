/** Tests that read like what people do, and worlds that can be kept and made again. */
import {
  ApplicationCommandOptionType,
  Events,
  MessageFlags,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { LabelBuilder, ModalBuilder } from "discord.js";
import type { Client, Interaction } from "discord.js";
import { assert, describe, it, onTestFinished } from "vitest";
import { SandboxClient } from "../../sandbox/client.js";
import { startSandbox } from "../../sandbox/index.js";
import { bot, button, next, refusal, row, textChannel, town } from "./support.js";

/** A bot with one button that opens a form, and a command that greets. */
function answers(client: Client): void {
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
}

async function answer(interaction: Interaction): Promise<void> {
  if (interaction.isButton()) {
    const input = new TextInputBuilder()
      .setCustomId("why")
      .setStyle(TextInputStyle.Short)
      .setMinLength(3)
      .setMaxLength(5);
    const label = new LabelBuilder().setLabel("Why?").setTextInputComponent(input);
    await interaction.showModal(
      new ModalBuilder().setCustomId("apply").setTitle("Apply").addLabelComponents(label),
    );
  } else if (interaction.isModalSubmit()) {
    const why = interaction.fields.getTextInputValue("why");
    await interaction.reply({ content: `You said ${why}`, flags: MessageFlags.Ephemeral });
  } else if (interaction.isChatInputCommand()) {
    await interaction.reply(`Hello ${interaction.options.getString("name", true)}`);
  }
}

describe("the driver by name", () => {
  it("presses, fills, submits, types commands, and expects what a channel shows", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    answers(client);
    await client.application.commands.set(
      [
        {
          name: "say",
          description: "x",
          options: [
            {
              type: ApplicationCommandOptionType.Subcommand,
              name: "hello",
              description: "x",
              options: [
                { type: ApplicationCommandOptionType.String, name: "name", description: "x", required: true },
              ],
            },
          ],
        },
      ],
      guild.guildId,
    );
    const { gate } = guild.channels;
    await (
      await textChannel(client, gate)
    ).send({ content: "old", components: [row(button("v", "Verify"))] });
    const coming = driver.expect(gate).toShow("newer");
    await (
      await textChannel(client, gate)
    ).send({ content: "newer", components: [row(button("v", "Verify"))] });
    await coming;
    await driver.expect(gate).toOffer("Verify");

    const anna = driver.as(guild.applicantIds[0] ?? "", guild.guildId);
    const alice = anna.in(gate);
    const { modal } = await alice.press("Verify");
    assert(modal);
    assert.match(await refusal(modal.fill({ "Why?": "no" }).submit()), /at least 3/);
    const sent = await modal.fill({ "Why?": "foxes" }).submit();
    assert.equal(sent.reply?.content, "You said foxes");
    await anna.expect(gate).toShow("You said foxes");
    assert.match(
      await refusal(driver.expect(gate).toShow("You said foxes", { timeoutMs: 50 })),
      /Waited 50 ms for the channel to show You said foxes, which has:\n[^]*newer/,
    );
    assert.equal((await alice.slash("say hello", { name: "Ben" })).reply?.content, "Hello Ben");
    assert.match(await refusal(alice.press("Nothing")), /No message there has 'Nothing'/);
  });

  it("counts characters as Discord's forms do: a fox of two UTF-16 units is one", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    answers(client);
    const channel = await textChannel(client, guild.channels.gate);
    await channel.send({ content: "x", components: [row(button("v", "Verify"))] });
    const alice = driver.as(guild.applicantIds[0] ?? "", guild.guildId).in(channel.id);
    const { modal } = await alice.press("Verify");
    assert(modal);
    assert.match(await refusal(modal.fill({ "Why?": "🦊🦊" }).submit()), /at least 3 characters, not 2/);
    const sent = await modal.fill({ "Why?": "🦊🦊🦊🦊🦊" }).submit();
    assert.equal(sent.reply?.content, "You said 🦊🦊🦊🦊🦊");
    await channel.send("🦊".repeat(2_000));
    assert.equal((await alice.say("🦊".repeat(2_000))).content.length, 4_000);
    assert.match(await refusal(alice.say("🦊".repeat(2_001))), /at most 2000/);
  });
});

describe("a world", () => {
  it("made with a clock that stands still has the same ids every time", async () => {
    const make = async (): Promise<unknown> => {
      const sandbox = await startSandbox({ now: Date.UTC(2026, 0, 1) });
      onTestFinished(() => sandbox.close());
      const driver = await SandboxClient.connect(sandbox.controlUrl);
      const guild = await driver.exampleGuild();
      const message = await driver.as(guild.ownerId).say(guild.channels.general, "hello");
      return [sandbox.token, guild, message.id, message.timestamp];
    };
    assert.deepEqual(await make(), await make());
  });

  it("is saved with all that is in it, and goes on in another sandbox with the same token", async () => {
    const { driver, guild, sandbox } = await town();
    const anna = driver.as(guild.applicantIds[0] ?? "");
    await anna.say(guild.channels.general, "before", {
      uploads: [{ filename: "a.txt", base64: Buffer.from("kept").toString("base64") }],
    });
    await anna.dm("hello bot");
    await driver.ban(guild.guildId, guild.applicantIds[2] ?? "", "rude");
    const other = await startSandbox({ world: sandbox.save() });
    onTestFinished(() => other.close());
    assert.equal(other.token, sandbox.token);
    const again = await SandboxClient.connect(other.controlUrl);
    const [message] = await again.messages(guild.channels.general);
    assert.equal(message?.content, "before");
    const url = message?.attachments[0]?.url.replace(sandbox.cdnBase, other.cdnBase) ?? "";
    assert.equal(await (await fetch(url)).text(), "kept");
    assert.equal((await again.dmsOf(anna.userId))[0]?.content, "hello bot");
    assert.equal((await again.bans(guild.guildId))[0]?.reason, "rude");
    await again.updateUser(anna.userId, { globalName: "Anna B" });
    assert.equal((await again.messages(guild.channels.general))[0]?.author.global_name, "Anna B");
    const client = await bot({ sandbox: other });
    assert.equal(client.guilds.cache.get(guild.guildId)?.memberCount, 7);
  });

  it("can be put back while a bot is connected, which then identifies again", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const before = await driver.saveWorld();
    await driver.as(guild.adminId).say(guild.channels.general, "undone");
    const ready = next(client, Events.ShardReady);
    await driver.loadWorld(before);
    await ready;
    assert.deepEqual(await driver.messages(guild.channels.general), []);
    const told = next(client, Events.MessageCreate);
    await driver.as(guild.adminId).say(guild.channels.general, "after");
    assert.equal((await told)[0].content, "after");
  });
});
