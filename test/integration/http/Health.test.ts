import { HttpServer } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer } from "effect";
import parsePrometheus from "parse-prometheus-text-format";
import * as Server from "../../../src/http/Server.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Http from "../../../src/layers/Http.js";
import * as Instruments from "../../../src/layers/Instruments.js";
import { Health } from "../../../src/services/Health.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";
import { ask } from "../../support/layers-router.js";
import { Private } from "../../../src/programs/kit/Reply.js";

const served = Effect.provide(
  Server.layer.pipe(Layer.provideMerge(Http.layerTest), Layer.provideMerge(services())),
);

const get = (path: string, init: RequestInit = {}) =>
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer;
    const port = address._tag === "TcpAddress" ? address.port : 0;
    return yield* Effect.promise(async () => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        text: await response.text(),
      };
    });
  });

const disconnected = Effect.flatMap(DiscordFake, (fake) => fake.setHealth({ connected: false }));

describe("GET /health", () => {
  it.effect("says that all is well, and nothing about how", () =>
    Effect.gen(function* () {
      const { status, text } = yield* get("/health");
      assert.strictEqual(status, 200);
      assert.hasAllKeys(JSON.parse(text), ["ok", "version", "service", "uptime_s", "timestamp"]);
    }).pipe(served),
  );

  it.effect("answers `curl -I`", () =>
    Effect.gen(function* () {
      const { status, text } = yield* get("/health", { method: "HEAD" });
      assert.deepStrictEqual([status, text], [200, ""]);
    }).pipe(served),
  );

  it.effect("is 503 while the gateway is down", () =>
    Effect.gen(function* () {
      yield* disconnected;
      const { status, text } = yield* get("/health");
      assert.strictEqual(status, 503);
      assert.include(text, '"ok":false');
    }).pipe(served),
  );
});

describe("GET /ready", () => {
  it.effect("is 503 until the start is over, while the gateway is down, and from the begin of the stop", () =>
    Effect.gen(function* () {
      const health = yield* Health;
      const statuses = [(yield* get("/ready")).status];
      yield* health.setReady(true);
      statuses.push((yield* get("/ready")).status);
      yield* disconnected;
      statuses.push((yield* get("/ready")).status);
      yield* Effect.flatMap(DiscordFake, (fake) => fake.setHealth({ connected: true }));
      yield* health.setReady(false);
      statuses.push((yield* get("/ready")).status);
      assert.deepStrictEqual(statuses, [503, 200, 503, 503]);
    }).pipe(served),
  );
});

describe("GET /metrics", () => {
  it.effect("is valid text of Prometheus, with names and units as it asks for", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* ask({ handler: Effect.succeed(Private("Done.")) });
      Instruments.discordRequest("post", "/channels/:id/messages", 429);
      yield* get("/nothing-like-this");
      const { status, type, text } = yield* get("/metrics");
      assert.strictEqual(status, 200);
      assert.strictEqual(type, "text/plain; version=0.0.4; charset=utf-8");
      const families = new Map(parsePrometheus(text).map((family) => [family.name, family]));
      for (const { name, type: kind, help } of families.values()) {
        assert.match(name, /^[a-z][a-z0-9_]*$/);
        assert.isNotEmpty(help, name);
        if (kind === "COUNTER") assert.match(name, /_total$/, name);
        if (kind === "HISTOGRAM") assert.match(name, /_(seconds|bytes)$/, name);
        if (/(lag|ping|age|oldest|uptime|delay)/.test(name)) assert.match(name, /_seconds$/, name);
      }
      const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
        families
          .get(name)
          ?.metrics.find((metric) =>
            Object.entries(labels).every(([key, text]) => metric.labels?.[key] === text),
          )?.value;
      assert.strictEqual(value("pawtropolis_interactions_total", { name: "/thing", outcome: "ok" }), "1");
      assert.strictEqual(value("pawtropolis_applications_open", { status: "pending" }), "1");
      assert.strictEqual(value("pawtropolis_healthy"), "1");
      assert.strictEqual(value("pawtropolis_discord_requests_total", { status: "429" }), "1");
      assert.strictEqual(value("pawtropolis_http_requests_total", { route: "unknown", status: "404" }), "1");
      const [{ waiting } = { waiting: 0 }] = yield* rowsOf(
        "SELECT COUNT(*) AS waiting FROM side_effect WHERE state = 'waiting'",
      );
      assert.isAbove(Number(waiting), 0);
      assert.strictEqual(value("pawtropolis_side_effects_waiting"), String(waiting));
      assert.notInclude(text, "nothing-like-this");
    }).pipe(served),
  );

  it.effect("still shows what it can while the database is broken", () =>
    Effect.gen(function* () {
      yield* rowsOf("DROP TABLE side_effect_dependency");
      yield* rowsOf("DROP TABLE side_effect");
      const { status, text } = yield* get("/metrics");
      assert.strictEqual(status, 200);
      assert.include(text, "pawtropolis_http_requests_total");
    }).pipe(served),
  );

  it.effect("is not there for anybody but this machine", () =>
    Effect.gen(function* () {
      for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "via"]) {
        const { status, text } = yield* get("/metrics", { headers: { [header]: "203.0.113.7" } });
        assert.strictEqual(status, 404, header);
        assert.notInclude(text, "pawtropolis_");
      }
    }).pipe(served),
  );
});
