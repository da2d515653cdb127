/** Signing in to the dashboard over real sockets, through the sandbox's OAuth2 page, and what attackers try on the way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExampleGuild } from "../../sandbox/client.js";
import { readLedger } from "../../bench/lib/Ledger.js";
import { setUpGate } from "../support/frontDoor.js";
import { openStream, WebClient } from "../support/webClient.js";
import { startWebStage, type WebStage } from "../support/webStage.js";

let stage: WebStage;
let sandbox: WebStage["sandbox"];
let guild: ExampleGuild;
let origin = "";

beforeAll(async () => {
  stage = await startWebStage(2);
  ({ sandbox, origin } = stage);
  ({ guild } = stage.door);
}, 120_000);

afterAll(async () => {
  await stage.stop();
}, 30_000);

const signedIn = async (userId: string) => {
  const client = new WebClient(origin);
  return { client, me: await client.signIn(sandbox, userId) };
};

test("an admin signs in through Discord and ends at the dashboard", async () => {
  const client = new WebClient(origin);
  const back = await client.wayBack(sandbox, guild.adminId);
  const response = await client.fetch(`${back.pathname}${back.search}`);
  expect([response.status, response.headers.get("location")]).toEqual([302, "/dashboard"]);
  expect(response.headers.getSetCookie().join()).toMatch(/session=[^;]+;.*HttpOnly.*SameSite=Lax/i);
  const page = await client.fetch("/dashboard");
  expect(await page.text()).toContain("Signed in as Ada Admin");
  const { body } = await client.json("/auth/me");
  expect(body).toMatchObject({ user: { id: guild.adminId }, guilds: [{ id: guild.guildId, rung: "admin" }] });
});

test("somebody without an admin role sees a page that says so, and the log has it", async () => {
  const client = new WebClient(origin);
  const back = await client.wayBack(sandbox, guild.applicantIds[0] ?? "");
  const response = await client.fetch(`${back.pathname}${back.search}`);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("no admin role");
  expect(client.cookies.has("session")).toBe(false);
  const { actions } = readLedger(stage.database, guild.guildId);
  expect(actions).toContainEqual(
    expect.objectContaining({
      name: "login",
      actor: guild.applicantIds[0],
      reason: "refused: no admin role",
    }),
  );
});

test("a code counts once, and only in the browser that asked for it", async () => {
  const client = new WebClient(origin);
  const back = await client.wayBack(sandbox, guild.adminId);
  const stranger = new WebClient(origin);
  expect((await stranger.fetch(`${back.pathname}${back.search}`)).status).toBe(400);
  const kept = new Map(client.cookies);
  expect((await client.fetch(`${back.pathname}${back.search}`)).status).toBe(302);
  for (const [name, value] of kept) client.cookies.set(name, value);
  expect((await client.fetch(`${back.pathname}${back.search}`)).status).toBe(400);
});

test("signing out ends the session at once, also for whoever stole its cookie", async () => {
  const { client } = await signedIn(guild.adminId);
  const thief = new WebClient(origin);
  for (const [name, value] of client.cookies) thief.cookies.set(name, value);
  expect((await thief.json("/auth/me")).status).toBe(200);
  expect((await client.change("POST", "/auth/logout")).status).toBe(204);
  expect(await thief.json("/auth/me")).toEqual({ status: 401, body: { _tag: "NotSignedIn" } });
});

test("a change without the CSRF token is refused", async () => {
  const { client } = await signedIn(guild.adminId);
  expect(await client.json("/auth/logout", { method: "POST" })).toEqual({
    status: 403,
    body: { _tag: "BadCsrfToken" },
  });
  expect((await client.json("/auth/me")).status).toBe(200);
});

test("a session sees the guilds of its person, and says nothing of any other", async () => {
  const { client } = await signedIn(guild.adminId);
  const mine = await client.json(`/api/queue?guild=${guild.guildId}`);
  expect(mine).toEqual({ status: 200, body: { entries: [], next: null, total: 0 } });
  const other = await sandbox.client.exampleGuild({ applicants: 0 });
  for (const unknown of [other.guildId, "100000000000000077"]) {
    expect(await client.json(`/api/queue?guild=${unknown}`)).toEqual({
      status: 404,
      body: { _tag: "UnknownGuild" },
    });
  }
});

test("whoever loses the admin role loses the guild at once", async () => {
  const userId = guild.moderatorIds[0];
  const { client } = sandbox;
  await client.updateMember(guild.guildId, userId, { roles: [guild.roles.moderator, guild.roles.admin] });
  const { client: web } = await signedIn(userId);
  expect((await web.json(`/api/queue?guild=${guild.guildId}`)).status).toBe(200);
  await client.updateMember(guild.guildId, userId, { roles: [guild.roles.moderator] });
  await expect.poll(async () => (await web.json(`/api/queue?guild=${guild.guildId}`)).status).toBe(404);
});

test("the stream tells what changes, goes on where it broke off, and ends with the session", async () => {
  const { client } = await signedIn(guild.adminId);
  const opened = await openStream(client, guild.guildId);
  await setUpGate({ client: sandbox.client, guild });
  const seen = await opened.until((events) => events.some(({ event }) => event === "config"));
  const row = seen.find(({ event }) => event === "action");
  expect(JSON.parse(row?.data ?? "null")).toMatchObject({ name: "config_change", seq: Number(row?.id) });

  const again = await openStream(client, guild.guildId, `${Number(row?.id) - 1}`);
  expect((await again.until((events) => events.some(({ id }) => id === row?.id))).at(-1)).toEqual(row);

  await client.change("POST", "/auth/logout/everywhere");
  await setUpGate({ client: sandbox.client, guild });
  expect(await again.ended()).not.toContainEqual(expect.objectContaining({ id: `${Number(row?.id) + 1}` }));
  await opened.ended();
});

test("an open stream does not hold up the end of the bot", async () => {
  const { client } = await signedIn(guild.adminId);
  const opened = await openStream(client, guild.guildId);
  expect(await stage.bot.stop()).toBe(0);
  await opened.ended();
  expect(stage.bot.log.join("\n")).not.toContain("HTTP requests were abandoned");
});
