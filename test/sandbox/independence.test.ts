/** The sandbox serves any bot: another library, ten lines of discord.js, and a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ApplicationCommandTypes, Client, InteractionTypes } from "oceanic.js";
import { assert, describe, it, onTestFinished } from "vitest";
import { z } from "zod";
import { SandboxClient } from "../../sandbox/client.js";
import { town } from "./support.js";

const run = (...args: readonly string[]): ChildProcess => {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
};

const Listening = z.object({ controlUrl: z.string(), token: z.string() });
const listening = async (child: ChildProcess): Promise<z.infer<typeof Listening>> => {
  assert(child.stdout);
  const [line] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), "line"));
  return Listening.parse(JSON.parse(line));
};

describe("another client library", () => {
  it("signs in, registers a command and answers it", async () => {
    const { driver, guild, sandbox } = await town();
    const client = new Client({
      auth: `Bot ${sandbox.token}`,
      rest: { baseURL: `${sandbox.apiBase}/v10` },
      gateway: { intents: ["GUILDS"], compress: false },
    });
    onTestFinished(() => client.disconnect(false));
    const ready = new Promise<void>((resolve) => client.once("ready", resolve));
    client.on("error", () => undefined);
    client.on("interactionCreate", (interaction) => {
      if (interaction.type === InteractionTypes.APPLICATION_COMMAND)
        void interaction.createMessage({ content: `Pong, ${interaction.user.username}` });
    });
    await client.connect();
    await ready;
    await client.application.createGuildCommand(guild.guildId, {
      type: ApplicationCommandTypes.CHAT_INPUT,
      name: "ping",
      description: "Pong",
    });
    const ada = driver.as(guild.adminId, guild.guildId).in(guild.channels.general);
    assert.equal((await ada.slash("ping")).reply?.content, "Pong, admin");
  });
});

describe("ten lines of discord.js", () => {
  it("are a bot that answers", async () => {
    const { driver, guild, sandbox } = await town();
    run("--import", "tsx", "sandbox/examples/echo.ts", sandbox.apiBase, sandbox.token);
    await driver.waitFor({ event: "gateway_ready" }, { timeoutMs: 14_000 });
    await driver.as(guild.adminId).say(guild.channels.general, "hello");
    await driver.expect(guild.channels.general).toShow("You said: hello");
  });
});

describe("its process", () => {
  it("makes the world of a file, where things are meant by their names", async () => {
    const child = run("sandbox/start.mjs", "--seed", "sandbox/seeds/den.json");
    const driver = await SandboxClient.connect((await listening(child)).controlUrl);
    const people = await driver.people();
    const id = (name: string): string => people.find(({ username }) => username === name)?.userId ?? "";
    const seen = async (name: string): Promise<string[]> =>
      (await driver.sight(id(name))).guilds[0]?.channels.map((channel) => channel.name) ?? [];
    assert.includeMembers(await seen("mara"), ["review", "general"]);
    assert.notInclude(await seen("anna"), "review");
    const [den] = (await driver.sight(id("wren"))).guilds;
    assert(den);
    assert.deepEqual(
      den.roles.map(({ name }) => name),
      ["Admin", "Pawtropolis", "Moderator", "Member", "Unverified", "@everyone"],
    );
    const general = den.channels.find(({ name }) => name === "general");
    assert.equal((await driver.messages(general?.id ?? ""))[0]?.content, "Good morning, den!");
  });

  it("goes on from the world it saved when it ended", async () => {
    const folder = mkdtempSync(join(tmpdir(), "world-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const flags = ["--world", join(folder, "world"), "--seed", "sandbox/seeds/den.json"];
    const first = run("sandbox/start.mjs", ...flags);
    const before = await listening(first);
    await (await SandboxClient.connect(before.controlUrl)).createUser({ username: "zelda" });
    first.kill("SIGTERM");
    await once(first, "exit");
    const again = await listening(run("sandbox/start.mjs", ...flags));
    assert.equal(again.token, before.token);
    const people = await (await SandboxClient.connect(again.controlUrl)).people();
    assert.include(
      people.map(({ username }) => username),
      "zelda",
    );
  });
});

describe("its code", () => {
  it("takes nothing from outside its folder", () => {
    const files = readdirSync("sandbox", { recursive: true, encoding: "utf8" }).filter((one) =>
      one.endsWith(".ts"),
    );
    assert.isAbove(files.length, 50);
    for (const file of files) {
      const depth = file.split("/").length;
      const outside = "../".repeat(depth);
      assert.notInclude(readFileSync(join("sandbox", file), "utf8"), `from "${outside}`, file);
    }
  });
});
