/** What a page that shows the world to people asks of the control API. */
import { ApplicationCommandOptionType, ApplicationCommandType, Events, MessageFlags } from "discord.js";
import { assert, describe, it } from "vitest";
import { bot, button, raw, row, textChannel, town, withButton } from "./support.js";

describe("one person's sight", () => {
  it("has the channels they can look into and whether they may write there", async () => {
    const { driver, guild } = await town();
    const [anna = ""] = guild.applicantIds;
    const seen = await driver.sight(anna);
    const [home] = seen.guilds;
    assert.equal(seen.user.globalName, "Anna");
    assert.deepEqual(
      home?.channels.map(({ name, canWrite }) => [name, canWrite]),
      [
        ["gate", true],
        ["general", true],
        ["unverified", true],
      ],
    );
    await driver.setOverwrites(guild.channels.general, [
      { id: guild.guildId, type: "role", deny: ["SendMessages"] },
    ]);
    const after = await driver.sight(anna);
    assert.equal(after.guilds[0]?.channels.find(({ name }) => name === "general")?.canWrite, false);
    assert.equal(seen.directChannelId, null);
    await driver.as(anna).dm("hello");
    assert.notEqual((await driver.sight(anna)).directChannelId, null);
  });

  it("has everybody, with what they are in a guild", async () => {
    const { driver, guild, sandbox } = await town();
    const people = await driver.people(guild.guildId);
    const ada = people.find(({ userId }) => userId === guild.adminId);
    assert(ada);
    assert.equal(ada.name, "Ada Admin");
    assert.equal(ada.member?.admin, true);
    assert.equal(people.find(({ username }) => username === "developer")?.member, null);
    const avatar = await fetch(ada.avatarUrl);
    assert.equal(avatar.headers.get("content-type"), "image/png");
    assert.isTrue(ada.avatarUrl.startsWith(sandbox.cdnBase));
  });

  it("has the commands shown to them, with options and choices", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await client.application.commands.set(
      [
        {
          name: "feed",
          description: "Feed",
          options: [
            {
              type: ApplicationCommandOptionType.String,
              name: "what",
              description: "What",
              required: true,
              choices: [{ name: "Hay", value: "hay" }],
            },
          ],
        },
        { name: "ban", description: "Ban", defaultMemberPermissions: "4" },
        { name: "Look", type: ApplicationCommandType.User },
      ],
      guild.guildId,
    );
    const names = async (userId: string): Promise<string[]> =>
      (await driver.commandsFor(userId, guild.channels.general)).map(({ name }) => name);
    assert.deepEqual(await names(guild.applicantIds[0] ?? ""), ["feed", "Look"]);
    assert.deepEqual(await names(guild.adminId), ["feed", "ban", "Look"]);
    const [feed] = await driver.commandsFor(guild.adminId, guild.channels.general);
    assert.deepEqual(feed?.options[0]?.choices, [{ name: "Hay", value: "hay" }]);
  });

  it("has ephemeral answers to them and to nobody else", async () => {
    const here = await town();
    const { driver, guild } = here;
    const { channelId, messageId, interactions } = await withButton(here);
    const [anna = "", ben = ""] = guild.applicantIds;
    const pressed = driver.as(anna).press(channelId, messageId, "Verify");
    await (await interactions()).reply({ content: "only you", flags: MessageFlags.Ephemeral });
    await pressed;
    const seen = async (userId: string): Promise<string[]> =>
      (await driver.as(userId).messages(channelId)).map(({ content }) => content);
    assert.deepEqual(await seen(anna), ["Welcome", "only you"]);
    assert.deepEqual(await seen(ben), ["Welcome"]);
  });
});

describe("the stream", () => {
  it("tells changes, requests and violations as they happen, and what was missed since", async () => {
    const here = await town({ expectViolations: true });
    const { driver, guild, sandbox } = here;
    await driver.as(guild.applicantIds[0] ?? "").say(guild.channels.general, "before");
    const { lastEvent } = await driver.stats();
    const stop = new AbortController();
    const response = await fetch(`${sandbox.controlUrl}/stream?since=${lastEvent - 1}`, {
      signal: stop.signal,
    });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = "";
    const until = async (wanted: RegExp): Promise<void> => {
      while (!wanted.test(told)) told += (await reader?.read())?.value ?? "";
    };
    await until(/id: \d+\nevent: world\ndata: .*"text":"before"/);
    await raw(here, "GET", "/users/@me");
    await until(/event: request\ndata: .*"route":"\/users\/@me"/);
    await raw(here, "GET", "/voice/regions");
    await until(/event: violation\ndata: .*voice/);
    stop.abort();
  });

  it("and all else is closed to pages of another origin", async () => {
    const { sandbox } = await town();
    const foreign = await fetch(`${sandbox.controlUrl}/hello`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
    });
    assert.equal(foreign.status, 403);
    const own = new URL(sandbox.controlUrl).origin;
    const same = await fetch(`${sandbox.controlUrl}/hello`, { method: "POST", headers: { origin: own } });
    assert.equal(same.status, 200);
  });
});

describe("the switches", () => {
  it("can be read as they stand", async () => {
    const { driver } = await town();
    await driver.setLatency(1);
    await driver.faults.fail({ route: "/users/@me", count: 2 });
    await driver.faults.deliverTwice(3);
    await driver.clock.freeze();
    const now = await driver.faults.conditions();
    assert.deepEqual(
      [now.latencyMs, now.faults[0]?.count, now.deliverTwice, now.frozen, now.outage, now.rateLimits],
      [1, 2, 3, true, "none", "off"],
    );
    const { now: later } = await driver.clock.advance(1_000);
    assert.equal(later, now.now + 1_000, "nothing else moves it");
    await driver.clock.unfreeze();
  });

  it("deliver one interaction twice, with the same id", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const channel = await textChannel(client, guild.channels.gate);
    const message = await channel.send({ content: "x", components: [row(button("a", "A"))] });
    const ids: string[] = [];
    const twice = new Promise<void>((resolve) => {
      client.on(Events.InteractionCreate, (interaction) => {
        ids.push(interaction.id);
        if (ids.length === 2) resolve();
      });
    });
    await driver.faults.deliverTwice();
    await driver.fire([
      {
        kind: "press",
        userId: guild.adminId,
        guildId: guild.guildId,
        channelId: channel.id,
        messageId: message.id,
        component: "A",
      },
    ]);
    await twice;
    assert.equal(ids[0], ids[1]);
  });

  it("make the CDN fail and recover", async () => {
    const { driver, sandbox } = await town();
    const url = `${sandbox.cdnBase}/embed/avatars/0.png`;
    await driver.faults.cdn({ status: 503 });
    assert.equal((await fetch(url)).status, 503);
    await driver.faults.clear();
    assert.equal((await fetch(url)).status, 200);
  });
});

describe("people", () => {
  it("type and take reactions back, and the bot hears it", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const ben = driver.as(guild.applicantIds[1] ?? "");
    const message = await (await textChannel(client, guild.channels.general)).send("x");
    await ben.react(guild.channels.general, message.id, "🦊");
    await ben.unreact(guild.channels.general, message.id, "🦊");
    await driver.waitFor({ event: "reaction_removed", userId: ben.userId });
    await ben.type(guild.channels.general);
    await driver.waitFor({ event: "typing_started", userId: ben.userId });
  });
});
