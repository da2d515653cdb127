import { Clock, Context, Duration, Effect, Layer, Ref } from "effect";
import * as SqlClient from "@effect/sql/SqlClient";
import { VERSION } from "../domain/Version.js";
import { Discord, type DiscordHealth } from "../layers/Discord.js";
import * as Instruments from "../layers/Instruments.js";
import { Machine } from "../layers/Machine.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { Settlement } from "./Settlement.js";

export interface HealthReport {
  readonly ok: boolean;
  readonly database: { readonly answers: boolean; readonly millis: number; readonly bytes: number };
  readonly gateway: DiscordHealth;
  readonly uptimeSeconds: number;
  /** Side effects that are still to be done, since when the oldest is (in milliseconds), and those that failed. */
  readonly effects: { readonly waiting: number; readonly oldestAt: number | null; readonly failed: number };
}

/** Whether the bot can do its work at this moment. */
export class Health extends Context.Tag("app/Health")<
  Health,
  {
    readonly report: Effect.Effect<HealthReport>;
    /** Whether it is well: the database answers and the gateway is connected. Cheap: for probes. */
    readonly well: Effect.Effect<{ readonly ok: boolean; readonly uptimeSeconds: number }>;
    /** Whether it takes work: well, started, and not about to stop. */
    readonly ready: Effect.Effect<boolean>;
    readonly setReady: (ready: boolean) => Effect.Effect<void>;
    /** Everything that is measured, in Prometheus' text format. */
    readonly metrics: Effect.Effect<string>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const discord = yield* Discord;
  const settlement = yield* Settlement;
  const applications = yield* ApplicationRepo;
  const machine = yield* Machine;
  const started = yield* Clock.currentTimeMillis;
  const isReady = yield* Ref.make(false);

  const answers = Effect.isSuccess(sql`SELECT 1`);
  const uptimeSeconds = Effect.map(Clock.currentTimeMillis, (now) => Math.floor((now - started) / 1_000));

  const effects = Effect.map(settlement.counts, (counts) => {
    const waiting = counts.find(({ state }) => state === "waiting");
    const failed = counts.find(({ state }) => state === "failed");
    return {
      waiting: waiting?.count ?? 0,
      oldestAt: waiting?.oldest ?? null,
      failed: failed?.count ?? 0,
    };
  });

  const report = Effect.gen(function* () {
    const [took, database] = yield* Effect.timed(answers);
    const gateway = yield* discord.health;
    const { databaseBytes } = yield* machine.storage;
    return {
      ok: database && gateway.connected,
      database: { answers: database, millis: Math.round(Duration.toMillis(took)), bytes: databaseBytes },
      gateway,
      uptimeSeconds: yield* uptimeSeconds,
      effects: database ? yield* effects : { waiting: 0, oldestAt: null, failed: 0 },
    };
  });

  const well = Effect.gen(function* () {
    const { connected } = yield* discord.health;
    return { ok: connected && (yield* answers), uptimeSeconds: yield* uptimeSeconds };
  });

  const measure = Effect.gen(function* () {
    const { ok, gateway, effects: queue } = yield* report;
    const now = yield* Clock.currentTimeMillis;
    const open = yield* applications.countOpen;
    Instruments.state({
      version: VERSION,
      up: ok,
      gateway,
      queue: { ...queue, oldestSeconds: queue.oldestAt === null ? 0 : (now - queue.oldestAt) / 1_000 },
      open: (status) => open.find((row) => row.status === status)?.count ?? 0,
      eventLoop: yield* machine.eventLoopDelay,
      usage: yield* machine.usage,
      storage: yield* machine.storage,
    });
  });

  return Health.of({
    report,
    well,
    ready: Effect.zipWith(well, Ref.get(isReady), ({ ok }, ready) => ok && ready),
    setReady: (ready) => Ref.set(isReady, ready),
    metrics: Effect.zipRight(
      // What works without the database is worth showing when it is down.
      Effect.catchAllCause(measure, (cause) => Effect.logWarning("Some metrics could not be read", cause)),
      Instruments.text,
    ),
  });
});

export const layer = Layer.effect(Health, make);
