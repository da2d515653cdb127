import { dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Context, Effect, Layer } from "effect";
import { AppConfig } from "./Config.js";
import * as Disk from "./Disk.js";
import { FALLBACK_FILE } from "./FallbackFile.js";

/** Seconds by which the event loop was late. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ProcessUsage {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  /** Processor time since the process began, in seconds. */
  readonly cpuSeconds: number;
  /** Seconds since the process began. */
  readonly uptimeSeconds: number;
}

export interface Storage {
  readonly databaseBytes: number;
  /** What was written and is not in the database file yet. */
  readonly walBytes: number;
  /** Rows of the action log that were set aside because the database could not take them. */
  readonly fallbackBytes: number;
  /** Of the disk with the database, what is left; `null` where the system does not say. */
  readonly freeBytes: number | null;
}

/** What Node and the system say about this process, its memory and its disk. */
export class Machine extends Context.Tag("app/Machine")<
  Machine,
  {
    /** Since it was asked last. */
    readonly eventLoopDelay: Effect.Effect<EventLoopDelay>;
    readonly usage: Effect.Effect<ProcessUsage>;
    readonly storage: Effect.Effect<Storage>;
  }
>() {}

const RESOLUTION_MS = 20;

const seconds = (nanos: number): number => (Number.isFinite(nanos) ? nanos / 1e9 : 0);

const make = Effect.gen(function* () {
  const { databasePath } = yield* AppConfig;
  const folder = dirname(databasePath);
  const delays = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      histogram.enable();
      return histogram;
    }),
    (histogram) => Effect.sync(() => histogram.disable()),
  );
  // The histogram holds how long each turn of its timer took; what exceeds the timer is the delay.
  const late = (nanos: number): number => Math.max(0, seconds(nanos) - RESOLUTION_MS / 1_000);
  return Machine.of({
    eventLoopDelay: Effect.sync(() => {
      const read = {
        p50: late(delays.percentile(50)),
        p99: late(delays.percentile(99)),
        max: late(delays.max),
      };
      delays.reset();
      return read;
    }),
    usage: Effect.sync(() => {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      return {
        residentBytes: rss,
        heapUsedBytes: heapUsed,
        cpuSeconds: (user + system) / 1e6,
        uptimeSeconds: process.uptime(),
      };
    }),
    storage: Effect.all({
      databaseBytes: Disk.sizeOf(databasePath),
      walBytes: Disk.sizeOf(`${databasePath}-wal`),
      fallbackBytes: Disk.sizeOf(join(folder, FALLBACK_FILE)),
      freeBytes: Disk.freeAt(folder),
    }),
  });
});

export const layer = Layer.scoped(Machine, make);

/** A machine on which all is well, but for what a test says. */
export const layerTest = (storage: () => Partial<Storage> = () => ({})) =>
  Layer.succeed(Machine, {
    eventLoopDelay: Effect.succeed({ p50: 0, p99: 0, max: 0 }),
    usage: Effect.succeed({ residentBytes: 1e8, heapUsedBytes: 5e7, cpuSeconds: 1, uptimeSeconds: 60 }),
    storage: Effect.sync(() => ({
      databaseBytes: 1e6,
      walBytes: 0,
      fallbackBytes: 0,
      freeBytes: 1e11,
      ...storage(),
    })),
  });
