/** A browser as far as cookies and redirects go, for tests of the web server over real sockets. */
import { z } from "zod";
import type { SandboxProcess } from "./processes.js";

const Me = z.object({
  user: z.object({ id: z.string(), username: z.string() }),
  guilds: z.array(z.object({ id: z.string(), name: z.string(), rung: z.string() })),
  csrfToken: z.string(),
});

/** What the bot's environment needs for a dashboard at this port. */
export const dashboardEnv = (
  { applicationId, clientSecret }: Pick<SandboxProcess, "applicationId" | "clientSecret">,
  port: number,
  adminRoleId: string,
): Record<string, string> => ({
  DISCORD_CLIENT_ID: applicationId,
  DISCORD_CLIENT_SECRET: clientSecret,
  DASHBOARD_REDIRECT_URI: `http://127.0.0.1:${port}/auth/callback`,
  ADMIN_ROLE_ID: adminRoleId,
  FASTIFY_SESSION_SECRET: "a-session-secret-of-more-than-32-characters",
  DASHBOARD_PORT: `${port}`,
  // All of a test's people share one address.
  WEB_REQUESTS_PER_MINUTE: "100000",
});

export class WebClient {
  readonly cookies = new Map<string, string>();
  csrfToken = "";

  constructor(readonly origin: string) {}

  /** Never follows a redirect; keeps cookies as a browser does. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie !== "" && !headers.has("cookie")) headers.set("cookie", cookie);
    const response = await fetch(new URL(path, this.origin), { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async json(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  /** A change, with the session's CSRF token. */
  async change(
    method: "POST" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    return this.json(path, {
      method,
      headers: {
        "x-csrf-token": this.csrfToken,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** From `/auth` over Discord's page to the callback; the address that the browser would go to next. */
  async wayBack(sandbox: SandboxProcess, userId: string, start = "/auth"): Promise<URL> {
    const begun = await this.fetch(start);
    return sandbox.client.as(userId).authorize(begun.headers.get("location") ?? "");
  }

  /** Signs in as somebody of the sandbox. @returns who the server says one is. */
  async signIn(sandbox: SandboxProcess, userId: string): Promise<z.output<typeof Me>> {
    const back = await this.wayBack(sandbox, userId);
    const response = await this.fetch(`${back.pathname}${back.search}`);
    if (response.status !== 302) throw new Error(`${response.status}: ${await response.text()}`);
    const { body } = await this.json("/auth/me");
    const me = Me.parse(body);
    this.csrfToken = me.csrfToken;
    return me;
  }
}

export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

const field = (block: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];

const parse = (block: string): ReadonlyArray<StreamEvent> => {
  const event = field(block, "event");
  return event === undefined ? [] : [{ id: field(block, "id"), event, data: field(block, "data") ?? "" }];
};

/** Opens `/api/events` of a guild, and waits until the server has begun to answer. */
export const openStream = async (client: WebClient, guildId: string, lastEventId?: string) => {
  const response = await client.fetch(`/api/events?guild=${guildId}`, {
    headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
  });
  if (response.status !== 200 || response.body === null) throw new Error(`${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: Array<StreamEvent> = [];
  let rest = "";
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    const blocks = (rest + (value ?? "")).split("\n\n");
    rest = blocks.pop() ?? "";
    events.push(...blocks.flatMap(parse));
    return !done;
  };
  // `retry: …` comes at once.
  await more();
  return {
    /** Every event so far, once it is so. */
    until: async (isSo: (events: ReadonlyArray<StreamEvent>) => boolean) => {
      while (!isSo(events)) if (!(await more())) throw new Error("The stream ended");
      return [...events];
    },
    /** Every event, once the server has ended the stream. */
    ended: async () => {
      while (await more());
      return [...events];
    },
  };
};
