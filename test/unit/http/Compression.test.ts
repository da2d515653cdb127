import { HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Option } from "effect";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { codingFor } from "../../../src/http/Compression.js";
import { encode, send } from "../../../src/http/encoded.js";
import { Asked } from "../../../src/http/middleware/Asked.js";
import { compressed } from "../../../src/http/middleware/Compressed.js";

const LONG = { text: "owls and otters ".repeat(200) };

const asking = (headers: Readonly<Record<string, string>>) =>
  Effect.provideService(
    HttpServerRequest.HttpServerRequest,
    HttpServerRequest.fromWeb(new Request("http://127.0.0.1/", { headers })),
  );
const at = (path: string) =>
  Effect.provideService(Asked, { trace: "trace", route: { path, methods: new Map() } });

const bytesOf = ({ body }: HttpServerResponse.HttpServerResponse): Uint8Array =>
  body._tag === "Uint8Array" ? body.body : new Uint8Array();

describe("how an answer is compressed", () => {
  it("is what the client takes, smallest first", () => {
    for (const [header, coding] of [
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["GZIP;q=0.5", "gzip"],
      ["br;q=0, gzip;q=1.0", "gzip"],
      ["br;q=0.001", "br"],
    ] as const) {
      assert.deepStrictEqual(codingFor(header), Option.some(coding), header);
    }
    for (const header of [undefined, "", "identity", "br;q=0, gzip; q=0.000", "brotli", "*"]) {
      assert.isTrue(Option.isNone(codingFor(header)), header);
    }
  });
});

describe("an answer", () => {
  const answer = (body: HttpServerResponse.HttpServerResponse, accepted = "br", path = "/api/queue") =>
    compressed(Effect.succeed(body)).pipe(asking({ "accept-encoding": accepted }), at(path));

  it.effect("of the API is compressed, and says so", () =>
    Effect.gen(function* () {
      for (const [coding, back] of [
        ["br", brotliDecompressSync],
        ["gzip", gunzipSync],
      ] as const) {
        const response = yield* answer(HttpServerResponse.unsafeJson(LONG), coding);
        assert.strictEqual(response.headers["content-encoding"], coding);
        assert.strictEqual(response.headers["vary"], "Accept-Encoding");
        assert.strictEqual(response.headers["content-length"], `${bytesOf(response).length}`);
        assert.deepStrictEqual(JSON.parse(back(bytesOf(response)).toString()), LONG);
      }
    }),
  );

  it.effect("is sent as it is where the client wants it so, and the next client may get another", () =>
    Effect.gen(function* () {
      const { headers } = yield* answer(HttpServerResponse.unsafeJson(LONG), "identity");
      assert.deepInclude(headers, { vary: "Accept-Encoding" });
      assert.notProperty(headers, "content-encoding");
    }),
  );

  it.effect("that is short, compressed already, a stream, or beside a CSRF token is left alone", () =>
    Effect.gen(function* () {
      const long = HttpServerResponse.unsafeJson(LONG);
      for (const response of [
        yield* answer(HttpServerResponse.unsafeJson({ short: true })),
        yield* answer(HttpServerResponse.empty()),
        yield* answer(long, "br", "/auth/me"),
        yield* answer(long, "br", "/dashboard"),
      ]) {
        assert.notProperty(response.headers, "content-encoding");
      }
      const twice = yield* answer(HttpServerResponse.setHeader(long, "content-encoding", "gzip"));
      assert.strictEqual(twice.headers["content-encoding"], "gzip");
    }),
  );
});

describe("an answer that is kept ready", () => {
  it.effect("is not sent again to whoever has it", () =>
    Effect.gen(function* () {
      const encoded = yield* encode(JSON.stringify(LONG));
      const first = yield* send(encoded).pipe(asking({ "accept-encoding": "br" }));
      assert.strictEqual(first.headers["cache-control"], "private, no-cache");
      assert.strictEqual(brotliDecompressSync(bytesOf(first)).toString(), JSON.stringify(LONG));
      const etag = first.headers["etag"] ?? "";
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = yield* send(encoded).pipe(asking({ "accept-encoding": "br", "if-none-match": known }));
        assert.deepStrictEqual([again.status, again.body._tag], [304, "Empty"], known);
        assert.strictEqual(again.headers["etag"], etag);
      }
    }),
  );

  it.effect("has another name in each form, and in each version", () =>
    Effect.gen(function* () {
      const etags: Array<string | undefined> = [];
      for (const text of ["one", "two"]) {
        const encoded = yield* encode(text);
        for (const coding of ["br", "gzip", "identity"]) {
          const { headers } = yield* send(encoded).pipe(asking({ "accept-encoding": coding }));
          etags.push(headers["etag"]);
        }
      }
      assert.strictEqual(new Set(etags).size, 6);
      const stale = yield* send(yield* encode("two")).pipe(asking({ "if-none-match": etags[2] ?? "" }));
      assert.strictEqual(stale.status, 200);
    }),
  );
});
