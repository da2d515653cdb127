import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Events,
  InteractionContextType,
} from "discord.js";
import { assert, describe, it, onTestFinished } from "vitest";
import { z } from "zod";
import { renderMessage, renderModal, SandboxClient } from "../../sandbox/client.js";
import { startSandbox } from "../../sandbox/index.js";
import { applyModal, bot, refusal, textChannel, town, withButton } from "./support.js";

const DAY = 86_400_000;

describe("seeding", () => {
  it("makes a whole world from one value, with ids that encode their age", async () => {
    const sandbox = await startSandbox({
      seed: {
        users: [{ id: "200000000000000001", username: "owner" }],
        guilds: [
          {
            name: "Den",
            ownerId: "200000000000000001",
            bot: ["ViewChannel"],
            roles: [{ id: "200000000000000002", name: "Member" }],
            channels: [{ name: "general" }, { name: "rules", type: "announcement" }],
          },
        ],
      },
    });
    onTestFinished(() => sandbox.close());
    const driver = await SandboxClient.connect(sandbox.controlUrl);
    const young = await driver.createUser({ username: "young", createdAt: Date.now() - 3 * DAY });
    const usual = await driver.createUser({ username: "usual" });
    const age = (id: string): number =>
      Math.round((Date.now() - (Number(BigInt(id) >> 22n) + 1_420_070_400_000)) / DAY);
    assert.equal(age(young.id), 3);
    assert.equal(age(usual.id), 365);
    const client = await bot({ sandbox });
    const guild = client.guilds.cache.first();
    assert(guild);
    assert.equal(guild.name, "Den");
    assert.equal(guild.ownerId, "200000000000000001");
    assert.deepEqual(
      guild.channels.cache.map(({ name }) => name),
      ["general", "rules"],
    );
  });

  it("refuses what is not in the contract, and says where", async () => {
    const { sandbox } = await town();
    const answer = await fetch(`${sandbox.controlUrl}/createUser`, {
      method: "POST",
      body: JSON.stringify({ name: "x" }),
    });
    const { ok, error } = z.object({ ok: z.boolean(), error: z.string() }).parse(await answer.json());
    assert.equal(ok, false);
    assert.match(error, /username/);
  });
});

describe("people", () => {
  it("can only do in a channel what they may", async () => {
    const { driver, guild } = await town();
    const anna = driver.as(guild.applicantIds[0] ?? "");
    assert.match(await refusal(anna.say(guild.channels.review, "x")), /cannot see #review/);
    await driver.setOverwrites(guild.channels.general, [
      { id: guild.guildId, type: "role", deny: ["SendMessages"] },
    ]);
    assert.match(await refusal(anna.say(guild.channels.general, "x")), /may not write/);
    await driver.removeMember(guild.guildId, anna.userId);
    assert.match(await refusal(anna.messages(guild.channels.general)), /is not in Example/);
  });

  it("see and use the commands that were registered for them", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await client.application.commands.set([
      { name: "gate", description: "Gate", defaultMemberPermissions: "32" },
      {
        name: "days",
        description: "Days",
        contexts: [InteractionContextType.Guild],
        options: [
          {
            type: ApplicationCommandOptionType.Integer,
            name: "count",
            description: "x",
            required: true,
            minValue: 1,
            maxValue: 9,
          },
          {
            type: ApplicationCommandOptionType.String,
            name: "mode",
            description: "x",
            choices: [{ name: "Soft", value: "soft" }],
          },
        ],
      },
    ]);
    const mara = driver.as(guild.moderatorIds[0]);
    const { general } = guild.channels;
    assert.match(await refusal(mara.slash(general, "gate")), /is not shown to mara/);
    assert.match(await refusal(mara.slash(general, "nope")), /no command 'nope'/);
    assert.match(await refusal(mara.slash(general, "days", { count: 10 })), /out of range/);
    assert.match(await refusal(mara.slash(general, "days", { count: "1" })), /takes a number/);
    assert.match(await refusal(mara.slash(general, "days", { count: 1, mode: "hard" })), /takes one of soft/);
    assert.match(await refusal(mara.slash(general, "days", { count: 1, other: 1 })), /no option 'other'/);
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isChatInputCommand()) void interaction.reply(interaction.commandName);
    });
    assert.equal((await mara.slash(general, "days", { count: 1 })).reply?.content, "days");
    const admin = driver.as(guild.adminId);
    assert.equal((await admin.slash(general, "gate")).reply?.content, "gate");
  });

  it("use context menus on messages and on people", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await client.application.commands.set([
      { name: "Modmail: Open", type: ApplicationCommandType.Message },
      { name: "Who", type: ApplicationCommandType.User },
    ]);
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isMessageContextMenuCommand())
        void interaction.reply(interaction.targetMessage.content);
      if (interaction.isUserContextMenuCommand()) void interaction.reply(interaction.targetUser.username);
    });
    const annaId = guild.applicantIds[0] ?? "";
    const said = await driver.as(annaId).say(guild.channels.general, "help");
    const mara = driver.as(guild.moderatorIds[0]);
    assert.equal(
      (await mara.contextMenu(guild.channels.general, "Modmail: Open", said.id)).reply?.content,
      "help",
    );
    assert.equal((await mara.contextMenu(guild.channels.general, "Who", annaId)).reply?.content, "anna");
  });
});

describe("many at once", () => {
  it("are fired in one call and looked at later", async () => {
    const here = await town({ example: { applicants: 200 } });
    const { client, channelId, messageId } = await withButton(here);
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isButton()) void interaction.deferUpdate();
    });
    const ids = await here.driver.fire(
      here.guild.applicantIds.map(
        (userId) => ({ kind: "press", userId, channelId, messageId, component: "verify" }) as const,
      ),
    );
    const outcomes = await here.driver.outcomes(ids, { until: "acknowledged" });
    assert.equal(outcomes.length, 200);
    assert(outcomes.every(({ ackType, ackMs }) => ackType === "deferUpdate" && (ackMs ?? Infinity) < 3_000));
    const stats = await here.driver.stats();
    assert.include(stats, { interactions: 200, acknowledged: 200, failedInteractions: 0 });
  });
});

describe("waiting", () => {
  it("finds what has happened, waits for what will, and gives up in time with what it waited for", async () => {
    const { driver, guild } = await town();
    const { lastEvent } = await driver.stats();
    const anna = driver.as(guild.applicantIds[0] ?? "");
    await anna.say(guild.channels.general, "first");
    const [past] = await driver.waitFor({ event: "message_created", text: "first", since: lastEvent });
    assert.equal(past?.userId, anna.userId);
    const both = driver.waitFor(
      { event: "message_created", channelId: guild.channels.general },
      { count: 2 },
    );
    await anna.say(guild.channels.general, "second");
    assert.deepEqual(
      (await both).map(({ text }) => text),
      ["first", "second"],
    );
    const missed = await refusal(driver.waitFor({ event: "member_kicked" }, { timeoutMs: 20 }));
    assert.match(missed, /Waited 20 ms for 1 of event \{"event":"member_kicked"\}, and saw 0/);
  });

  it("for a request", async () => {
    const here = await town();
    const general = await textChannel(await bot(here), here.guild.channels.general);
    const seen = here.driver.waitForRequest({ method: "POST", route: "/channels/:channel/messages" });
    await general.send("x");
    assert.equal((await seen)[0]?.status, 200);
  });
});

describe("rendering", () => {
  it("shows a message and a modal as lines", async () => {
    const here = await town();
    const { channelId, messageId, interactions } = await withButton(here);
    const [message] = await here.driver.messages(channelId);
    assert(message);
    assert.equal(renderMessage(message), "Pawtropolis [APP]\n  Welcome\n  [Verify: success]");
    const pressed = here.driver.as(here.guild.applicantIds[0] ?? "").press(channelId, messageId, "verify");
    await (await interactions()).showModal(applyModal());
    const { modal } = await pressed;
    assert(modal);
    assert.equal(renderModal(modal), "┌ Apply\n│ Why?\n│   [                    ] required\n└");
  });
});

describe("as a process of its own", () => {
  it("says in one line where it listens, and ends cleanly on SIGTERM", async () => {
    const child = spawn(process.execPath, ["sandbox/start.mjs", "--checks"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise<string>((resolve) => lines.once("line", resolve));
    const { event, controlUrl } = z
      .object({ event: z.string(), controlUrl: z.string() })
      .parse(JSON.parse(line));
    assert.equal(event, "listening");
    const driver = await SandboxClient.connect(controlUrl);
    await driver.exampleGuild();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });
});
