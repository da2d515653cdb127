import { MessageFlags } from "discord.js";
import { assert, describe, it } from "vitest";
import { applyModal, button, code, raw, refusal, row, textChannel, town, withButton } from "./support.js";

describe("acknowledging", () => {
  it("must happen within three seconds: after that the interaction is unknown", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const anna = here.driver.as(here.guild.applicantIds[0] ?? "");
    const pressed = anna.press(channelId, messageId, "verify");
    const interaction = await interactions();
    await here.driver.clock.advance(3_001);
    assert.equal((await pressed).failed, "no answer within 3 s");
    assert.equal(await code(interaction.reply("late")), 10062);
  });

  it("happens once", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const pressed = here.driver.as(here.guild.applicantIds[0] ?? "").press(channelId, messageId, "verify");
    const interaction = await interactions();
    await interaction.reply("first");
    assert.equal((await pressed).reply?.content, "first");
    // discord.js would refuse the second one by itself.
    const second = await raw(here, "POST", `/interactions/${interaction.id}/${interaction.token}/callback`, {
      type: 4,
      data: { content: "second" },
    });
    assert.equal(second.status, 400);
    assert.include(second.body, { code: 40060 });
  });

  it("is refused for a wrong token", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    await here.driver.fire([
      { kind: "press", userId: here.guild.applicantIds[0] ?? "", channelId, messageId, component: "verify" },
    ]);
    const interaction = await interactions();
    const answer = await raw(here, "POST", `/interactions/${interaction.id}/wrong/callback`, { type: 6 });
    assert.include(answer.body, { code: 10062 });
  });

  it("is measured from the dispatch to the callback's arrival, without the latency of the answer", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    await here.driver.setLatency(1_000);
    const pressed = here.driver.as(here.guild.applicantIds[0] ?? "").press(channelId, messageId, "verify");
    await (await interactions()).deferUpdate();
    const { ackMs } = await pressed;
    assert(ackMs !== null && ackMs < 500, `took ${ackMs} ms`);
  });
});

describe("answers", () => {
  it("with flag 64 are seen by the invoker alone, and not to be fetched by the bot", async () => {
    const here = await town();
    const { client, channelId, messageId, interactions } = await withButton(here);
    const [annaId = "", benId = ""] = here.guild.applicantIds;
    const pressed = here.driver.as(annaId).press(channelId, messageId, "verify");
    await (
      await interactions()
    ).reply({
      content: "for you",
      flags: MessageFlags.Ephemeral,
      components: [row(button("again"))],
    });
    const { reply, ephemeral } = await pressed;
    assert.equal(ephemeral, true);
    assert.equal((await here.driver.as(annaId).messages(channelId)).length, 2);
    assert.equal((await here.driver.as(benId).messages(channelId)).length, 1);
    const channel = await textChannel(client, channelId);
    assert.equal(await code(channel.messages.fetch(reply?.id ?? "")), 10008);
    const refused = await refusal(here.driver.as(benId).press(channelId, reply?.id ?? "", "again"));
    assert.match(refused, /sees no message/);
  });

  it("may be deferred and are settled by the edit", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const pressed = here.driver
      .as(here.guild.applicantIds[0] ?? "")
      .press(channelId, messageId, "verify", { until: "settled" });
    const interaction = await interactions();
    await interaction.deferReply();
    const [waiting] = (await here.driver.messages(channelId)).slice(-1);
    assert.equal(waiting?.flags, MessageFlags.Loading);
    await interaction.editReply("done");
    const outcome = await pressed;
    assert.equal(outcome.ackType, "defer");
    assert.equal(outcome.reply?.content, "done");
    assert.equal(outcome.reply?.flags, 0);
    assert.equal(outcome.settled, true);
  });

  it("that stay deferred are told as not settled, and can still be settled", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const options = { until: "settled", timeoutMs: 50 } as const;
    const pressed = here.driver
      .as(here.guild.applicantIds[0] ?? "")
      .press(channelId, messageId, "verify", options);
    const interaction = await interactions();
    await interaction.deferReply();
    const outcome = await pressed;
    assert.include(outcome, { settled: false, failed: "not settled within 50 ms" });
    await interaction.editReply("done");
    const later = await here.driver.outcome(outcome.interactionId);
    assert.equal(later.settled, true);
    assert.equal(later.failed, undefined);
  });

  it("that were deferred are filled by the first follow-up, further ones stand alone", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const pressed = here.driver.as(here.guild.applicantIds[0] ?? "").press(channelId, messageId, "verify");
    const interaction = await interactions();
    await interaction.deferReply();
    await interaction.followUp("one");
    await interaction.followUp({ content: "two", flags: MessageFlags.Ephemeral });
    const outcome = await here.driver.outcome((await pressed).interactionId);
    assert.equal(outcome.reply?.content, "one");
    assert.deepEqual(
      outcome.followUps.map(({ content }) => content),
      ["two"],
    );
  });

  it("may change the message of the button", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const anna = here.driver.as(here.guild.applicantIds[0] ?? "");
    const pressed = anna.press(channelId, messageId, "verify");
    await (await interactions()).update({ content: "claimed", components: [] });
    assert.equal((await pressed).ackType, "update");
    const [message] = await here.driver.messages(channelId);
    assert.equal(message?.content, "claimed");
    assert.match(await refusal(anna.press(channelId, messageId, "verify")), /has no component/);
  });

  it("can be fetched, edited and deleted as @original until the token ends after 15 minutes", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const pressed = here.driver.as(here.guild.applicantIds[0] ?? "").press(channelId, messageId, "verify");
    const interaction = await interactions();
    const callback = await interaction.reply({ content: "hello", withResponse: true });
    assert.equal(callback.resource?.message?.content, "hello");
    await pressed;
    assert.equal((await interaction.fetchReply()).content, "hello");
    await interaction.deleteReply();
    assert.equal(await code(interaction.fetchReply()), 10008);
    await here.driver.clock.advance(15 * 60_000 + 1);
    assert.equal(await code(interaction.followUp("too late")), 50027);
  });

  it("before the acknowledgement have no webhook", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    await here.driver.fire([
      { kind: "press", userId: here.guild.applicantIds[0] ?? "", channelId, messageId, component: "verify" },
    ]);
    const interaction = await interactions();
    assert.equal(await code(interaction.webhook.send("hello")), 10015);
  });
});

describe("modals", () => {
  it("are a first answer only, and never the answer to a modal", async () => {
    const here = await town();
    const { client, channelId, messageId, interactions } = await withButton(here);
    const anna = here.driver.as(here.guild.applicantIds[0] ?? "");
    const pressed = anna.press(channelId, messageId, "verify");
    await (await interactions()).showModal(applyModal());
    const { modal: shown } = await pressed;
    assert(shown);
    const submitted = new Promise<{ id: string; token: string }>((resolve) =>
      client.once("interactionCreate", resolve),
    );
    const outcome = anna.submitModal(shown, { why: "because" });
    const { id, token } = await submitted;
    const again = await raw(here, "POST", `/interactions/${id}/${token}/callback`, {
      type: 9,
      data: { custom_id: "x", title: "x", components: [{ type: 10, content: "x" }] },
    });
    assert.include(again.body, { code: 50035 });
    await raw(here, "POST", `/interactions/${id}/${token}/callback`, { type: 6 });
    assert.equal((await outcome).ackType, "deferUpdate");
  });

  it("hold people to the limits of their fields, unless the driver forces it", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const anna = here.driver.as(here.guild.applicantIds[0] ?? "");
    const pressed = anna.press(channelId, messageId, "verify");
    await (await interactions()).showModal(applyModal());
    const { modal: shown } = await pressed;
    assert(shown);
    assert.match(await refusal(anna.submitModal(shown, {})), /'Why\?' is required/);
    assert.match(await refusal(anna.submitModal(shown, { why: "tiny" })), /at least 5/);
    assert.match(await refusal(anna.submitModal(shown, { why: "x".repeat(21) })), /at most 20/);
    assert.match(await refusal(anna.submitModal(shown, { other: "because" })), /no field 'other'/);
    const ben = here.driver.as(here.guild.applicantIds[1] ?? "");
    assert.match(await refusal(ben.submitModal(shown, { why: "because" })), /Only the person/);
  });
});

describe("what is pressed must really be there", () => {
  it("on a live message, enabled, and with something to press", async () => {
    const here = await town();
    const { client, channelId, messageId } = await withButton(here);
    const channel = await textChannel(client, channelId);
    const disabled = await channel.send({
      content: "x",
      components: [row(button("claim").setDisabled(true))],
    });
    const anna = here.driver.as(here.guild.applicantIds[0] ?? "");
    assert.match(await refusal(anna.press(channelId, disabled.id, "claim")), /disabled/);
    assert.match(
      await refusal(anna.press(channelId, messageId, "accept")),
      /has no component 'accept'; it has Verify \(verify\)/,
    );
    await here.driver.deleteMessage(channelId, messageId);
    assert.match(await refusal(anna.press(channelId, messageId, "verify")), /sees no message/);
    assert.match(
      await refusal(anna.press(here.guild.channels.review, disabled.id, "claim")),
      /cannot see #review/,
    );
  });

  it("but a hostile client can forge any custom id", async () => {
    const here = await town();
    const { channelId, interactions } = await withButton(here);
    const forged = here.driver
      .as(here.guild.applicantIds[0] ?? "")
      .forge(channelId, { customId: "v1:accept:nope" });
    const interaction = await interactions();
    assert.equal(interaction.customId, "v1:accept:nope");
    await interaction.deferUpdate();
    assert.equal((await forged).ackType, "deferUpdate");
  });
});
