/** The web server on the services of `layers.ts`, and people who are signed in at it. */
import { HttpServer } from "@effect/platform";
import { Effect, Layer, Option, Redacted } from "effect";
import type { GuildId } from "../../src/domain/Ids.js";
import type { Member } from "../../src/domain/Person.js";
import * as Server from "../../src/http/Server.js";
import { DiscordFake } from "../../src/layers/Discord.js";
import * as Http from "../../src/layers/Http.js";
import { Sessions } from "../../src/services/Sessions.js";
import { GUILD, MAYA, member } from "./fixtures.js";
import { services } from "./layers.js";
import { WebClient } from "./webClient.js";

const dashboardAt = (redirectUri: string) => ({
  clientId: "100000000000000001",
  clientSecret: Redacted.make("client-secret-for-tests"),
  redirectUri,
  adminRoleIds: [],
  sessionSecret: Redacted.make("a-session-secret-of-more-than-32-characters"),
});

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
