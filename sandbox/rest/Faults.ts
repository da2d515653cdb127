import type { Fault } from "../contract/log.js";

export type Outage = "none" | "status503" | "drop";
type Effect = Fault["effect"];

export interface Planned {
  /** Milliseconds to wait before doing anything. */
  readonly delayMs: number;
  readonly before: Effect | undefined;
  readonly after: Effect | undefined;
}

const NOTHING: Planned = { delayMs: 0, before: undefined, after: undefined };

/** The bad day that was asked for. */
export class Faults {
  private readonly faults: (Fault & { left: number })[] = [];
  outage: Outage = "none";

  add(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.count });
  }

  clear(): void {
    this.faults.length = 0;
    this.outage = "none";
  }

  /** What hits this request; every fault that matches has one less left. */
  take(method: string, route: string, path: string): Planned {
    if (this.faults.length === 0) return NOTHING;
    let delayMs = 0;
    let before: Effect | undefined;
    let after: Effect | undefined;
    for (const fault of [...this.faults]) {
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.route !== undefined && fault.route !== route && fault.route !== path) continue;
      if (fault.effect.kind === "delay") delayMs += fault.effect.ms;
      else if (fault.when === "after") {
        if (after !== undefined) continue;
        after = fault.effect;
      } else {
        if (before !== undefined) continue;
        before = fault.effect;
      }
      if (--fault.left <= 0) this.faults.splice(this.faults.indexOf(fault), 1);
    }
    return { delayMs, before, after };
  }
}
