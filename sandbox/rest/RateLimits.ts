import { createHash } from "node:crypto";
import type { RateLimitProfile } from "../contract/log.js";
import type { Limit, Match, Route } from "./router.js";

interface Window {
  used: number;
  limit: number;
  endsAt: number;
}

export interface Refusal {
  readonly retryAfterMs: number;
  readonly global: boolean;
}

export interface Verdict {
  readonly headers: Record<string, string>;
  readonly refusal: Refusal | undefined;
}

const GLOBAL: Limit = { requests: 50, perMs: 1_000 };
/** In the profile `off` the headers are still there, and never near their end. */
const GENEROUS: Limit = { requests: 1_000_000, perMs: 1_000 };
const MAX_WINDOWS = 10_000;

/** Discord's buckets: fixed windows by route and by the first id in the path, and one for all requests of the bot. */
export class RateLimits {
  private readonly windows = new Map<string, Window>();
  private readonly buckets = new Map<Route, string>();
  private all: Window = { used: 0, limit: GLOBAL.requests, endsAt: 0 };

  constructor(
    public profile: RateLimitProfile,
    private readonly now: () => number,
  ) {}

  use(profile: RateLimitProfile): void {
    this.profile = profile;
    this.windows.clear();
    this.all = { used: 0, limit: GLOBAL.requests, endsAt: 0 };
  }

  take({ route, major }: Match): Verdict {
    if (route.limit === undefined) return { headers: {}, refusal: undefined };
    const now = this.now();
    const strict = this.profile === "discord";
    const limit = strict ? route.limit : GENEROUS;
    const bucket = this.bucketOf(route);
    const window = this.window(`${bucket}:${major}`, limit, now);
    const over = window.used >= window.limit;
    if (!over && strict && !route.open) {
      if (now >= this.all.endsAt) this.all = { used: 0, limit: GLOBAL.requests, endsAt: now + GLOBAL.perMs };
      if (this.all.used >= this.all.limit) {
        return { headers: {}, refusal: { retryAfterMs: this.all.endsAt - now, global: true } };
      }
      this.all.used++;
    }
    if (!over) window.used++;
    const leftMs = window.endsAt - now;
    return {
      headers: {
        "X-RateLimit-Limit": String(window.limit),
        "X-RateLimit-Remaining": String(window.limit - window.used),
        "X-RateLimit-Reset": ((Date.now() + leftMs) / 1_000).toFixed(3),
        "X-RateLimit-Reset-After": (leftMs / 1_000).toFixed(3),
        "X-RateLimit-Bucket": bucket,
      },
      refusal: over ? { retryAfterMs: leftMs, global: false } : undefined,
    };
  }

  private window(key: string, limit: Limit, now: number): Window {
    const open = this.windows.get(key);
    if (open !== undefined && now < open.endsAt) return open;
    const next = { used: 0, limit: limit.requests, endsAt: now + limit.perMs };
    this.windows.delete(key);
    this.windows.set(key, next);
    if (this.windows.size > MAX_WINDOWS) {
      for (const [old, window] of this.windows)
        if (window.endsAt < now || this.windows.size > MAX_WINDOWS) this.windows.delete(old);
    }
    return next;
  }

  private bucketOf(route: Route): string {
    let bucket = this.buckets.get(route);
    if (bucket === undefined) {
      bucket = createHash("sha1").update(`${route.method} ${route.name}`).digest("hex").slice(0, 32);
      this.buckets.set(route, bucket);
    }
    return bucket;
  }
}
