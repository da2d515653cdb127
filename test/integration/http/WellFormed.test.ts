import { HttpServer } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { request } from "node:http";
import { served, signedIn, stranger } from "../../support/layers-web.js";

describe("an address", () => {
  it.effect("says which methods it takes", () =>
    Effect.gen(function* () {
      const { client } = yield* stranger;
      const ask = (method: string, path: string) => Effect.promise(() => client.fetch(path, { method }));
      const refused = yield* ask("DELETE", "/auth/me");
      assert.strictEqual(refused.status, 405);
      assert.strictEqual(refused.headers.get("allow"), "GET, HEAD, OPTIONS");
      assert.deepStrictEqual(yield* Effect.promise(() => refused.json()), { _tag: "MethodNotAllowed" });
      assert.strictEqual((yield* ask("GET", "/auth/logout")).headers.get("allow"), "POST, OPTIONS");
      const options = yield* ask("OPTIONS", "/auth/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV");
      assert.deepStrictEqual([options.status, options.headers.get("allow")], [204, "DELETE, OPTIONS"]);
      assert.strictEqual((yield* ask("DELETE", "/nothing-like-this")).status, 404);
    }).pipe(served()),
  );
});

describe("a body", () => {
  const send = (body: string | Blob, headers: Readonly<Record<string, string>>) =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      return yield* Effect.promise(() =>
        client.json("/auth/logout", {
          method: "POST",
          body,
          headers: { "x-csrf-token": client.csrfToken, ...headers },
        }),
      );
    });
  const json = { "content-type": "application/json" };

  it.effect("of 64 KiB is taken, and not one byte more", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* send("1".repeat(65_536), json)).status, 204);
      assert.deepStrictEqual(yield* send("1".repeat(65_537), json), {
        status: 413,
        body: { _tag: "PayloadTooLarge", mostBytes: 65_536 },
      });
    }).pipe(served()),
  );

  it.effect("is JSON in UTF-8, as it is", () =>
    Effect.gen(function* () {
      for (const type of ["application/json", "Application/JSON; charset=utf-8"]) {
        assert.strictEqual((yield* send("{}", { "content-type": type })).status, 204, type);
      }
      const refused = { status: 415, body: { _tag: "UnsupportedMediaType" } };
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "text/plain; application/json",
        "application/jsonx",
      ]) {
        assert.deepStrictEqual(yield* send("{}", { "content-type": type }), refused, type);
      }
      assert.deepStrictEqual(yield* send("{}", { ...json, "content-encoding": "gzip" }), refused);
      assert.deepStrictEqual(yield* send(new Blob(["{}"]), {}), refused);
    }).pipe(served()),
  );

  it.effect("says how long it is", () =>
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer;
      const port = address._tag === "TcpAddress" ? address.port : 0;
      const status = yield* Effect.async<number | undefined>((resume) => {
        const chunked = request(
          { host: "127.0.0.1", port, path: "/auth/logout", method: "POST", headers: json },
          (answer) => {
            answer.resume();
            resume(Effect.succeed(answer.statusCode));
          },
        );
        chunked.write("{}");
        chunked.end();
      });
      assert.strictEqual(status, 411);
    }).pipe(served()),
  );
});
