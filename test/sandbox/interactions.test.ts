import { ApplicationCommandOptionType, Events, MessageFlags } from "discord.js";
import type { Client, Interaction } from "discord.js";
import { assert, describe, it } from "vitest";
import { applyModal, bot, button, refusal, row, textChannel, town } from "./support.js";

/** Answers every interaction; an error of the handler is kept for the test to see. */
function answer(
  client: Client,
  handler: (interaction: Interaction) => Promise<unknown>,
): { errors: unknown[] } {
  const errors: unknown[] = [];
  client.on(
    Events.InteractionCreate,
    (interaction) => void handler(interaction).catch((error: unknown) => errors.push(error)),
  );
  return { errors };
}

describe("a button opens a modal, whose answer posts a card", () => {
  it("goes from press to reply over real sockets", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const gate = await textChannel(client, guild.channels.gate);
    const posted = await gate.send({ content: "Welcome", components: [row(button("verify", "Verify"))] });
    const { errors } = answer(client, async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(applyModal());
      else if (interaction.isModalSubmit()) {
        const why = interaction.fields.getTextInputValue("why");
        const review = await textChannel(client, guild.channels.review);
        await interaction.reply({ content: "Thank you", flags: MessageFlags.Ephemeral });
        await review.send({ embeds: [{ title: "Application", description: why }] });
      }
    });

    const anna = driver.as(guild.applicantIds[0] ?? "", guild.guildId);
    const pressed = await anna.press(guild.channels.gate, posted.id, "Verify");
    assert.equal(pressed.ackType, "modal");
    assert.equal(pressed.modal?.title, "Apply");
    assert(pressed.modal);
    const submitted = await anna.submitModal(pressed.modal, { "Why?": "I like foxes" });
    assert.equal(submitted.ackType, "reply");
    assert.equal(submitted.ephemeral, true);
    assert.equal(submitted.reply?.content, "Thank you");
    assert(submitted.ackMs !== null && submitted.ackMs < 3_000);

    await driver.waitFor({
      event: "message_created",
      channelId: guild.channels.review,
      text: "I like foxes",
    });
    assert.deepEqual(
      (await anna.messages(guild.channels.gate)).map(({ content }) => content),
      ["Welcome", "Thank you"],
    );
    assert.deepEqual(
      (await driver.messages(guild.channels.gate)).map(({ content }) => content),
      ["Welcome"],
    );
    assert.deepEqual(errors, []);
  });
});

describe("slash commands", () => {
  it("reach the bot as they were registered, and offer its autocomplete", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await client.application.commands.set(
      [
        {
          name: "accept",
          description: "Accept an application",
          options: [
            {
              type: ApplicationCommandOptionType.String,
              name: "app",
              description: "Short code",
              required: true,
              autocomplete: true,
            },
            { type: ApplicationCommandOptionType.User, name: "user", description: "Who" },
          ],
        },
      ],
      guild.guildId,
    );
    answer(client, async (interaction) => {
      if (interaction.isAutocomplete())
        await interaction.respond([{ name: "Anna", value: `${interaction.options.getFocused()}1` }]);
      else if (interaction.isChatInputCommand()) {
        await interaction.deferReply();
        await interaction.editReply(
          `${interaction.options.getString("app")} ${interaction.options.getUser("user")?.username}`,
        );
      }
    });
    const mara = driver.as(guild.moderatorIds[0], guild.guildId);
    const typed = await mara.autocomplete(guild.channels.review, "accept", "app", { app: "ab" });
    assert.deepEqual(typed.choices, [{ name: "Anna", value: "ab1" }]);
    const done = await mara.slash(
      guild.channels.review,
      "accept",
      { app: "ab1", user: guild.applicantIds[0] ?? "" },
      { until: "settled" },
    );
    assert.equal(done.ackType, "defer");
    assert.equal(done.reply?.content, "ab1 anna");
    const refused = await refusal(mara.slash(guild.channels.review, "accept", {}));
    assert.match(refused, /'app' is required/);
  });
});
