/** Signing in with Discord: the page, the tokens, and what they may ask. */
import { createHash } from "node:crypto";
import { PermissionFlagsBits } from "discord.js";
import { assert, describe, it } from "vitest";
import { z } from "zod";
import { bot, code, raw, refusal, town } from "./support.js";
import type { Town } from "./support.js";

const REDIRECT = "http://127.0.0.1:3000/auth/callback";
const VERIFIER = "v".repeat(64);
const Guilds = z.array(z.object({ id: z.string(), owner: z.boolean(), permissions: z.string() }));
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
    ["an unknown prompt", { prompt: "login" }, /consent/],
    ["what it does not know", { integration_type: "1" }, /integration_type/],
    ["a plain challenge", { code_challenge_method: "plain" }, /S256/],
  ])("refuses %s", async (_name, more, says) => {
    const here = await town();
    const page = await fetch(authorizeUrl(here, more));
    assert.equal(page.status, 400);
    assert.match(await page.text(), says);
  });
});

/** A browser that was last used as this person. */
const browse = (url: string, userId?: string, method = "GET") =>
  fetch(url, {
    method,
    redirect: "manual",
    ...(userId !== undefined && { headers: { cookie: `other=1; sandbox_as=${userId}` } }),
  });

describe("a browser that has been there", () => {
  it("is offered who it was last", async () => {
    const here = await town();
    const { adminId, botId } = here.guild;
    const first = await fetch(authorizeUrl(here), {
      method: "POST",
      body: new URLSearchParams({ user_id: adminId }),
      redirect: "manual",
    });
    assert.match(first.headers.get("set-cookie") ?? "", new RegExp(`sandbox_as=${adminId}`));
    assert.match(await (await browse(authorizeUrl(here), adminId)).text(), /Continue as Ada Admin/);
    for (const nobody of [botId, "1"]) {
      assert.notMatch(await (await browse(authorizeUrl(here), nobody)).text(), /Continue as/);
    }
  });

  it("is not asked again with prompt=none, as long as the person has agreed to as much", async () => {
    const here = await town();
    const { adminId } = here.guild;
    const quiet = authorizeUrl(here, { prompt: "none" });
    assert.equal((await browse(quiet, adminId)).status, 200, "nobody has agreed yet");
    const { access_token: access } = await signIn(here, adminId);
    const again = await browse(quiet, adminId);
    assert.equal(again.status, 302);
    const back = new URL(again.headers.get("location") ?? "");
    assert.equal(back.searchParams.get("state"), "s&t");
    assert.equal((await token(here, exchange(back.searchParams.get("code") ?? ""))).status, 200);

    assert.equal((await browse(authorizeUrl(here), adminId)).status, 200, "consent is the usual");
    assert.equal((await browse(quiet)).status, 200, "a browser that is nobody");
    assert.equal((await browse(quiet, here.guild.ownerId)).status, 200, "somebody else");
    const more = authorizeUrl(here, { prompt: "none", scope: "identify guilds email" });
    assert.equal((await browse(more, adminId)).status, 200, "more than was agreed to");
    await token(here, { token: access }, "/oauth2/token/revoke");
    assert.equal((await browse(quiet, adminId)).status, 200, "taken back");
  });
});

describe("a bad day for signing in", () => {
  it("hits the page: late, refused, away or cut off", async () => {
    const here = await town();
    const { faults } = here.driver;
    const status = async (): Promise<number> => (await browse(authorizeUrl(here))).status;
    await faults.fail({ route: "/oauth2/authorize", status: 502 });
    assert.deepEqual([await status(), await status()], [502, 200]);
    await faults.outage("status503");
    assert.equal(await status(), 503);
    await faults.outage("none");
    await faults.drop({ method: "GET", route: "/oauth2/authorize" });
    assert.match(await refusal(browse(authorizeUrl(here))), /fetch failed/);
    assert.equal(await status(), 200);
  });

  it("hits tokens and what they ask: a code whose answer was lost is used up", async () => {
    const here = await town();
    const { faults } = here.driver;
    const fresh = async (): Promise<string> => {
      const back = await here.driver.as(here.guild.adminId).authorize(authorizeUrl(here));
      return back.searchParams.get("code") ?? "";
    };
    const given = await fresh();
    await faults.fail({ route: "/oauth2/token", status: 503 });
    assert.equal((await token(here, exchange(given))).status, 503);
    await faults.fail({ route: "/oauth2/token", status: 500, when: "after" });
    assert.equal((await token(here, exchange(given))).status, 500);
    assert.match(JSON.stringify((await token(here, exchange(given))).body), /invalid_grant/);

    const { access_token: access } = await signIn(here, here.guild.adminId);
    await faults.rateLimit({ route: "/users/@me/guilds", retryAfterMs: 1_500 });
    const limited = await raw(here, "GET", "/users/@me/guilds", undefined, as(access));
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "2"]);
    await faults.fail({ route: "/oauth2/token/revoke", status: 500 });
    assert.equal((await token(here, { token: access }, "/oauth2/token/revoke")).status, 500);
    assert.equal((await raw(here, "GET", "/users/@me", undefined, as(access))).status, 200);
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
    const invalid = (field: string) => ({
      status: 400,
      body: { error: "invalid_grant", error_description: `Invalid "${field}" in request.` },
    });
    assert.deepEqual(await token(here, exchange(used)), invalid("code"));
    assert.deepEqual(await token(here, exchange("made-up")), invalid("code"));
    assert.deepEqual(await token(here, exchange(await fresh(), "wrong")), invalid("code_verifier"));
    const { code_verifier: _, ...without } = exchange(await fresh());
    assert.deepEqual(await token(here, without), invalid("code_verifier"));
    const elsewhere = exchange(await fresh(), VERIFIER, `${REDIRECT}/x`);
    assert.deepEqual(await token(here, elsewhere), invalid("redirect_uri"));
    const late = await fresh();
    await here.driver.clock.advance(11 * 60_000);
    assert.deepEqual(await token(here, exchange(late)), invalid("code"));
  });

  it("are refused to whoever does not know the secret, for tokens and for their end", async () => {
    const here = await town();
    const stranger = { ...here, sandbox: { ...here.sandbox, clientSecret: "wrong" } };
    const refused = { status: 401, body: { error: "invalid_client" } };
    assert.deepEqual(await token(stranger, exchange("any")), refused);
    const { access_token: access } = await signIn(here, here.guild.adminId);
    assert.deepEqual(await token(stranger, { token: access }, "/oauth2/token/revoke"), refused);
    assert.equal((await raw(here, "GET", "/users/@me", undefined, as(access))).status, 200);
  });

  it("are asked for in a form, with all that belongs to it", async () => {
    const here = await town();
    const { applicationId: client_id, clientSecret: client_secret } = here.sandbox;
    const json = await raw(here, "POST", "/oauth2/token", {
      ...exchange("any"),
      client_id,
      client_secret,
    });
    assert.equal(json.status, 400);
    assert.match(JSON.stringify(json.body), /unsupported_grant_type.*Grant type None is not supported/);
    const incomplete = await token(here, { grant_type: "authorization_code", redirect_uri: REDIRECT });
    assert.deepEqual(incomplete, {
      status: 400,
      body: { error: "invalid_request", error_description: 'Missing "code" in request.' },
    });
    const password = await token(here, { grant_type: "password" });
    assert.match(JSON.stringify(password.body), /unsupported_grant_type/);
    const unknown = await token(here, { grant_type: "refresh_token", refresh_token: "made-up" });
    assert.deepEqual(unknown, { status: 400, body: { error: "invalid_grant" } });
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

  it("say what somebody may do in each of their servers, and which of them is theirs", async () => {
    const here = await town();
    const { ownerId, adminId, moderatorIds, applicantIds, guildId } = here.guild;
    const other = await here.driver.createGuild({ name: "Elsewhere", ownerId: moderatorIds[0] });
    const guildsAs = async (userId: string): Promise<z.infer<typeof Guilds>> => {
      const { access_token: access } = await signIn(here, userId);
      return Guilds.parse((await raw(here, "GET", "/users/@me/guilds", undefined, as(access))).body);
    };
    const may = (permissions: string, bit: bigint): boolean => (BigInt(permissions) & bit) === bit;
    const [owners] = await guildsAs(ownerId);
    assert.equal(owners?.owner, true);
    const [admins] = await guildsAs(adminId);
    assert.isTrue(admins?.owner === false && may(admins.permissions, PermissionFlagsBits.Administrator));
    const moderators = await guildsAs(moderatorIds[0]);
    assert.deepEqual(
      moderators.map(({ id, owner }) => [id, owner]),
      [
        [guildId, false],
        [other.id, true],
      ],
    );
    assert.isFalse(may(moderators[0]?.permissions ?? "0", PermissionFlagsBits.Administrator));
    const [applicant = ""] = applicantIds;
    const [applicants] = await guildsAs(applicant);
    assert.isFalse(may(applicants?.permissions ?? "0", PermissionFlagsBits.ManageMessages));

    await here.driver.removeMember(guildId, applicant);
    assert.deepEqual(await guildsAs(applicant), []);
  });

  it("come in pages of guilds, with counts when asked", async () => {
    const here = await town();
    const second = await here.driver.createGuild({ name: "Second", ownerId: here.guild.adminId });
    const { access_token: access } = await signIn(here, here.guild.adminId);
    const ids = async (query: string): Promise<readonly string[]> => {
      const { body } = await raw(here, "GET", `/users/@me/guilds?${query}`, undefined, as(access));
      return Guilds.parse(body).map(({ id }) => id);
    };
    assert.deepEqual(await ids("limit=1"), [here.guild.guildId]);
    assert.deepEqual(await ids(`after=${here.guild.guildId}`), [second.id]);
    assert.deepEqual(await ids(`before=${second.id}`), [here.guild.guildId]);
    const counted = await raw(here, "GET", "/users/@me/guilds?with_counts=true", undefined, as(access));
    assert.match(JSON.stringify(counted.body), /"approximate_member_count":\d/);
  });

  it("tell an email address only where that was allowed", async () => {
    const here = await town();
    const me = async (scope: string): Promise<unknown> => {
      const { access_token: access } = await signIn(here, here.guild.adminId, scope);
      return (await raw(here, "GET", "/users/@me", undefined, as(access))).body;
    };
    assert.notProperty(await me("identify"), "email");
    assert.propertyVal(await me("identify email"), "email", "admin@example.org");
  });

  it("end when revoked, refreshed, or after a week", async () => {
    const here = await town();
    const ask = async (access: string): Promise<number> =>
      (await raw(here, "GET", "/users/@me", undefined, as(access))).status;
    const first = await signIn(here, here.guild.adminId);
    assert.equal((await token(here, { token: first.access_token }, "/oauth2/token/revoke")).status, 200);
    assert.equal(await ask(first.access_token), 401);
    const ended = await token(here, { grant_type: "refresh_token", refresh_token: first.refresh_token });
    assert.deepEqual(ended, { status: 400, body: { error: "invalid_grant" } });
    const second = await signIn(here, here.guild.adminId);
    const again = await token(here, { grant_type: "refresh_token", refresh_token: second.refresh_token });
    const third = Tokens.parse(again.body);
    assert.deepEqual([await ask(second.access_token), await ask(third.access_token)], [401, 200]);
    await here.driver.clock.advance(8 * 86_400_000);
    assert.equal(await ask(third.access_token), 401);
  });

  it("end all together: one revoked token ends the person's authorization", async () => {
    const here = await town();
    const [laptop, phone] = [await signIn(here, here.guild.adminId), await signIn(here, here.guild.adminId)];
    const other = await signIn(here, here.guild.ownerId);
    assert.equal((await token(here, { token: laptop.refresh_token }, "/oauth2/token/revoke")).status, 200);
    const statuses = [laptop, phone, other].map(async ({ access_token: access }) => {
      return (await raw(here, "GET", "/users/@me", undefined, as(access))).status;
    });
    assert.deepEqual(await Promise.all(statuses), [401, 401, 200]);
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
