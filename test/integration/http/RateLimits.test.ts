import { HttpServer } from "@effect/platform";
import { RateLimiter } from "@effect/experimental";
import { assert, describe, it } from "@effect/vitest";
import { Duration, Effect, TestClock } from "effect";
import { boundedStore } from "../../../src/http/middleware/RateLimits.js";
import { served } from "../../support/layers-web.js";

const get = (path: string, forwarded?: string) =>
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer;
    const port = address._tag === "TcpAddress" ? address.port : 0;
    const headers: Record<string, string> = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
    return yield* Effect.promise(async () => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual" });
      return { status: response.status, headers: response.headers, text: await response.text() };
    });
  });

const statuses = (path: string, times: number, forwarded?: string) =>
  Effect.map(
    Effect.replicateEffect(get(path, forwarded), times),
    (answers) => answers.map(({ status }) => status).filter((status) => status === 429).length,
  );

describe("one client", () => {
  it.effect("may ask a hundred times a minute, and is told how many are left", () =>
    Effect.gen(function* () {
      const first = yield* get("/auth/me");
      assert.strictEqual(first.headers.get("ratelimit-policy"), '"default";q=100;w=60');
      assert.strictEqual(first.headers.get("ratelimit"), '"default";r=99;t=1');
      assert.strictEqual(yield* statuses("/auth/me", 99), 0);
      const { status, headers, text } = yield* get("/auth/me");
      assert.strictEqual(status, 429);
      assert.deepStrictEqual(JSON.parse(text), { _tag: "TooManyRequests", retryAfterSeconds: 60 });
      assert.strictEqual(headers.get("retry-after"), "60");
      assert.strictEqual(headers.get("ratelimit"), '"default";r=0;t=60');
      yield* TestClock.adjust("59 seconds");
      assert.strictEqual((yield* get("/auth/me")).status, 429);
      yield* TestClock.adjust("1 seconds");
      assert.strictEqual((yield* get("/auth/me")).status, 401);
    }).pipe(served()),
  );

  it.effect("has ten sign-ins a minute, whatever the address of one looks like", () =>
    Effect.gen(function* () {
      const spellings = [
        "/auth",
        "/auth/login",
        "/auth/callback",
        "//auth//login",
        "/auth/",
        "/AUTH",
        "/%61uth",
      ];
      for (let turn = 0; turn < 3; turn += 1) for (const path of spellings) yield* get(path);
      for (const path of spellings) {
        const { status } = yield* get(path);
        assert.include([404, 429], status, path);
      }
      assert.strictEqual((yield* get("/auth/me")).status, 401);
    }).pipe(served()),
  );

  it.effect("that claims to be many is still one, unless our proxy says so", () =>
    Effect.gen(function* () {
      yield* statuses("/auth/me", 100, "203.0.113.1");
      assert.strictEqual((yield* get("/auth/me", "203.0.113.2")).status, 429);
    }).pipe(served()),
  );

  it.effect("behind our proxy is whom the proxy names, and no more than that", () =>
    Effect.gen(function* () {
      yield* statuses("/auth/me", 100, "203.0.113.1");
      assert.strictEqual((yield* get("/auth/me", "203.0.113.2")).status, 401);
      assert.strictEqual((yield* get("/auth/me", "203.0.113.2, 203.0.113.1")).status, 429);
    }).pipe(served({ http: { trustProxy: true } })),
  );

  it.effect("does not run out of health by asking for something else", () =>
    Effect.gen(function* () {
      yield* statuses("/auth/me", 101);
      assert.strictEqual(yield* statuses("/health", 110), 0);
    }).pipe(served()),
  );

  it.effect("has as many as the operator says", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* statuses("/nothing", 21), 1);
      assert.strictEqual(yield* statuses("/auth", 3), 1);
    }).pipe(served({ http: { requestsPerMinute: 20 } })),
  );
});

describe("the memory of the limits", () => {
  const take = (key: string) =>
    Effect.flatMap(RateLimiter.RateLimiterStore, (store) =>
      Effect.map(
        store.fixedWindow({ key, tokens: 1, limit: 10, refillRate: Duration.seconds(6) }),
        ([count]) => count,
      ),
    );

  it.effect("is bounded: whoever began longest ago is forgotten for somebody new", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Effect.all([take("a"), take("b"), take("a"), take("c")]), [1, 1, 2, 1]);
      assert.deepStrictEqual(yield* Effect.all([take("c"), take("b"), take("a")]), [2, 2, 1]);
    }).pipe(Effect.provide(boundedStore(2))),
  );

  it.effect("forgets a window that is over", () =>
    Effect.gen(function* () {
      yield* take("a");
      yield* TestClock.adjust("6 seconds");
      assert.strictEqual(yield* take("a"), 1);
    }).pipe(Effect.provide(boundedStore(2))),
  );
});
