import { assert, describe, it } from "@effect/vitest";
import { Effect, Option } from "effect";
import { served, signedIn, stranger } from "../../support/layers-web.js";

const CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const anything = [
  ["a signed-out answer", "GET", "/auth/me", 401],
  ["nothing there", "GET", "/nothing-like-this", 404],
  ["a path that decodes to nothing", "GET", "/%ff", 404],
  ["a method that is not taken", "PUT", "/auth/me", 405],
  ["a redirect", "GET", "/auth", 302],
  ["a page", "GET", "/", 200],
  ["an answer without a body", "HEAD", "/health", 200],
  ["the description of the API", "GET", "/api/openapi.json", 200],
] as const;

describe("every answer", () => {
  it.effect("has the headers that browsers are told to be careful by, and a trace", () =>
    Effect.gen(function* () {
      const { client } = yield* stranger;
      for (const [what, method, path, status] of anything) {
        const answer = yield* Effect.promise(() => client.fetch(path, { method }));
        const { headers } = answer;
        assert.strictEqual(answer.status, status, what);
        assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none';/, what);
        assert.notMatch(headers.get("content-security-policy") ?? "", /unsafe/, what);
        assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/, what);
        assert.strictEqual(headers.get("x-content-type-options"), "nosniff", what);
        assert.strictEqual(headers.get("x-frame-options"), "DENY", what);
        assert.strictEqual(headers.get("referrer-policy"), "no-referrer", what);
        assert.strictEqual(headers.get("cross-origin-opener-policy"), "same-origin", what);
        assert.strictEqual(headers.get("cross-origin-embedder-policy"), "credentialless", what);
        assert.strictEqual(headers.get("cross-origin-resource-policy"), "same-origin", what);
        assert.include(headers.get("permissions-policy"), "geolocation=()", what);
        assert.isNotEmpty(headers.get("cache-control"), what);
        assert.match(headers.get("x-trace-id") ?? "", /^[a-z0-9]{7}$/, what);
        assert.isNull(headers.get("strict-transport-security"), what);
        assert.isNull(headers.get("x-powered-by"), what);
      }
    }).pipe(served()),
  );

  it.effect("over https says that it is to stay so", () =>
    Effect.gen(function* () {
      const { client } = yield* stranger;
      const { headers } = yield* Effect.promise(() => client.fetch("/auth/me"));
      assert.strictEqual(headers.get("strict-transport-security"), "max-age=63072000");
    }).pipe(served({}, "https://pawtropolis.tech/auth/callback")),
  );

  it.effect("to somebody who is signed in is kept nowhere", () =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      const { headers } = yield* Effect.promise(() => client.fetch("/auth/me"));
      assert.strictEqual(headers.get("cache-control"), "no-store");
      assert.strictEqual(headers.get("content-security-policy"), CSP);
    }).pipe(served()),
  );
});

describe("pages of another origin", () => {
  const ask = (method: string, origin: string, headers: Readonly<Record<string, string>> = {}) =>
    Effect.flatMap(stranger, ({ client }) =>
      Effect.promise(() => client.fetch("/auth/me", { method, headers: { origin, ...headers } })),
    );
  const theirs = { http: { corsOrigin: Option.some("https://panel.example.org") } };

  it.effect("may read nothing", () =>
    Effect.gen(function* () {
      for (const method of ["GET", "OPTIONS"]) {
        const { headers } = yield* ask(method, "https://panel.example.org");
        assert.isNull(headers.get("access-control-allow-origin"));
        assert.isNull(headers.get("access-control-allow-credentials"));
      }
    }).pipe(served()),
  );

  it.effect("may read and change when they are those of CORS_ORIGIN", () =>
    Effect.gen(function* () {
      const { headers } = yield* ask("GET", "https://panel.example.org");
      assert.strictEqual(headers.get("access-control-allow-origin"), "https://panel.example.org");
      assert.strictEqual(headers.get("access-control-allow-credentials"), "true");
      assert.include(headers.get("access-control-expose-headers"), "X-Trace-Id");
      assert.strictEqual(headers.get("vary"), "Origin");
      const preflight = yield* ask("OPTIONS", "https://panel.example.org", {
        "access-control-request-method": "GET",
        "access-control-request-headers": "x-csrf-token",
      });
      assert.strictEqual(preflight.status, 204);
      assert.strictEqual(preflight.headers.get("access-control-allow-methods"), "GET, HEAD, OPTIONS");
      assert.include(preflight.headers.get("access-control-allow-headers"), "X-CSRF-Token");
    }).pipe(served(theirs)),
  );

  it.effect("of any other origin may not, and the answer says that it depends", () =>
    Effect.gen(function* () {
      for (const origin of ["https://evil.example.org", "null", "https://panel.example.org.evil.example"]) {
        const { headers } = yield* ask("GET", origin);
        assert.isNull(headers.get("access-control-allow-origin"), origin);
        assert.strictEqual(headers.get("vary"), "Origin");
      }
    }).pipe(served(theirs)),
  );

  it.effect("may change with the session's token from CORS_ORIGIN alone", () =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      const logout = (origin: string) =>
        Effect.promise(() =>
          client.json("/auth/logout", {
            method: "POST",
            headers: { origin, "x-csrf-token": client.csrfToken },
          }),
        );
      assert.strictEqual((yield* logout("https://evil.example.org")).status, 403);
      assert.strictEqual((yield* logout("https://panel.example.org")).status, 204);
    }).pipe(served(theirs)),
  );
});
