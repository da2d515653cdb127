import { assert, describe, it } from "vitest";
import { bot, button, code, raw, row, textChannel, town, withButton } from "./support.js";
import type { Town } from "./support.js";

const post = (here: Town, channelId = here.guild.channels.general) =>
  raw(here, "POST", `/channels/${channelId}/messages`, { content: "x" });

async function times<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, make));
}

describe("rate limits", () => {
  it("are told in headers, also when they are off", async () => {
    const here = await town();
    const { headers } = await post(here);
    for (const name of ["limit", "remaining", "reset", "reset-after", "bucket"]) {
      assert.isNotNull(headers.get(`x-ratelimit-${name}`), name);
    }
    assert.isAbove(Number(headers.get("x-ratelimit-remaining")), 1_000);
  });

  it("allow five messages in five seconds and channel, then 429 with the time to wait", async () => {
    const here = await town({ rateLimits: "discord" });
    const answers = await times(6, () => post(here));
    const [refused] = answers.filter(({ status }) => status === 429);
    assert.equal(answers.filter(({ status }) => status === 200).length, 5);
    assert.include(refused?.body, { message: "You are being rate limited.", global: false });
    assert(typeof refused?.body === "object" && refused.body !== null && "retry_after" in refused.body);
    assert.isAbove(Number(refused.body.retry_after), 4);
    assert.equal(refused.headers.get("retry-after"), "5");
    assert.equal(refused.headers.get("x-ratelimit-scope"), "user");
    assert.isNull(refused.headers.get("x-ratelimit-global"));

    assert.equal(
      (await post(here, here.guild.channels.logs)).status,
      200,
      "another channel has its own bucket",
    );
    await here.driver.clock.advance(5_000);
    assert.equal((await post(here)).status, 200, "and the next window is open");
    assert.equal((await here.driver.stats()).rateLimited, 1);
  });

  it("allow fifty requests a second in all, without counting callbacks", async () => {
    const here = await town({ rateLimits: "discord" });
    const asked = await times(60, () => raw(here, "GET", `/users/${here.guild.ownerId}`));
    const refused = asked.filter(({ status }) => status === 429);
    assert.isAtLeast(refused.length, 1);
    const mixed = await times(45, () => raw(here, "GET", `/guilds/${here.guild.guildId}`));
    const global = mixed.find(({ headers }) => headers.get("x-ratelimit-global") === "true");
    assert.include(global?.body, { global: true });
    const callback = await raw(here, "POST", "/interactions/100000000000000000/token/callback", { type: 6 });
    assert.include(callback.body, { code: 10062 });
  });

  it("pace discord.js by their headers", async () => {
    const here = await town({ rateLimits: "discord" });
    const client = await bot(here);
    const general = await textChannel(client, here.guild.channels.general);
    const limited = new Promise<number>((resolve) =>
      client.rest.once("rateLimited", ({ timeToReset }) => resolve(timeToReset)),
    );
    void Promise.all(["1", "2", "3", "4", "5", "6"].map((content) => general.send(content))).catch(
      () => undefined,
    );
    assert.isAbove(await limited, 3_000);
    assert.equal((await here.driver.messages(general.id)).length, 5);
    assert.equal((await here.driver.stats()).rateLimited, 0);
  });
});

describe("faults", () => {
  it("refuse before anything is done", async () => {
    const here = await town();
    await here.driver.faults.fail({ method: "POST", route: "/channels/:channel/messages", status: 502 });
    assert.equal((await post(here)).status, 502);
    assert.equal((await here.driver.messages(here.guild.channels.general)).length, 0);
    assert.equal((await post(here)).status, 200);
  });

  it("or do it and then answer that it failed, or not at all", async () => {
    const here = await town();
    await here.driver.faults.fail({ method: "POST", when: "after", count: 2 });
    await times(2, () => post(here));
    await here.driver.faults.drop({ method: "POST", when: "after" });
    const answer = await post(here).then(
      () => "answered",
      () => "no answer",
    );
    assert.equal(answer, "no answer");
    assert.equal((await here.driver.messages(here.guild.channels.general)).length, 3);
    assert.deepEqual(
      (await here.driver.requests({ method: "POST" })).map(({ status }) => status),
      [500, 500, 0],
    );
  });

  it("are survived by discord.js with a retry, and by a nonce without a second message", async () => {
    const here = await town();
    const client = await bot(here, { rest: { retries: 2 } });
    const general = await textChannel(client, here.guild.channels.general);
    await here.driver.faults.fail({ method: "POST", when: "after", status: 503 });
    await general.send({ content: "once", nonce: "n1", enforceNonce: true });
    assert.equal((await here.driver.messages(general.id)).length, 1);
    assert.equal((await here.driver.requests({ method: "POST", status: 503 })).length, 1);
  });

  it("can be a 429, for one route or for all", async () => {
    const here = await town();
    await here.driver.faults.rateLimit({ retryAfterMs: 1_500, global: true });
    const { status, headers, body } = await post(here);
    assert.equal(status, 429);
    assert.deepEqual(body, { message: "You are being rate limited.", retry_after: 1.5, global: true });
    assert.equal(headers.get("x-ratelimit-global"), "true");
    assert.equal(headers.get("retry-after"), "2");
  });

  it("can take all of REST away, while the gateway goes on", async () => {
    const here = await town();
    const { client, channelId, messageId, interactions } = await withButton(here);
    await here.driver.faults.outage("status503");
    await here.driver.fire([
      { kind: "press", userId: here.guild.applicantIds[0] ?? "", channelId, messageId, component: "verify" },
    ]);
    await interactions();
    assert.equal((await post(here)).status, 503);
    await here.driver.faults.outage("none");
    assert.equal(await code(client.users.fetch("100000000000000000")), 10013);
  });

  it("add latency to every answer, or to the next", async () => {
    const here = await town({ latencyMs: 60 });
    await post(here);
    await here.driver.setLatency(0);
    await here.driver.faults.delay({ ms: 80 });
    await post(here);
    await post(here);
    const [slow, delayed, fast] = await here.driver.requests({ method: "POST" });
    assert.isAtLeast(slow?.ms ?? 0, 58);
    assert.isAtLeast(delayed?.ms ?? 0, 78);
    assert.isBelow(fast?.ms ?? 0, delayed?.ms ?? 0);
  });
});

describe("the request log", () => {
  it("has method, route, path, status, body and reason in order, and stays bounded", async () => {
    const here = await town();
    const path = `/channels/${here.guild.channels.general}/messages`;
    await raw(
      here,
      "POST",
      path,
      { content: "x", components: [row(button("a")).toJSON()] },
      { "x-audit-log-reason": "why%20not" },
    );
    const [record] = await here.driver.requests({ route: "/channels/:channel/messages" });
    assert.include(record, { seq: 1, method: "POST", path, status: 200, reason: "why not" });
    assert.include(record?.body, { content: "x" });
    await raw(here, "POST", path, { content: "" });
    const [refused] = await here.driver.requests({ since: 1 });
    assert.include(refused, { status: 400, code: 50006 });
    await here.driver.setLogLimit(10);
    await times(30, () => post(here));
    assert.isAtMost((await here.driver.requests()).length, 11);
    assert.equal((await here.driver.stats()).requests, 32);
  });
});
