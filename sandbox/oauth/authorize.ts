/** The page on which a person allows the application to know them: one chooses there who one is. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBytes } from "../rest/body.js";
import type { World } from "../world/World.js";

const KNOWN_SCOPES = ["identify", "email", "guilds", "guilds.members.read", "guilds.join"];

const Asked = z.object({
  response_type: z.literal("code"),
  client_id: z.string(),
  scope: z.string(),
  redirect_uri: z.string(),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal("S256").optional(),
});
type Asked = z.output<typeof Asked>;

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
  if (request.method !== "POST") {
    page(response, 200, choice(world, asked.data));
    return;
  }
  const form = new URLSearchParams((await readBytes(request)).toString());
  response.writeHead(302, { Location: decided(world, asked.data, form.get("user_id")) });
  response.end();
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
function decided(world: World, asked: Asked, userId: string | null): string {
  const back = new URL(asked.redirect_uri);
  const user = userId === null ? undefined : world.users.all.get(userId);
  if (user === undefined || user.bot) {
    back.searchParams.set("error", "access_denied");
    back.searchParams.set(
      "error_description",
      "The resource owner or authorization server denied the request",
    );
  } else {
    const code = world.grants.authorize({
      userId: user.id,
      scopes: asked.scope.split(" "),
      redirectUri: asked.redirect_uri,
      challenge: asked.code_challenge ?? null,
    });
    back.searchParams.set("code", code);
  }
  if (asked.state !== undefined) back.searchParams.set("state", asked.state);
  return back.href;
}

function choice(world: World, asked: Asked): string {
  const people = [...world.users.all.values()].filter(({ bot }) => !bot);
  const buttons = people.map(
    ({ id, username, globalName }) =>
      `<button name="user_id" value="${escape(id)}">${escape(globalName ?? username)}</button>`,
  );
  return `<h1>${escape(world.application.name)} wants to access your account</h1>
<p>It asks for: ${escape(asked.scope.split(" ").join(", "))}. Who are you?</p>
<form method="post">${buttons.join("\n")}<p><button name="user_id" value="">Cancel</button></p></form>`;
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
  });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize</title>
<style>body{font:16px system-ui;max-width:32rem;margin:3rem auto}button{font:inherit;margin:.2rem;padding:.4rem .8rem}</style>
${body}</html>`);
}

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);
const escape = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES.get(one) ?? one);
