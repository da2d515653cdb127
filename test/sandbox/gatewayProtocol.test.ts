/** The gateway's own rules, as a client without a library meets them. */
import { createInflate } from "node:zlib";
import { Events, GatewayIntentBits, Partials, PresenceUpdateStatus } from "discord.js";
import { assert, describe, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { bot, INTENTS, next, raw, town } from "./support.js";
import type { Town } from "./support.js";

const Payload = z.object({
  op: z.number(),
  t: z.string().nullish(),
  s: z.number().nullish(),
  d: z.unknown(),
});
type Payload = z.infer<typeof Payload>;

/** A socket, what it was told so far, and the code it was closed with. */
async function socket({ sandbox }: Pick<Town, "sandbox">, query = "v=10&encoding=json") {
  const answer = await fetch(`${sandbox.apiBase}/v10/gateway`);
  const { url } = z.object({ url: z.string() }).parse(await answer.json());
  const ws = new WebSocket(`${url}/?${query}`);
  onTestFinished(() => ws.terminate());
  const told: Payload[] = [];
  const closed = new Promise<number>((resolve) => ws.once("close", resolve));
  const inflate = query.includes("zlib-stream") ? createInflate() : undefined;
  let text = "";
  inflate?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    try {
      told.push(Payload.parse(JSON.parse(text)));
      text = "";
    } catch {
      // More of it is to come.
    }
  });
  ws.on("message", (data: Buffer) => {
    if (inflate === undefined) told.push(Payload.parse(JSON.parse(data.toString())));
    else inflate.write(data);
  });
  await new Promise((resolve) => ws.once("open", resolve));
  return {
    told,
    closed,
    send: (op: number, d: unknown) => ws.send(JSON.stringify({ op, d })),
    /** The first payload like this, also one from before. */
    until: async (wanted: (payload: Payload) => boolean): Promise<Payload> => {
      for (;;) {
        const found = told.find(wanted);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

const isReady = ({ t }: Payload): boolean => t === "READY";
const identity = ({ sandbox }: Pick<Town, "sandbox">, more: object = {}) => ({
  token: sandbox.token,
  intents: 1 | (1 << 9),
  properties: {},
  ...more,
});

describe("close codes", () => {
  it.each([
    ["4003 before identifying", 4003, 3, {}],
    ["4003 for an unknown opcode before identifying", 4003, 99, {}],
    ["4002 for what cannot be read", 4002, 2, { token: 1 }],
    ["4004 for a wrong token", 4004, 2, { token: "wrong", intents: 0, properties: {} }],
  ])("%s", async (_name, expected, op, d) => {
    const client = await socket(await town({ expectViolations: true }));
    await client.until(({ op: hello }) => hello === 10);
    client.send(op, d);
    assert.equal(await client.closed, expected);
  });

  it("4005 for a second identify, 4010 for an impossible shard, 4011 where shards are needed, 4013 and 4014 for intents", async () => {
    const here = await town({
      expectViolations: true,
      seed: { application: { privilegedIntents: ["GuildMembers"] } },
    });
    const attempt = async (more: object): Promise<number> => {
      const client = await socket(here);
      client.send(2, identity(here, more));
      return client.closed;
    };
    assert.equal(await attempt({ shard: [2, 2] }), 4010);
    assert.equal(await attempt({ intents: 1 << 30 }), 4013);
    assert.equal(await attempt({ intents: 1 << 15 }), 4014);
    const twice = await socket(here);
    twice.send(2, identity(here));
    await twice.until(isReady);
    twice.send(2, identity(here));
    assert.equal(await twice.closed, 4005);
    await here.driver.faults.gateway({ shardingRequired: true });
    assert.equal(await attempt({}), 4011);
  });

  it("4001 for an unknown opcode, 4002 for a payload of more than 4096 bytes, 4008 for more than 120 a minute", async () => {
    const here = await town({ expectViolations: true });
    const ready = async () => {
      const client = await socket(here);
      client.send(2, identity(here));
      await client.until(isReady);
      return client;
    };
    const unknown = await ready();
    unknown.send(99, {});
    assert.equal(await unknown.closed, 4001);
    const long = await ready();
    long.send(3, { since: null, activities: [{ name: "x".repeat(4096) }], status: "online", afk: false });
    assert.equal(await long.closed, 4002);
    const busy = await ready();
    for (let sent = 0; sent < 120; sent++)
      busy.send(3, { since: null, activities: [], status: "online", afk: false });
    assert.equal(await busy.closed, 4008);
  });

  it("4012 for another version, 4002 for an encoding or compression that is not covered", async () => {
    const here = await town({ expectViolations: true });
    assert.equal(await (await socket(here, "v=6")).closed, 4012);
    assert.equal(await (await socket(here, "v=10&encoding=etf")).closed, 4002);
    assert.equal(await (await socket(here, "v=10&compress=zstd-stream")).closed, 4002);
  });

  it("4007 for a resume from the future, op 9 for a session nobody knows", async () => {
    const here = await town({ expectViolations: true });
    const first = await socket(here);
    first.send(2, identity(here));
    const { session_id } = z.object({ session_id: z.string() }).parse((await first.until(isReady)).d);
    const second = await socket(here);
    second.send(6, { token: here.sandbox.token, session_id, seq: 10_000 });
    assert.equal(await second.closed, 4007);
    const third = await socket(here);
    third.send(6, { token: here.sandbox.token, session_id: "nobody", seq: 1 });
    assert.equal((await third.until(({ op }) => op === 9)).d, false);
  });

  it("4009 for a client that forgets its heartbeats", async () => {
    const here = await town();
    await here.driver.faults.gateway({ heartbeatMs: 50 });
    const client = await socket(here);
    client.send(2, identity(here));
    assert.equal(await client.closed, 4009);
    assert.deepEqual(await here.driver.gatewaySessions(), []);
  });
});

describe("heartbeats", () => {
  it("that are not acknowledged make discord.js take the connection for dead and resume it", async () => {
    const here = await town();
    await here.driver.faults.gateway({ heartbeatMs: 100, acknowledgeHeartbeats: false });
    const client = await bot(here);
    const resumed = next(client, Events.ShardResume);
    await resumed;
    await here.driver.faults.gateway({ acknowledgeHeartbeats: true, heartbeatMs: 41_250 });
    await here.driver.waitFor({ event: "gateway_resumed" });
    const [session] = await here.driver.gatewaySessions();
    assert.isAtLeast(session?.resumes ?? 0, 1, "the session went on");
  });
});

describe("several shards", () => {
  it("share the guilds; direct messages go to the first", async () => {
    const here = await town();
    const { driver, guild } = here;
    // Ids that fall to different shards: the time in the upper bits decides.
    const other = (BigInt(guild.guildId) ^ (1n << 22n)).toString();
    await driver.seed({ guilds: [{ id: other, name: "Other", bot: ["ViewChannel", "SendMessages"] }] });
    await driver.faults.gateway({ shards: 2 });
    const client = await bot(here, { shards: "auto", partials: [Partials.Channel] });
    assert.equal(client.ws.shards.size, 2);
    assert.equal(client.guilds.cache.size, 2);
    const shards = client.guilds.cache.map(({ id, shardId }) => [id, shardId]);
    assert.sameDeepMembers(shards, [
      [guild.guildId, Number((BigInt(guild.guildId) >> 22n) % 2n)],
      [other, Number((BigInt(other) >> 22n) % 2n)],
    ]);
    const seen: string[] = [];
    client.on(Events.MessageCreate, (message) => seen.push(message.content));
    await driver.as(guild.adminId).dm("direct");
    await driver.as(guild.adminId).say(guild.channels.general, "in the guild");
    const both = next(client, Events.MessageCreate);
    await driver.as(guild.adminId).say(guild.channels.general, "last");
    await both;
    while (!seen.includes("last")) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(seen, ["direct", "in the guild", "last"], "each came once");
    assert.deepEqual(
      (await driver.gatewaySessions()).map(({ shard }) => shard),
      [
        [0, 2],
        [1, 2],
      ],
    );
  });
});

describe("compression", () => {
  it("as one zlib stream is understood by an inflater that keeps its state", async () => {
    const here = await town();
    const client = await socket(here, "v=10&encoding=json&compress=zlib-stream");
    client.send(2, identity(here));
    await client.until(({ t }) => t === "GUILD_CREATE");
    await here.driver.as(here.guild.adminId).say(here.guild.channels.general, "x".repeat(1_000));
    await client.until(({ t }) => t === "MESSAGE_CREATE");
    assert.deepEqual(
      client.told.map(({ s }) => s ?? null).filter((s) => s !== null),
      [1, 2, 3],
    );
  });
});

describe("presences", () => {
  it("are told to who has the intent, and the bot's own is set with op 3", async () => {
    const here = await town();
    const { driver, guild } = here;
    const client = await bot(here, { intents: [...INTENTS, GatewayIntentBits.GuildPresences] });
    const told = next(client, Events.PresenceUpdate);
    await driver.setPresence(guild.adminId, "dnd", "Chess");
    const [, now] = await told;
    assert.deepEqual([now.userId, now.status, now.activities[0]?.name], [guild.adminId, "dnd", "Chess"]);
    const { lastEvent } = await driver.stats();
    client.user.setPresence({ status: PresenceUpdateStatus.Idle });
    const [event] = await driver.waitFor({
      event: "presence_changed",
      userId: client.user.id,
      since: lastEvent,
    });
    assert.equal(event?.text, "idle");
    const chunk = await (await client.guilds.fetch(guild.guildId)).members.fetch({ withPresences: true });
    assert.equal(chunk.get(guild.adminId)?.presence?.status, "dnd");
  });

  it("and the whole list of members are not for a session without the intents", async () => {
    const here = await town({ expectViolations: true });
    const client = await socket(here);
    client.send(2, identity(here));
    await client.until(isReady);
    client.send(8, { guild_id: here.guild.guildId, query: "", limit: 0 });
    client.send(8, { guild_id: here.guild.guildId, query: "ann", limit: 0 });
    await client.until(({ t }) => t === "GUILD_MEMBERS_CHUNK");
    const [violation] = await here.driver.violations();
    assert.match(violation?.message ?? "", /GuildMembers/);
    assert.equal((await raw(here, "GET", "/gateway/bot")).status, 200);
  });
});
