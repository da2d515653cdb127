import type { Conditions, Fault } from "../contract/log.js";
import type { Args } from "../contract/methods.js";
import type { Control } from "./control.js";

/** Which requests: by method, and by the route's name (`/channels/:channel/messages`) or a real path. */
export interface Match {
  readonly method?: string;
  readonly route?: string;
  /** How many requests are hit; 1 by default. */
  readonly count?: number;
}

export class Faults {
  constructor(private readonly control: Control) {}

  add(fault: Fault): Promise<null> {
    return this.control.call("addFault", fault);
  }

  /** A 5xx for the next matching requests: `before` nothing is done, `after` it is done and yet answered so. */
  fail(match: Match & { readonly status?: number; readonly when?: "before" | "after" } = {}): Promise<null> {
    const { status = 500, when = "before", count = 1, ...where } = match;
    return this.add({ ...where, count, when, effect: { kind: "status", status } });
  }
  /** The connection ends without an answer. */
  drop(match: Match & { readonly when?: "before" | "after" } = {}): Promise<null> {
    const { when = "before", count = 1, ...where } = match;
    return this.add({ ...where, count, when, effect: { kind: "drop" } });
  }
  rateLimit(match: Match & { readonly retryAfterMs: number; readonly global?: boolean }): Promise<null> {
    const { retryAfterMs, global = false, count = 1, ...where } = match;
    return this.add({ ...where, count, when: "before", effect: { kind: "rateLimit", retryAfterMs, global } });
  }
  delay(match: Match & { readonly ms: number }): Promise<null> {
    const { ms, count = 1, ...where } = match;
    return this.add({ ...where, count, when: "before", effect: { kind: "delay", ms } });
  }
  /** All of REST is away until set to `none`. */
  outage(kind: "none" | "status503" | "drop"): Promise<null> {
    return this.control.call("setOutage", { kind });
  }
  /** Files and pictures come late, or not at all. */
  cdn(fault: { readonly delayMs?: number; readonly status?: number }): Promise<null> {
    return this.control.call("setCdn", { delayMs: fault.delayMs ?? 0, status: fault.status ?? 200 });
  }
  /** The next interactions reach the bot twice. */
  deliverTwice(count = 1): Promise<null> {
    return this.control.call("deliverTwice", { count });
  }
  /** How all switches stand. */
  conditions(): Promise<Conditions> {
    return this.control.call("conditions", {});
  }
  clear(): Promise<null> {
    return this.control.call("clearFaults", {});
  }

  /** Cuts every gateway socket, without a close frame unless a code is given. */
  dropGateway(code?: number): Promise<{ dropped: number }> {
    return this.control.call("dropGateway", code === undefined ? {} : { code });
  }
  /** How the gateway treats heartbeats and shards; what is left out stays. */
  gateway(change: Args<"setGateway">): Promise<null> {
    return this.control.call("setGateway", change);
  }
  /** Op 7: the client should reconnect and resume. */
  reconnect(): Promise<null> {
    return this.control.call("requestReconnect", {});
  }
  /** Op 9: with `resumable` false the session and its missed events are gone. */
  invalidateSessions(resumable = false): Promise<null> {
    return this.control.call("invalidateSessions", { resumable });
  }
}
