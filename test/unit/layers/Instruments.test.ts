import { assert, describe, it } from "@effect/vitest";
import { Effect, Metric, MetricBoundaries, TestClock } from "effect";
import * as Instruments from "../../../src/layers/Instruments.js";
import { render } from "../../../src/layers/instruments/Exposition.js";
import { labelled } from "../../../src/layers/instruments/Labelled.js";
import * as Window from "../../../src/layers/instruments/Window.js";

const linesOf = (name: string) =>
  Effect.map(Instruments.text, (text) => text.split("\n").filter((line) => line.startsWith(name)));

describe("an interaction", () => {
  it.effect("is timed until its first answer and until its end, and counted by how it ended", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(
        Instruments.interaction("/timed", (watch) =>
          Effect.gen(function* () {
            yield* Effect.sleep("20 millis");
            yield* watch.acknowledged;
            yield* Effect.sleep("1 second");
            yield* watch.acknowledged;
            watch.outcome = "refused";
          }),
        ),
      );
      yield* TestClock.adjust("2 seconds");
      yield* fiber.await;
      assert.deepStrictEqual(yield* linesOf('pawtropolis_interactions_total{name="/timed"'), [
        'pawtropolis_interactions_total{name="/timed",outcome="refused"} 1',
      ]);
      assert.include(yield* Instruments.text, 'interaction_acknowledge_seconds_sum{name="/timed"} 0.02\n');
      assert.include(yield* Instruments.text, 'interaction_handle_seconds_sum{name="/timed"} 1.02\n');
    }),
  );

  it.effect("belongs to the percentile for some minutes", () =>
    Effect.gen(function* () {
      const slow = yield* Effect.fork(Instruments.interaction("/slow", () => Effect.sleep("30 seconds")));
      yield* TestClock.adjust("30 seconds");
      yield* slow.await;
      assert.deepStrictEqual((yield* Instruments.responseP95(5)).value, 30_000);
      yield* TestClock.adjust("6 minutes");
      assert.deepStrictEqual(yield* Instruments.responseP95(5), { count: 0, value: null });
    }),
  );
});

describe("the window", () => {
  it("keeps the newest values, and knows the quantiles of those since a moment", () => {
    const window = Window.make(100);
    for (let value = 1; value <= 150; value += 1) window.add(value, value);
    assert.deepStrictEqual(window.quantile(0.95, 0), { count: 100, value: 145 });
    assert.deepStrictEqual(window.quantile(0.5, 141), { count: 10, value: 145 });
    assert.deepStrictEqual(window.quantile(0.95, 151), { count: 0, value: null });
  });
});

describe("a label", () => {
  it.effect("that takes ever new values does not make ever new series", () =>
    Effect.gen(function* () {
      const many = labelled(Metric.counter("pawtropolis_many_total"), ["id"]);
      for (let id = 0; id < 2_000; id += 1) many(1, String(id));
      const lines = yield* linesOf("pawtropolis_many_total");
      assert.isAtMost(lines.length, 501);
      assert.include(lines, 'pawtropolis_many_total{id="other"} 1500');
    }),
  );
});

describe("the text", () => {
  it.effect("has help, type and cumulative buckets, and escapes what labels hold", () =>
    Effect.gen(function* () {
      const counts = labelled(Metric.counter("test_odd_total", { description: "Odd.\nTwo lines." }), [
        "name",
      ]);
      counts(2, 'a"b\\c\nd');
      const times = Metric.histogram("test_wait_seconds", MetricBoundaries.fromIterable([1, 2]), "Wait.");
      yield* Effect.forEach([0.5, 1, 1.5, 9], (value) => Metric.update(times, value));
      const all = yield* Metric.snapshot;
      assert.strictEqual(
        render(all.filter(({ metricKey }) => metricKey.name.startsWith("test_"))),
        `# HELP test_odd_total Odd.\\nTwo lines.
# TYPE test_odd_total counter
test_odd_total{name="a\\"b\\\\c\\nd"} 2
# HELP test_wait_seconds Wait.
# TYPE test_wait_seconds histogram
test_wait_seconds_bucket{le="1"} 2
test_wait_seconds_bucket{le="2"} 3
test_wait_seconds_bucket{le="+Inf"} 4
test_wait_seconds_sum 12
test_wait_seconds_count 4
`,
      );
    }),
  );
});
