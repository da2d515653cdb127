import { assert, describe, it } from "@effect/vitest";
import { Effect, Schema, TestClock } from "effect";
import { DAY_MILLIS, JoinSubmit, Latency, MetricCounts, Timeseries } from "../../../src/domain/Metrics.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GUILD, MAYA, member, NOW, OTHER_GUILD, ROBIN } from "../../support/fixtures.js";
import { type Browser, served, signedIn, stranger } from "../../support/layers-web.js";

const approve = Effect.gen(function* () {
  const { commit } = yield* Outbox;
  const audit = yield* AuditLog;
  yield* commit(
    audit.record({
      guildId: GUILD,
      name: "approve",
      actor: MAYA,
      target: ROBIN,
      details: { response_ms: 60_000 },
    }),
  );
});
const TODAY = NOW - (NOW % DAY_MILLIS);
const WINDOW = `from=${TODAY - DAY_MILLIS}&to=${TODAY + DAY_MILLIS}`;
const PATHS = ["/api/metrics", "/api/metrics/timeseries", "/api/metrics/latency", "/api/metrics/join_submit"];

const asked = (browser: Browser, path: string, headers: Record<string, string> = {}) =>
  Effect.promise(async () => {
    const response = await browser.client.fetch(path, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  });
const decoded = <A, I>(schema: Schema.Schema<A, I>, browser: Browser, path: string) =>
  Effect.map(asked(browser, path), ({ text }) => Schema.decodeUnknownSync(Schema.parseJson(schema))(text));

describe("GET /api/metrics and what is below it", () => {
  it.effect("answer what the contract says", () =>
    Effect.gen(function* () {
      yield* approve;
      const browser = yield* signedIn();
      const query = `?guild=${GUILD}&${WINDOW}`;
      const counts = yield* decoded(MetricCounts, browser, `/api/metrics${query}`);
      assert.deepInclude(counts.actions, { action: "approve", count: 1 });
      const series = yield* decoded(
        Timeseries,
        browser,
        `/api/metrics/timeseries${query}&bucket=day&actions=approve,kick`,
      );
      assert.deepStrictEqual(series.series, [
        { action: "approve", counts: [0, 1] },
        { action: "kick", counts: [0, 0] },
      ]);
      const latency = yield* decoded(Latency, browser, `/api/metrics/latency${query}&bucket=month`);
      assert.deepStrictEqual(latency.counts, [1]);
      const joins = yield* decoded(JoinSubmit, browser, `/api/metrics/join_submit?guild=${GUILD}`);
      assert.strictEqual(joins.windows.length, 5);
    }).pipe(served()),
  );

  it.effect("speak of the last 30 days where nobody says which", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      const { starts } = yield* decoded(Timeseries, browser, `/api/metrics/timeseries?guild=${GUILD}`);
      assert.deepStrictEqual([starts.length, starts.at(-1)], [30, TODAY]);
    }).pipe(served()),
  );

  it.effect("are kept for five seconds and no longer, and sent once to who has them already", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      const path = `/api/metrics?guild=${GUILD}&${WINDOW}`;
      const first = yield* asked(browser, path);
      const etag = first.headers.get("etag") ?? "";
      assert.match(first.headers.get("cache-control") ?? "", /private/);
      yield* approve;
      const known = yield* asked(browser, path, { "if-none-match": `W/${etag}` });
      assert.deepStrictEqual([known.status, known.text], [304, ""]);
      assert.strictEqual(known.headers.get("etag"), etag);
      yield* TestClock.adjust("5001 millis");
      const second = yield* asked(browser, path, { "if-none-match": etag });
      assert.strictEqual(second.status, 200);
      assert.notStrictEqual(second.headers.get("etag"), etag);
    }).pipe(served()),
  );

  it.effect("refuse windows that are none", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      for (const window of [
        "from=5&to=5",
        "from=5",
        "to=5",
        "from=0&to=999999999999",
        "from=-1&to=5",
        "from=a&to=b",
      ]) {
        const { status } = yield* browser.get(`/api/metrics?guild=${GUILD}&${window}`);
        assert.strictEqual(status, 400, window);
      }
    }).pipe(served()),
  );

  it.effect("show nobody but admins of the guild anything, also when it is kept", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      const nobody = yield* stranger;
      const robin = yield* signedIn(member(ROBIN));
      for (const path of PATHS) {
        assert.strictEqual((yield* browser.get(`${path}?guild=${GUILD}`)).status, 200);
        assert.strictEqual((yield* nobody.get(`${path}?guild=${GUILD}`)).status, 401);
        assert.strictEqual((yield* robin.get(`${path}?guild=${GUILD}`)).status, 404);
        assert.strictEqual((yield* browser.get(`${path}?guild=${OTHER_GUILD}`)).status, 404);
      }
    }).pipe(served({ http: { requestsPerMinute: 1_000 } })),
  );

  it.effect("that cost most are counted as heavy: ten a minute", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      const [, ...heavy] = PATHS;
      for (const path of heavy) {
        const { headers } = yield* asked(browser, `${path}?guild=${GUILD}`);
        assert.strictEqual(headers.get("ratelimit-policy"), '"heavy";q=10;w=60');
      }
      for (let left = 10 - heavy.length; left > 0; left -= 1)
        yield* browser.get(`${heavy[0]}?guild=${GUILD}`);
      assert.strictEqual((yield* browser.get(`${heavy[0]}?guild=${GUILD}`)).status, 429);
    }).pipe(served()),
  );
});
