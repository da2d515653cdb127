/**
 * What is tried against the web server, and what comes of it. More of it: `signIn.test.ts` (over real sockets), `RateLimits`,
 * `WellFormed`, `Headers`, `Queue` and `Fuzz` beside this file, and `Listener.test.ts` for what is no HTTP.
 */
import { HttpServer } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Exit, Fiber, Layer, Option, Scope, TestClock } from "effect";
import { request } from "node:http";
import { setTimeout } from "node:timers/promises";
import * as Server from "../../../src/http/Server.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Http from "../../../src/layers/Http.js";
import * as Services from "../../../src/services/index.js";
import { GUILD, MAYA, member, NOAH, ROBIN } from "../../support/fixtures.js";
import { apply, rowsOf, setUp, world } from "../../support/layers.js";
import { admin, DASHBOARD, served, signedIn, stranger } from "../../support/layers-web.js";
import { type OAuthCall, oauthStub } from "../../support/oauthStub.js";
import type { WebClient } from "../../support/webClient.js";

const QUEUE = `/api/queue?guild=${GUILD}`;
const OFTEN = { requestsPerMinute: 100_000 };

const fetched = (client: WebClient, path: string, init?: RequestInit) =>
  Effect.promise(() => client.fetch(path, init));

/** A server whose Discord lets Maya, an admin, sign in with any code; and what that Discord is like. */
const withDiscord = <A, E, R>(
  test: (discord: Effect.Effect.Success<ReturnType<typeof oauthStub>>) => Effect.Effect<A, E, R>,
) =>
  Effect.flatMap(oauthStub(MAYA, GUILD), (discord) =>
    Effect.flatMap(DiscordFake, (fake) => fake.putMember(GUILD, admin())).pipe(
      Effect.zipRight(test(discord)),
      served({ http: OFTEN, discord: { apiBase: Option.some(discord.apiBase) } }),
    ),
  ).pipe(Effect.scoped);

/** Goes to Discord. @returns the `state` to come back with. */
const leave = (client: WebClient, path = "/auth") =>
  Effect.map(
    fetched(client, path),
    ({ headers }) => new URL(headers.get("location") ?? "").searchParams.get("state") ?? "",
  );

const comeBack = (client: WebClient, state: string | undefined, more = "code=a-code") =>
  fetched(
    client,
    `/auth/callback?${more}${state === undefined ? "" : `&state=${encodeURIComponent(state)}`}`,
  );

describe("a way back from Discord", () => {
  it.effect("with a state that is forged, missing or of another sign-in opens no session", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        const other = yield* leave(client);
        const state = yield* leave(client);
        for (const wrong of ["", undefined, "forged", `${state}x`, state.toLowerCase(), other]) {
          const { status } = yield* comeBack(client, wrong);
          assert.strictEqual(status, 400, wrong);
          assert.isFalse(client.cookies.has("session"));
          yield* leave(client);
        }
      }),
    ),
  );

  it.effect("with the right state and no cookie, somebody else's, or a made-up one, opens no session", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        const { client: attacker } = yield* stranger;
        const state = yield* leave(client);
        yield* leave(attacker);
        for (const cookie of [
          undefined,
          attacker.cookies.get("sign-in"),
          "a.b.c.d.e",
          "eyJhbGciOiJub25lIn0.e30.",
        ]) {
          if (cookie === undefined) client.cookies.delete("sign-in");
          else client.cookies.set("sign-in", cookie);
          assert.strictEqual((yield* comeBack(client, state)).status, 400);
        }
        assert.isFalse(client.cookies.has("session"));
      }),
    ),
  );

  it.effect("after ten minutes is too late", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        const kept = new Map(client.cookies);
        const state = yield* leave(client);
        for (const [name, value] of client.cookies) kept.set(name, value);
        yield* TestClock.adjust("10 minutes");
        for (const [name, value] of kept) client.cookies.set(name, value);
        assert.strictEqual((yield* comeBack(client, state)).status, 400);
      }),
    ),
  );

  it.effect("with an error of Discord's, or a script in its place, shows neither", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        const state = yield* leave(client);
        const script = encodeURIComponent("<script>alert(1)</script>");
        const response = yield* comeBack(client, state, `error=${script}&error_description=${script}`);
        assert.strictEqual(response.status, 502);
        assert.notInclude(yield* Effect.promise(() => response.text()), "<script>alert");
      }),
    ),
  );

  it.effect("ends at a path of ours, whatever was asked for", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        for (const wanted of [
          "//evil.example",
          "///evil.example",
          "/\\evil.example",
          "\\\\evil.example",
          "https://evil.example/",
          "https:evil.example",
          "javascript:alert(1)",
          "/\t/evil.example",
          "/\n/evil.example",
          "/..//evil.example",
          "/%2e%2e//evil.example",
          "@evil.example",
          "/x\r\nSet-Cookie: session=evil",
        ]) {
          const state = yield* leave(client, `/auth?return_to=${encodeURIComponent(wanted)}`);
          const { headers, status } = yield* comeBack(client, state);
          const location = headers.get("location") ?? "";
          assert.strictEqual(status, 302, wanted);
          assert.match(location, /^\/(?![/\\])/, wanted);
          assert.strictEqual(new URL(location, client.origin).origin, client.origin, wanted);
          assert.notInclude(headers.getSetCookie().join(), "evil", wanted);
        }
        const state = yield* leave(client, `/auth?return_to=${encodeURIComponent("/dashboard/logs?page=2")}`);
        assert.strictEqual(
          (yield* comeBack(client, state)).headers.get("location"),
          "/dashboard/logs?page=2",
        );
      }),
    ),
  );
});

describe("a session", () => {
  it.effect("that somebody planted before the sign-in is not taken over", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client: attacker } = yield* signedIn(admin(NOAH));
        const { client } = yield* stranger;
        const planted = attacker.cookies.get("session") ?? "";
        client.cookies.set("session", planted);
        yield* comeBack(client, yield* leave(client));
        assert.notStrictEqual(client.cookies.get("session"), planted);
        const whoIs = (one: WebClient) => Effect.promise(() => one.json("/auth/me"));
        assert.deepNestedInclude((yield* whoIs(client)).body, { "user.id": MAYA });
        assert.deepNestedInclude((yield* whoIs(attacker)).body, { "user.id": NOAH });
      }),
    ),
  );

  it.effect("is none for a cookie that was changed, or that was made for something else", () =>
    withDiscord(() =>
      Effect.gen(function* () {
        const { client, get } = yield* signedIn();
        const cookie = client.cookies.get("session") ?? "";
        const { client: other } = yield* stranger;
        yield* leave(other);
        const flipped = `${cookie.slice(0, -6)}${cookie.at(-6) === "A" ? "B" : "A"}${cookie.slice(-5)}`;
        for (const wrong of [
          flipped,
          `${cookie}x`,
          cookie.slice(1),
          other.cookies.get("sign-in") ?? "",
          "x",
        ]) {
          client.cookies.set("session", wrong);
          assert.strictEqual((yield* get("/auth/me")).status, 401);
        }
        client.cookies.set("session", cookie);
        assert.strictEqual((yield* get("/auth/me")).status, 200);
      }),
    ),
  );

  it.effect("ends after a day in which nobody used it", () =>
    Effect.gen(function* () {
      const { get } = yield* signedIn();
      yield* TestClock.adjust("23 hours");
      assert.strictEqual((yield* get("/auth/me")).status, 200);
      yield* TestClock.adjust("24 hours");
      assert.strictEqual((yield* get("/auth/me")).status, 401);
    }).pipe(served({ http: OFTEN })),
  );

  it.effect("ends after a week, however much it is used", () =>
    Effect.gen(function* () {
      const { get } = yield* signedIn();
      for (let half = 1; half < 14; half += 1) {
        yield* TestClock.adjust("12 hours");
        assert.strictEqual((yield* get("/auth/me")).status, 200);
      }
      yield* TestClock.adjust("12 hours");
      assert.strictEqual((yield* get("/auth/me")).status, 401);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM session"), []);
    }).pipe(served({ http: OFTEN })),
  );

  it.effect("survives a restart, and stays ended after one", () => {
    const server = Server.layer.pipe(Layer.provideMerge(Http.layerTest), Layer.provideMerge(Services.layer));
    const started = Effect.gen(function* () {
      const scope = yield* Scope.make();
      const context = yield* Layer.buildWithScope(server, scope);
      return { context, stop: Scope.close(scope, Exit.void) };
    });
    return Effect.gen(function* () {
      const first = yield* started;
      const kept = yield* Effect.provide(signedIn(), first.context);
      const ended = yield* Effect.provide(signedIn(), first.context);
      const endedCookie = ended.client.cookies.get("session");
      assert.strictEqual((yield* ended.post("/auth/logout")).status, 204);
      yield* first.stop;
      const second = yield* started;
      const { client } = yield* Effect.provide(stranger, second.context);
      const statusOf = (cookie: string | undefined) => {
        client.cookies.set("session", cookie ?? "");
        return Effect.map(fetched(client, "/auth/me"), ({ status }) => status);
      };
      assert.strictEqual(yield* statusOf(kept.client.cookies.get("session")), 200);
      assert.strictEqual(yield* statusOf(endedCookie), 401);
      yield* second.stop;
    }).pipe(Effect.provide(world({ dashboard: Option.some(DASHBOARD) })));
  });

  it.effect("loses a guild within five minutes, also where nothing said that the role is gone", () =>
    Effect.gen(function* () {
      const { get } = yield* signedIn();
      const fake = yield* DiscordFake;
      assert.strictEqual((yield* get(QUEUE)).status, 200);
      yield* fake.putMember(GUILD, member(MAYA));
      yield* TestClock.adjust("5 minutes");
      assert.strictEqual((yield* get(QUEUE)).status, 404);
    }).pipe(served()),
  );
});

describe("a change", () => {
  it.effect("with another session's token, or from another page, is refused", () =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      const { client: other } = yield* signedIn(admin(NOAH));
      const logout = (headers: Readonly<Record<string, string>>, query = "") =>
        Effect.map(
          fetched(client, `/auth/logout${query}`, { method: "POST", headers }),
          ({ status }) => status,
        );
      const token = client.csrfToken;
      assert.strictEqual(yield* logout({ "x-csrf-token": other.csrfToken }), 403);
      assert.strictEqual(yield* logout({ "x-csrf-token": `${token}x` }), 403);
      assert.strictEqual(yield* logout({}, `?x-csrf-token=${token}&csrfToken=${token}`), 403);
      for (const origin of [
        "https://evil.example",
        "null",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:1",
      ]) {
        assert.strictEqual(yield* logout({ "x-csrf-token": token, origin }), 403, origin);
      }
      assert.strictEqual(yield* logout({ "x-csrf-token": token, origin: "http://127.0.0.1" }), 204);
    }).pipe(served()),
  );

  it.effect("of somebody else's session is not there", () =>
    Effect.gen(function* () {
      const mine = yield* signedIn();
      const theirs = yield* signedIn(admin(NOAH));
      const [row] = yield* rowsOf(`SELECT id FROM session WHERE user_id = '${NOAH}'`);
      const path = `/auth/sessions/${row?.["id"]}`;
      const { status } = yield* Effect.promise(() => mine.client.change("DELETE", path));
      assert.strictEqual(status, 404);
      assert.strictEqual((yield* theirs.get("/auth/me")).status, 200);
    }).pipe(served()),
  );
});

describe("what somebody types", () => {
  it.effect("is never SQL, nor a header", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      const { client } = yield* signedIn();
      for (const text of [
        "1' OR '1'='1",
        "1; DROP TABLE application; --",
        '1" OR 1=1',
        "1\r\nX-Evil: 1",
        "%00",
      ]) {
        const evil = encodeURIComponent(text);
        for (const path of [
          `/api/queue?guild=${evil}`,
          `${QUEUE}&cursor=${evil}`,
          `${QUEUE}&limit=${evil}`,
          `/auth/sessions/${evil}`,
          `/${evil}`,
        ]) {
          const { headers, status } = yield* fetched(client, path);
          assert.include([400, 404, 405], status, path);
          assert.isFalse(headers.has("x-evil"), path);
        }
      }
      const [{ open } = { open: 0 }] = yield* rowsOf("SELECT COUNT(*) AS open FROM application");
      assert.strictEqual(open, 1);
    }).pipe(served({ http: OFTEN })),
  );

  it.effect("is no place in a list that it was not given", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply(member(ROBIN));
      const { get } = yield* signedIn();
      const cursorOf = (text: string) => Buffer.from(text).toString("base64url");
      for (const wrong of ["{}", "[]", "null", '{"submittedAt":"x","id":"y"}', "{", "\u0000"]) {
        const { status } = yield* get(`${QUEUE}&cursor=${cursorOf(wrong)}`);
        assert.strictEqual(status, 400, wrong);
      }
      const elsewhere = cursorOf('{"submittedAt":0,"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}');
      const { status, body } = yield* get(`${QUEUE}&cursor=${elsewhere}`);
      assert.deepStrictEqual([status, JSON.stringify(body).includes(NOAH)], [200, false]);
    }).pipe(served({ http: OFTEN })),
  );

  it.effect("is no way to a file", () =>
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer;
      const port = address._tag === "TcpAddress" ? address.port : 0;
      for (const path of [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/package.json",
        "/dashboard/../../package.json",
        "/api/docs/..%5c..%5cpackage.json",
        "//etc/passwd",
        "/api/docs%00.html",
      ]) {
        // As it is: fetch would tidy it up.
        const status = yield* Effect.async<number | undefined>((resume) => {
          request({ host: "127.0.0.1", port, path }, (answer) => {
            answer.resume();
            resume(Effect.succeed(answer.statusCode));
          }).end();
        });
        assert.strictEqual(status, 404, path);
      }
    }).pipe(served()),
  );

  it.effect("as a body is JSON of the right shape, or refused with words of the contract", () =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      const resolve = (body: string) =>
        Effect.promise(() =>
          client.json(`/api/users/resolve?guild=${GUILD}`, {
            method: "POST",
            body,
            headers: { "content-type": "application/json", "x-csrf-token": client.csrfToken },
          }),
        );
      for (const [body, tag] of [
        ['{"ids":[', "BadRequest"],
        ["'", "BadRequest"],
        ["null", "HttpApiDecodeError"],
        ["[]", "HttpApiDecodeError"],
        ['{"ids":"1"}', "HttpApiDecodeError"],
        [`{"ids":["${"9".repeat(60_000)}"]}`, "HttpApiDecodeError"],
        ["[".repeat(30_000), "BadRequest"],
        [`${"[".repeat(30_000)}${"]".repeat(30_000)}`, "BadRequest"],
        [`{"ids":${"[".repeat(40)}${"]".repeat(40)}}`, "BadRequest"],
        [`{"ids":["${"[{".repeat(40)}"]}`, "HttpApiDecodeError"],
        ['{"__proto__":{"ids":[]},"constructor":{"prototype":{"ids":[]}}}', "HttpApiDecodeError"],
      ]) {
        const answer = yield* resolve(body ?? "");
        assert.deepInclude(answer, { status: 400 }, body?.slice(0, 60));
        assert.deepInclude(answer.body, { _tag: tag }, body?.slice(0, 60));
      }
      assert.notProperty({}, "ids");
    }).pipe(served({ http: OFTEN })),
  );
});

describe("while Discord has a bad day", () => {
  const calls: ReadonlyArray<OAuthCall> = ["token", "user", "guilds"];

  it.effect("nobody is signed in by an answer that is an error, and everybody by the next one", () =>
    withDiscord((discord) =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        for (const call of calls) {
          for (const status of [400, 429, 500, 503]) {
            discord.moods.set(call, status);
            const response = yield* comeBack(client, yield* leave(client));
            assert.strictEqual(response.status, 502, `${call} ${status}`);
            assert.notInclude(yield* Effect.promise(() => response.text()), "a-token");
            assert.isFalse(client.cookies.has("session"));
          }
          discord.moods.clear();
        }
        assert.strictEqual((yield* comeBack(client, yield* leave(client))).status, 302);
        // What Discord gave was given back each time, also where the next call failed.
        const given = discord.asked.filter((call) => call === "user").length;
        assert.strictEqual(discord.asked.filter((call) => call === "revoke").length, given);
      }),
    ),
  );

  it.effect("nobody waits longer than ten seconds for one of its answers", () =>
    withDiscord((discord) =>
      Effect.gen(function* () {
        const { client } = yield* stranger;
        for (const call of calls) {
          discord.moods.set(call, "silent");
          const before = discord.asked.length;
          const waiting = yield* Effect.fork(comeBack(client, yield* leave(client)));
          while (!discord.asked.slice(before).includes(call)) {
            yield* Effect.promise(() => setTimeout(5));
          }
          yield* TestClock.adjust("10 seconds");
          assert.strictEqual((yield* Fiber.join(waiting)).status, 502, call);
          discord.moods.clear();
        }
      }),
    ),
  );
});
