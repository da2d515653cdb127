/** The web server on the services of `layers.ts`, and people who are signed in at it. */
import { HttpServer } from "@effect/platform";
import { Effect, Layer, Option, Redacted } from "effect";
import type { GuildId } from "../../src/domain/Ids.js";
import type { Member } from "../../src/domain/Person.js";
import * as Server from "../../src/http/Server.js";
import { DiscordFake } from "../../src/layers/Discord.js";
import * as Http from "../../src/layers/Http.js";
import { Sessions } from "../../src/services/Sessions.js";
import { GUILD, MAYA, member, NOAH, OTHER_GUILD, reviewer, ROBIN } from "./fixtures.js";
import { services } from "./layers.js";
import { snapshot } from "./ledger.js";
import { WebClient } from "./webClient.js";

const dashboardAt = (redirectUri: string) => ({
  clientId: "100000000000000001",
  clientSecret: Redacted.make("client-secret-for-tests"),
  redirectUri,
  adminRoleIds: [],
  sessionSecret: Redacted.make("a-session-secret-of-more-than-32-characters"),
});

export const DASHBOARD = dashboardAt("http://127.0.0.1/auth/callback");

/** The server on a port of its own, with every service and nobody who works off the side effects. */
export const web = (
  config: Parameters<typeof services>[0] = {},
  redirectUri = "http://127.0.0.1/auth/callback",
) =>
  Server.layer.pipe(
    Layer.provideMerge(Http.layerTest),
    Layer.provideMerge(services({ dashboard: Option.some(dashboardAt(redirectUri)), ...config })),
  );

/** A test with a server of its own. */
export const served = (...config: Parameters<typeof web>) => Effect.provide(web(...config));

const origin = Effect.map(HttpServer.HttpServer, ({ address }) =>
  address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "",
);

/** What a browser can ask for; every answer with its status and its JSON. */
const browserOf = (client: WebClient) => ({
  client,
  get: (path: string) => Effect.promise(() => client.json(path)),
  post: (path: string, body?: unknown) => Effect.promise(() => client.change("POST", path, body)),
});
export type Browser = ReturnType<typeof browserOf>;

/** Nobody has signed in there. */
export const stranger = Effect.map(origin, (at) => browserOf(new WebClient(at)));

/** Somebody who may steer the guild. */
export const admin = (id = MAYA): Member =>
  member(id, { username: "maya", displayName: "Maya", permissions: 1n << 5n });

/** This person is in the guild, as they are described, and signed in at the server. */
export const signedIn = (who: Member = admin(), guildId: GuildId = GUILD) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const sessions = yield* Sessions;
    yield* fake.putMember(guildId, who);
    const { cookie } = yield* sessions.start(who, "a browser of the tests");
    const live = Option.getOrThrow(yield* sessions.resume(Redacted.value(cookie)));
    const client = new WebClient(yield* origin);
    client.cookies.set("session", Redacted.value(cookie));
    client.csrfToken = live.csrfToken;
    return browserOf(client);
  });

/** A route of an admin, as it is asked for in `GUILD`; a body makes it a POST. */
export interface Route {
  readonly path: string;
  readonly body?: unknown;
}

const asking = (browser: Browser, { path, body }: Route, guild: string) => {
  const url = `${path}${path.includes("?") ? "&" : "?"}guild=${guild}`;
  return body === undefined ? browser.get(url) : browser.post(url, body);
};
/** The answer to an admin of `GUILD`. */
export const asked = (browser: Browser, route: Route) => asking(browser, route, GUILD);

/** What a route answers to those who may not use it, and whether anything was written meanwhile. */
export const askedByOthers = (route: Route) =>
  Effect.gen(function* () {
    const before = yield* snapshot;
    const nobody = yield* stranger;
    const moderator = yield* signedIn(reviewer(NOAH));
    const someone = yield* signedIn(member(ROBIN));
    const theirs = yield* signedIn();
    const forged = yield* signedIn();
    forged.client.csrfToken = "made-up";
    const answers = {
      stranger: (yield* asking(nobody, route, GUILD)).status,
      moderator: (yield* asking(moderator, route, GUILD)).status,
      member: (yield* asking(someone, route, GUILD)).status,
      elsewhere: (yield* asking(theirs, route, OTHER_GUILD)).status,
      forged: (yield* asking(forged, route, GUILD)).status,
    };
    return { ...answers, unchanged: JSON.stringify(yield* snapshot) === JSON.stringify(before) };
  });

/** Nobody but an admin of the guild gets anything, and a change needs the session's CSRF token. */
export const closed = ({ body }: Route) => ({
  stranger: 401,
  moderator: 404,
  member: 404,
  elsewhere: 404,
  forged: body === undefined ? 200 : 403,
  unchanged: true,
});
