/** Signing in with Discord: the page, the tokens, and what they may ask. */
import { createHash } from "node:crypto";
import { assert, describe, it } from "vitest";
import { z } from "zod";
import { bot, code, raw, town } from "./support.js";
import type { Town } from "./support.js";

const REDIRECT = "http://127.0.0.1:3000/auth/callback";
const VERIFIER = "v".repeat(64);
const Tokens = z.object({ access_token: z.string(), refresh_token: z.string(), scope: z.string() });

function authorizeUrl({ sandbox }: Town, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: sandbox.applicationId,
    scope: "identify guilds",
    redirect_uri: REDIRECT,
    state: "s&t",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  });
  return `${sandbox.authorizeUrl}?${query.toString()}`;
}

async function token(
  { sandbox }: Town,
  form: Record<string, string>,
  path = "/oauth2/token",
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${sandbox.apiBase}/v10${path}`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${sandbox.applicationId}:${sandbox.clientSecret}`).toString("base64")}`,
    },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: await response.json() };
}

const exchange = (given: string, verifier = VERIFIER, redirect = REDIRECT) => ({
  grant_type: "authorization_code",
  code: given,
  redirect_uri: redirect,
  code_verifier: verifier,
});

async function signIn(
  here: Town,
  userId: string,
  scope = "identify guilds",
): Promise<z.infer<typeof Tokens>> {
  const back = await here.driver.as(userId).authorize(authorizeUrl(here, { scope }));
  const { body } = await token(here, exchange(back.searchParams.get("code") ?? ""));
  return Tokens.parse(body);
}

const as = (access: string) => ({ authorization: `Bearer ${access}` });

describe("the authorize page", () => {
  it("lets one choose who one is, and sends the browser back with code and state", async () => {
    const here = await town();
    const page = await fetch(authorizeUrl(here));
    assert.equal(page.status, 200);
    assert.match(await page.text(), /Ada Admin/);
    const back = await here.driver.as(here.guild.adminId).authorize(authorizeUrl(here));
    assert.equal(back.origin + back.pathname, REDIRECT);
    assert.equal(back.searchParams.get("state"), "s&t");
    assert.match(back.searchParams.get("code") ?? "", /^.{30}$/);
  });

  it("tells the application when somebody would not", async () => {
    const here = await town();
    const back = await here.driver.as("").authorize(authorizeUrl(here));
    assert.equal(back.searchParams.get("error"), "access_denied");
    assert.equal(back.searchParams.get("code"), null);
  });

  it("shows people with hostile names as text", async () => {
    const here = await town();
    await here.driver.createUser({ username: "x", globalName: "<script>alert(1)</script>" });
    assert.notMatch(await (await fetch(authorizeUrl(here))).text(), /<script>alert/);
  });

  it.each([
    ["an unknown application", { client_id: "100000000000000001" }, /Unknown Application/],
    ["a redirect to elsewhere", { redirect_uri: "https://evil.example/" }, /Invalid OAuth2 redirect_uri/],
    ["an unknown scope", { scope: "identify everything" }, /Unknown scope everything/],
    ["a plain challenge", { code_challenge_method: "plain" }, /S256/],
  ])("refuses %s", async (_name, more, says) => {
    const here = await town();
    const page = await fetch(authorizeUrl(here, more));
    assert.equal(page.status, 400);
    assert.match(await page.text(), says);
  });
});

describe("tokens", () => {
  it("come for a code once, with its verifier and its redirect", async () => {
    const here = await town();
    const fresh = async (): Promise<string> => {
      const back = await here.driver.as(here.guild.adminId).authorize(authorizeUrl(here));
      return back.searchParams.get("code") ?? "";
    };
    const used = await fresh();
    assert.equal((await token(here, exchange(used))).status, 200);
    const invalid = { error: "invalid_grant", error_description: 'Invalid "code" in request.' };
    assert.deepEqual(await token(here, exchange(used)), { status: 400, body: invalid });
    assert.deepEqual((await token(here, exchange(await fresh(), "wrong"))).body, invalid);
    assert.deepEqual((await token(here, exchange(await fresh(), VERIFIER, `${REDIRECT}/x`))).body, invalid);
    const late = await fresh();
    await here.driver.clock.advance(11 * 60_000);
    assert.deepEqual((await token(here, exchange(late))).body, invalid);
    const stranger = await token(
      { ...here, sandbox: { ...here.sandbox, clientSecret: "wrong" } },
      exchange(late),
    );
    assert.deepEqual(stranger, { status: 401, body: { error: "invalid_client" } });
  });

  it("say who somebody is and where they are, and no more than they were given for", async () => {
    const here = await town();
    const { access_token: access } = await signIn(here, here.guild.adminId);
    const me = await raw(here, "GET", "/users/@me", undefined, as(access));
    assert.match(JSON.stringify(me.body), /"username":"admin"/);
    const guilds = await raw(here, "GET", "/users/@me/guilds", undefined, as(access));
    assert.match(JSON.stringify(guilds.body), /"name":"Example"/);
    const about = await raw(here, "GET", "/oauth2/@me", undefined, as(access));
    assert.match(JSON.stringify(about.body), /"scopes":\["identify","guilds"\]/);
    const member = `/users/@me/guilds/${here.guild.guildId}/member`;
    assert.equal((await raw(here, "GET", member, undefined, as(access))).status, 401);
    assert.equal((await raw(here, "GET", "/gateway/bot", undefined, as(access))).status, 401);
    const more = await signIn(here, here.guild.adminId, "guilds.members.read");
    assert.equal((await raw(here, "GET", member, undefined, as(more.access_token))).status, 200);
  });

  it("end when revoked, refreshed, or after a week", async () => {
    const here = await town();
    const ask = async (access: string): Promise<number> =>
      (await raw(here, "GET", "/users/@me", undefined, as(access))).status;
    const first = await signIn(here, here.guild.adminId);
    assert.equal((await token(here, { token: first.access_token }, "/oauth2/token/revoke")).status, 200);
    assert.equal(await ask(first.access_token), 401);
    const second = await signIn(here, here.guild.adminId);
    const again = await token(here, { grant_type: "refresh_token", refresh_token: second.refresh_token });
    const third = Tokens.parse(again.body);
    assert.deepEqual([await ask(second.access_token), await ask(third.access_token)], [401, 200]);
    await here.driver.clock.advance(8 * 86_400_000);
    assert.equal(await ask(third.access_token), 401);
  });

  it("let the bot bring a person in who allowed it", async () => {
    const here = await town({ example: { botPermissions: ["CreateInstantInvite"] } });
    const { id } = await here.driver.createUser({ username: "newcomer" });
    const home = await (await bot(here)).guilds.fetch(here.guild.guildId);
    const without = await signIn(here, id);
    assert.equal(await code(home.members.add(id, { accessToken: without.access_token })), "invalid_token");
    const { access_token: accessToken } = await signIn(here, id, "identify guilds.join");
    await home.members.add(id, { accessToken });
    assert.notEqual(await here.driver.member(here.guild.guildId, id), null);
  });
});
