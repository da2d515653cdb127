import { Events, GatewayIntentBits, Partials, Status } from "discord.js";
import type { Client } from "discord.js";
import { assert, describe, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { startSandbox } from "../../sandbox/index.js";
import { type SandboxClient } from "../../sandbox/client.js";
import { bot, INTENTS, next, raw, town } from "./support.js";
import type { Town } from "./support.js";

const Frame = z.object({
  op: z.number(),
  t: z.string().nullable(),
  s: z.number().nullable(),
  d: z.unknown(),
});
type Frame = z.infer<typeof Frame>;

/** A bare socket, to see what the gateway says to a client that is not discord.js. */
async function socket({ sandbox }: Pick<Town, "sandbox">) {
  const { body } = await raw({ sandbox }, "GET", "/gateway/bot");
  assert(typeof body === "object" && body !== null && "url" in body && typeof body.url === "string");
  const ws = new WebSocket(`${body.url}?v=10&encoding=json`);
  onTestFinished(() => ws.terminate());
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<number>((resolve) => ws.on("close", resolve));
  ws.on("message", (data: Buffer) => {
    frames.push(Frame.parse(JSON.parse(data.toString())));
    for (const look of waiting) look();
  });
  const until = (wanted: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = frames.find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  await until(({ op }) => op === 10);
  return {
    frames,
    closed,
    until,
    event: (name: string) => until(({ t }) => t === name),
    send: (op: number, d: unknown) => ws.send(JSON.stringify({ op, d })),
    identify: (intents: number, token = sandbox.token) =>
      ws.send(
        JSON.stringify({ op: 2, d: { token, intents, properties: { os: "x", browser: "x", device: "x" } } }),
      ),
  };
}

const intents = (...some: GatewayIntentBits[]): number => some.reduce((all, one) => all | one, 0);
const ALL = intents(...INTENTS);

describe("identify", () => {
  it("begins with HELLO, gets READY, then the guilds with channels and roles, numbered one by one", async () => {
    const here = await town();
    const gateway = await socket(here);
    gateway.identify(ALL);
    const ready = await gateway.event("READY");
    assert.include(ready.d, { v: 10 });
    assert.deepInclude(ready.d, { guilds: [{ id: here.guild.guildId, unavailable: true }] });
    const guild = await gateway.event("GUILD_CREATE");
    assert.include(guild.d, { id: here.guild.guildId, member_count: 8, large: false });
    assert.deepEqual(
      gateway.frames.filter(({ op }) => op === 0).map(({ s }) => s),
      [1, 2],
    );
  });

  it("lists other members than the bot only with the presences intent", async () => {
    const here = await town();
    for (const [some, count] of [
      [ALL, 1],
      [ALL | GatewayIntentBits.GuildPresences, 8],
    ] as const) {
      const gateway = await socket(here);
      gateway.identify(some);
      const { d } = await gateway.event("GUILD_CREATE");
      assert(typeof d === "object" && d !== null && "members" in d && Array.isArray(d.members));
      assert.equal(d.members.length, count);
    }
  });

  it("answers heartbeats", async () => {
    const gateway = await socket(await town());
    gateway.send(1, null);
    await gateway.until(({ op }) => op === 11);
  });

  it.each([
    ["a wrong token", 4004, ALL, "nope"],
    ["intents that do not exist", 4013, 1 << 30, undefined],
  ] as const)("closes for %s with %i", async (_what, expected, some, token) => {
    const gateway = await socket(await town());
    gateway.identify(some, token);
    assert.equal(await gateway.closed, expected);
  });

  it("closes with 4014 for a privileged intent the application was not granted", async () => {
    const sandbox = await startSandbox({ seed: { application: { privilegedIntents: ["GuildMembers"] } } });
    onTestFinished(() => sandbox.close());
    const gateway = await socket({ sandbox });
    gateway.identify(intents(GatewayIntentBits.Guilds, GatewayIntentBits.MessageContent));
    assert.equal(await gateway.closed, 4014);
    const granted = await socket({ sandbox });
    granted.identify(intents(GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers));
    await granted.event("READY");
  });

  it("closes for what is no payload, and for payloads before identify, and records it", async () => {
    const here = await town({ expectViolations: true });
    const early = await socket(here);
    early.send(8, {});
    assert.equal(await early.closed, 4003);
    const wrong = await socket(here);
    wrong.send(99, {});
    assert.equal(await wrong.closed, 4003);
    assert.equal((await here.driver.violations()).length, 2);
  });
});

describe("intents decide what is heard", () => {
  it("members only with theirs, messages only with theirs", async () => {
    const here = await town();
    const { driver, guild } = here;
    const deaf = await socket(here);
    deaf.identify(intents(GatewayIntentBits.Guilds));
    await deaf.event("GUILD_CREATE");
    const stranger = await driver.createUser({ username: "stranger" });
    await driver.addMember(guild.guildId, stranger.id);
    await driver.as(stranger.id).say(guild.channels.general, "hi");
    // Guild events come in order: what was to come before this one has come.
    await driver.createRole(guild.guildId, { name: "last" });
    await deaf.event("GUILD_ROLE_CREATE");
    assert.deepEqual(
      deaf.frames.map(({ t }) => t),
      [null, "READY", "GUILD_CREATE", "GUILD_ROLE_CREATE"],
    );
  });

  it("text of others only with the message content intent, but always when the bot is mentioned or in a direct message", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here, {
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
      // Discord announces no direct channel before its first message.
      partials: [Partials.Channel],
    });
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    const anna = driver.as(guild.applicantIds[0] ?? "");
    await anna.say(guild.channels.general, "secret");
    await anna.say(guild.channels.general, `<@${guild.botId}> hi`);
    await anna.dm("direct");
    await driver.waitFor({ event: "message_created", text: "direct" });
    while (heard.length < 3) await next(client, Events.MessageCreate);
    assert.deepEqual(heard, ["", `<@${guild.botId}> hi`, "direct"]);
  });

  it("messages of channels the bot cannot see are never heard", async () => {
    const here = await town();
    const { driver, guild } = here;
    await driver.setOverwrites(guild.channels.general, [
      { id: guild.botId, type: "member", deny: ["ViewChannel"] },
    ]);
    const client = await bot(here);
    const anna = driver.as(guild.applicantIds[0] ?? "");
    const first = next(client, Events.MessageCreate);
    await anna.say(guild.channels.general, "hidden");
    await anna.say(guild.channels.gate, "open");
    assert.equal((await first)[0].content, "open");
  });
});

describe("the world's changes reach discord.js", () => {
  it("joins, roles, leaves and bans", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const user = await driver.createUser({ username: "fox" });
    const joined = next(client, Events.GuildMemberAdd);
    await driver.addMember(guild.guildId, user.id);
    assert.equal((await joined)[0].id, user.id);
    const updated = next(client, Events.GuildMemberUpdate);
    await driver.updateMember(guild.guildId, user.id, { roles: [guild.roles.member] });
    assert((await updated)[1].roles.cache.has(guild.roles.member));
    const left = next(client, Events.GuildMemberRemove);
    await driver.removeMember(guild.guildId, user.id);
    await left;
    const banned = next(client, Events.GuildBanAdd);
    await driver.ban(guild.guildId, user.id);
    assert.equal((await banned)[0].user.id, user.id);
  });

  it("the bot's own coming and going", async () => {
    const here = await town();
    const client = await bot(here);
    const created = next(client, Events.GuildCreate);
    const guild = await here.driver.createGuild({ name: "Second" });
    await here.driver.addBot(guild.id, ["ViewChannel"]);
    assert.equal((await created)[0].name, "Second");
    const deleted = next(client, Events.GuildDelete);
    await here.driver.removeBot(guild.id);
    assert.equal((await deleted)[0].id, guild.id);
  });

  it("members in chunks, on request", async () => {
    const here = await town({ example: { applicants: 1_200 } });
    const client = await bot(here);
    const guild = client.guilds.cache.get(here.guild.guildId);
    const members = await guild?.members.fetch();
    assert.equal(members?.size, 1_205);
    const found = await guild?.members.fetch({ user: [here.guild.ownerId] });
    assert.equal(found?.size, 1);
  });
});

/** Until discord.js has its session again. */
const resumed = (client: Client): Promise<unknown> => next(client, Events.ShardResume);

describe("resuming", () => {
  it.each([
    ["after the socket was cut", (driver: SandboxClient) => driver.faults.dropGateway()],
    ["after op 7", (driver: SandboxClient) => driver.faults.reconnect()],
    ["after a close with 4000", (driver: SandboxClient) => driver.faults.dropGateway(4000)],
  ] as const)("%s replays what was missed, in order and once", async (_what, fault) => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    const anna = driver.as(guild.applicantIds[0] ?? "");
    const first = next(client, Events.MessageCreate);
    await anna.say(guild.channels.general, "zero");
    await first;
    const back = resumed(client);
    await fault(driver);
    await driver.waitFor({ event: "gateway_closed" });
    for (const text of ["one", "two", "three"]) await anna.say(guild.channels.general, text);
    await back;
    const last = heard.includes("four") ? Promise.resolve() : next(client, Events.MessageCreate);
    await anna.say(guild.channels.general, "four");
    await last;
    assert.deepEqual(heard, ["zero", "one", "two", "three", "four"]);
    const [session] = await driver.gatewaySessions();
    assert.include(session, { connected: true, resumes: 1 });
  });

  it("is not possible after op 9: the client identifies anew", async () => {
    const here = await town();
    // discord.js waits five seconds between two identifies, unless told otherwise.
    const client = await bot(here, {
      ws: { buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }) },
    });
    const [before] = await here.driver.gatewaySessions();
    await here.driver.faults.invalidateSessions(false);
    await here.driver.waitFor({ event: "gateway_ready" }, { count: 2, timeoutMs: 10_000 });
    const [after] = await here.driver.gatewaySessions();
    assert.notEqual(after?.id, before?.id);
    assert.equal(client.ws.shards.size, 1);
  });

  it("sends only what came after the given number, then RESUMED", async () => {
    const here = await town();
    const first = await socket(here);
    first.identify(ALL);
    const { d } = await first.event("READY");
    await first.event("GUILD_CREATE");
    const { session_id } = z.object({ session_id: z.string() }).parse(d);
    await here.driver.faults.dropGateway(4000);
    await first.closed;
    await here.driver.createRole(here.guild.guildId, { name: "missed" });
    const second = await socket(here);
    second.send(6, { token: here.sandbox.token, session_id, seq: 2 });
    await second.event("RESUMED");
    assert.deepEqual(
      second.frames.filter(({ op }) => op === 0).map(({ t, s }) => `${s} ${t}`),
      ["3 GUILD_ROLE_CREATE", "4 RESUMED"],
    );
  });

  it("of an unknown session is answered with op 9", async () => {
    const here = await town();
    const gateway = await socket(here);
    gateway.send(6, { token: here.sandbox.token, session_id: "unknown", seq: 1 });
    const invalid = await gateway.until(({ op }) => op === 9);
    assert.equal(invalid.d, false);
  });

  it("carries an interaction that was sent meanwhile, whose three seconds run on", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here);
    await client.application.commands.set([{ name: "ping", description: "Ping" }]);
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isChatInputCommand()) void interaction.reply("pong");
    });
    await driver.faults.dropGateway();
    const outcome = await driver.as(guild.moderatorIds[0]).slash(guild.channels.general, "ping");
    assert.equal(outcome.reply?.content, "pong");
    assert.isAbove(outcome.ackMs ?? 0, 100);
    assert.equal(client.ws.status, Status.Ready);
  });
});
