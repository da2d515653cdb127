import { Metric } from "effect";
import type { EventLoopDelay, ProcessUsage, Storage } from "../Machine.js";
import { labelled } from "./Labelled.js";

/** What is read at the moment somebody asks for metrics. */
export interface State {
  readonly version: string;
  readonly up: boolean;
  readonly gateway: { readonly connected: boolean; readonly pingMillis: number | null };
  readonly queue: { readonly waiting: number; readonly failed: number; readonly oldestSeconds: number };
  readonly open: (status: "draft" | "pending" | "claimed") => number;
  readonly eventLoop: EventLoopDelay;
  readonly usage: ProcessUsage;
  readonly storage: Storage;
}

const gauge = (name: string, description: string) => {
  const metric = Metric.gauge(name, { description });
  return (value: number): void => metric.unsafeUpdate(value, []);
};
const ours = (name: string, description: string) => gauge(`pawtropolis_${name}`, description);

const build = labelled(
  Metric.gauge("pawtropolis_build_info", { description: "Always 1; the labels say what runs." }),
  ["version", "node"],
);
const healthy = ours("healthy", "1 when the database answers and the gateway is connected.");
const connected = ours("gateway_connected", "1 when the gateway is connected.");
const ping = ours("gateway_ping_seconds", "Round trip of the last heartbeat.");
const waiting = ours("side_effects_waiting", "Side effects that are still to be done.");
const oldest = ours("side_effects_oldest_seconds", "Age of the oldest side effect that is still to be done.");
const failed = ours("side_effects_failed", "Side effects that failed for good and were not retried.");
const applications = labelled(
  Metric.gauge("pawtropolis_applications_open", { description: "Applications that are not decided." }),
  ["status"],
);
const database = ours("database_bytes", "Size of the database file.");
const wal = ours("database_wal_bytes", "What was written and is not in the database file yet.");
const fallback = ours("action_log_fallback_bytes", "Size of the file for log rows that could not be stored.");
const free = ours("disk_free_bytes", "Room on the disk with the database.");
const lagP50 = gauge("nodejs_eventloop_lag_p50_seconds", "Delay of the event loop since the last scrape.");
const lagP99 = gauge("nodejs_eventloop_lag_p99_seconds", "Delay of the event loop since the last scrape.");
const lagMax = gauge("nodejs_eventloop_lag_max_seconds", "Delay of the event loop since the last scrape.");
const resident = gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
const heap = gauge("nodejs_heap_size_used_bytes", "Used heap of V8 in bytes.");
const uptime = gauge("process_uptime_seconds", "Seconds since the process began.");
const cpu = Metric.counter("process_cpu_seconds_total", {
  description: "Total user and system processor time in seconds.",
  incremental: true,
});
let cpuShown = 0;

export const show = (state: State): void => {
  const { gateway, queue, eventLoop, usage, storage } = state;
  build(1, state.version, process.versions.node);
  healthy(state.up ? 1 : 0);
  connected(gateway.connected ? 1 : 0);
  ping((gateway.pingMillis ?? 0) / 1_000);
  waiting(queue.waiting);
  oldest(queue.oldestSeconds);
  failed(queue.failed);
  for (const status of ["draft", "pending", "claimed"] as const) applications(state.open(status), status);
  database(storage.databaseBytes);
  wal(storage.walBytes);
  fallback(storage.fallbackBytes);
  if (storage.freeBytes !== null) free(storage.freeBytes);
  lagP50(eventLoop.p50);
  lagP99(eventLoop.p99);
  lagMax(eventLoop.max);
  resident(usage.residentBytes);
  heap(usage.heapUsedBytes);
  uptime(usage.uptimeSeconds);
  // Effect's counters only take what is added.
  cpu.unsafeUpdate(Math.max(0, usage.cpuSeconds - cpuShown), []);
  cpuShown = usage.cpuSeconds;
};
