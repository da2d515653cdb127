import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ChannelType,
  ComponentType,
  PermissionFlagsBits,
  ThreadAutoArchiveDuration,
} from "discord.js";
import { assert, describe, it } from "vitest";
import { createChecker } from "../../sandbox/checks/createChecker.js";
import { table } from "../../sandbox/checks/table.js";
import type { Route } from "../../sandbox/rest/router.js";
import { routes } from "../../sandbox/rest/routes/index.js";
import { Violations } from "../../sandbox/Violations.js";
import { bot, raw, textChannel, town } from "./support.js";

const all = routes(() => "");
const routeOf = (method: string, name: string): Route => {
  const found = all.find((route) => route.method === method && route.name === name);
  if (found === undefined) throw new Error(`no route ${method} ${name}`);
  return found;
};

describe("the checks", () => {
  it("know every route, and no other", () => {
    const known = all.map(({ method, name }) => `${method} ${name}`).sort();
    assert.deepEqual([...table.keys()].sort(), known);
  });

  it("record what an answer lacks, with route and path", () => {
    const violations = new Violations();
    createChecker(violations).check(routeOf("GET", "/users/:user"), undefined, 200, {
      id: "1",
      username: "anna",
    });
    assert.includeMembers(
      violations.all().map(({ kind, path }) => `${kind} ${path}`),
      ["answer discriminator", "answer global_name"],
    );
  });

  it("record what is wrong in a body, of a union what the meant member objects to", () => {
    const violations = new Violations();
    const body = {
      content: "x",
      components: [{ type: 1, components: [{ type: 2, style: 9, custom_id: "a", label: "x" }] }],
    };
    createChecker(violations).check(routeOf("POST", "/channels/:channel/messages"), body, 400, {
      code: 1,
      message: "x",
    });
    assert.equal(violations.count, 0, "a refused body is not the bot's last word");
    createChecker(violations).check(routeOf("POST", "/channels/:channel/typing"), undefined, 200, {});
    assert.equal(violations.all()[0]?.message, "Discord answers with nothing");
    createChecker(violations).check(
      routeOf("PATCH", "/channels/:channel/messages/:message"),
      body,
      200,
      undefined,
    );
    assert.include(
      violations.all().map(({ kind, path }) => `${kind} ${path}`),
      "request components.0.components.0.style",
    );
  });

  it("find nothing wrong with what the sandbox answers to discord.js, all over", async () => {
    const here = await town();
    const { guild } = here;
    const client = await bot(here);
    const home = await client.guilds.fetch({ guild: guild.guildId, withCounts: true });
    await client.application.fetch();
    await client.guilds.fetch();
    await home.roles.fetch();
    await home.channels.fetch();
    await home.members.list({ limit: 10 });
    await home.members.search({ query: "an" });
    await home.members.me?.setNickname("Paw");
    await client.application.commands.set([
      {
        name: "gate",
        description: "Gate",
        defaultMemberPermissions: PermissionFlagsBits.ManageGuild,
        options: [
          {
            type: ApplicationCommandOptionType.Subcommand,
            name: "setup",
            description: "Set up",
            options: [
              {
                type: ApplicationCommandOptionType.Channel,
                name: "review",
                description: "x",
                required: true,
                channelTypes: [ChannelType.GuildText],
              },
              {
                type: ApplicationCommandOptionType.String,
                name: "mode",
                description: "x",
                choices: [{ name: "A", value: "a" }],
              },
              {
                type: ApplicationCommandOptionType.Integer,
                name: "days",
                description: "x",
                minValue: 1,
                maxValue: 30,
              },
            ],
          },
        ],
      },
      { name: "Modmail: Open", type: ApplicationCommandType.Message },
    ]);
    await client.application.commands.fetch();
    const general = await client.channels.fetch(guild.channels.general);
    assert(general?.type === ChannelType.GuildText);
    const message = await general.send({
      content: "hello",
      embeds: [
        {
          title: "t",
          url: "https://example.org",
          description: "d",
          color: 7,
          timestamp: new Date().toISOString(),
          footer: { text: "f" },
          author: { name: "a" },
          fields: [{ name: "n", value: "v", inline: true }],
          thumbnail: { url: "https://example.org/a.png" },
        },
      ],
      components: [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.Button,
              style: ButtonStyle.Link,
              label: "site",
              url: "https://example.org",
            },
            {
              type: ComponentType.Button,
              style: ButtonStyle.Primary,
              emoji: { name: "🦊" },
              customId: "fox",
            },
          ],
        },
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.StringSelect,
              customId: "pick",
              options: [{ label: "A", value: "a", description: "x" }],
            },
          ],
        },
        {
          type: ComponentType.ActionRow,
          components: [
            { type: ComponentType.ChannelSelect, customId: "where", channelTypes: [ChannelType.GuildText] },
          ],
        },
      ],
      files: [{ attachment: Buffer.from("x"), name: "x.txt", description: "x" }],
    });
    await message.react("🦊");
    await message.pin();
    await general.messages.fetch({ limit: 10 });
    await general.messages.fetchPins();
    await general.setTopic("x").catch(() => undefined);
    const thread = await general.threads.create({
      name: "x",
      type: ChannelType.PrivateThread,
      autoArchiveDuration: ThreadAutoArchiveDuration.OneDay,
    });
    await thread.members.add(guild.applicantIds[0] ?? "");
    await thread.setArchived(true);
    await home.channels.fetchActiveThreads();
    await general.threads.fetchArchived({ type: "private", fetchAll: true });
    await (await client.users.fetch(guild.applicantIds[0] ?? "")).send("x");
    await home.members.ban(guild.applicantIds[1] ?? "");
    await home.bans.fetch();
    const role = await home.roles.create({ name: "x", colors: { primaryColor: 7 } });
    await role.delete();
    await (await textChannel(client, general.id)).sendTyping();
    await message.delete();
    await raw(here, "PATCH", "/users/@me", { username: "paw" });
    await raw(here, "GET", "/channels/100000000000000000");
  });
});
