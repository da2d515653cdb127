/** The page on which a person allows the application to know them: one chooses there who one is. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBytes } from "../rest/body.js";
import type { User } from "../world/state.js";
import type { World } from "../world/World.js";

const KNOWN_SCOPES = ["identify", "email", "guilds", "guilds.members.read", "guilds.join"];

const Asked = z.strictObject({
  response_type: z.literal("code"),
  client_id: z.string(),
  scope: z.string(),
  redirect_uri: z.string(),
  state: z.string().optional(),
  /** `none` skips the page for a person who has agreed to this before. */
  prompt: z.enum(["consent", "none"]).optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal("S256").optional(),
});
type Asked = z.output<typeof Asked>;

/** Who this browser was last: what being signed in at discord.com is there. The page of the viewer sets it too. */
const COOKIE = /(?:^|; )sandbox_as=(\d+)/;

/** GET shows the page, POST is what its buttons send. */
export async function serveAuthorize(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): Promise<void> {
  const asked = Asked.safeParse(Object.fromEntries(new URLSearchParams(query)));
  const refusal = asked.success ? refused(world, asked.data) : z.prettifyError(asked.error);
  if (!asked.success || refusal !== null) {
    page(response, 400, `<h1>Invalid request</h1><pre>${escape(refusal ?? "")}</pre>`);
    return;
  }
  const me = personOf(world, COOKIE.exec(request.headers.cookie ?? "")?.[1]);
  const scopes = asked.data.scope.split(" ");
  if (request.method === "POST") {
    const form = new URLSearchParams((await readBytes(request)).toString());
    back(response, world, asked.data, personOf(world, form.get("user_id") ?? undefined));
  } else if (asked.data.prompt === "none" && me !== undefined && world.grants.hasAgreed(me.id, scopes)) {
    back(response, world, asked.data, me);
  } else {
    page(response, 200, choice(world, scopes, me));
  }
}

function personOf(world: World, id: string | undefined): User | undefined {
  const user = id === undefined ? undefined : world.users.all.get(id);
  return user?.bot === true ? undefined : user;
}

function refused(world: World, asked: Asked): string | null {
  const { application } = world;
  if (asked.client_id !== application.id) return "Unknown Application";
  const allowed =
    application.redirectUris.length === 0
      ? /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\//.test(asked.redirect_uri)
      : application.redirectUris.includes(asked.redirect_uri);
  if (!allowed) return "Invalid OAuth2 redirect_uri";
  const unknown = asked.scope.split(" ").find((scope) => !KNOWN_SCOPES.includes(scope));
  return unknown === undefined ? null : `Unknown scope ${unknown}`;
}

/** Back to the application: with a code, or without a person with the news that they would not. */
function back(response: ServerResponse, world: World, asked: Asked, user: User | undefined): void {
  const to = new URL(asked.redirect_uri);
  if (user === undefined) {
    to.searchParams.set("error", "access_denied");
    to.searchParams.set("error_description", "The resource owner or authorization server denied the request");
  } else {
    const code = world.grants.authorize({
      userId: user.id,
      scopes: asked.scope.split(" "),
      redirectUri: asked.redirect_uri,
      challenge: asked.code_challenge ?? null,
    });
    to.searchParams.set("code", code);
  }
  if (asked.state !== undefined) to.searchParams.set("state", asked.state);
  response.writeHead(302, {
    Location: to.href,
    "Cache-Control": "no-store",
    ...(user !== undefined && { "Set-Cookie": `sandbox_as=${user.id}; Path=/; SameSite=Lax` }),
  });
  response.end();
}

/** In Discord's words where the scope is a usual one. */
const SCOPES = new Map([
  ["identify", "See your username, avatar and banner"],
  ["email", "See your email address"],
  ["guilds", "Know what servers you are in"],
  ["guilds.members.read", "Read your member info (nickname, roles) in your servers"],
  ["guilds.join", "Join servers for you"],
]);

function choice(world: World, scopes: readonly string[], me: User | undefined): string {
  const button = ({ id, username, globalName }: User, before = ""): string =>
    `<button name="user_id" value="${escape(id)}">${before}${escape(globalName ?? username)}</button>`;
  const lives = (user: User): boolean =>
    [...world.guilds.all.values()].some(({ members }) => members.has(user.id));
  // Who lives somewhere before who only could.
  const others = [...world.users.all.values()]
    .filter((user) => !user.bot && user !== me)
    .sort((one, other) => Number(lives(other)) - Number(lives(one)));
  return `<h1>${escape(world.application.name)} wants to access your account</h1>
<p>It would be able to:</p>
<ul>${scopes.map((scope) => `<li>${escape(SCOPES.get(scope) ?? scope)}</li>`).join("")}</ul>
<form method="post">
${me === undefined ? "" : `<p class="me">${button(me, "Continue as ")}</p>`}
<p>${me === undefined ? "Who are you?" : "Or be somebody else:"}</p>
<p>${others.map((user) => button(user)).join("\n")}</p>
<p><button name="user_id" value="">Cancel</button></p>
</form>`;
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
  });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style>
<main>${body}</main></html>`);
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f2f3f5,#1e1f22);color:light-dark(#2e3338,#dbdee1)}
main{max-width:30rem;margin:8vh auto;padding:1.5rem;background:light-dark(#fff,#313338);border-radius:8px}
h1{font-size:1.25rem;margin:0 0 1rem}
ul{padding-left:1.25rem}
pre{white-space:pre-wrap}
button{font:inherit;margin:.15rem 0;padding:.4rem .8rem;border:0;border-radius:4px;cursor:pointer;
background:light-dark(#e3e5e8,#41434a);color:inherit}
.me button{width:100%;padding:.6rem;background:#5865f2;color:#fff}`;

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);
const escape = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES.get(one) ?? one);
