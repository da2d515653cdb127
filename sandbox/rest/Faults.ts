import type { CdnFault, Fault, Outage } from "../contract/log.js";

type Effect = Fault["effect"];

export interface Planned {
  /** Milliseconds to wait before doing anything. */
  readonly delayMs: number;
  readonly before: Effect | undefined;
  readonly after: Effect | undefined;
}

const NOTHING: Planned = { delayMs: 0, before: undefined, after: undefined };

const SERVES: CdnFault = { delayMs: 0, status: 200 };

/** The bad day that was asked for. */
export class Faults {
  private readonly faults: (Fault & { left: number })[] = [];
  outage: Outage = "none";
  cdn: CdnFault = SERVES;

  add(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.count });
  }

  get pending(): Fault[] {
    return this.faults.map(({ left, ...fault }) => ({ ...fault, count: left }));
  }

  clear(): void {
    this.faults.length = 0;
    this.outage = "none";
    this.cdn = SERVES;
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
