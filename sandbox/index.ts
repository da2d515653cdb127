/** A local Discord on loopback: REST, gateway, CDN and a control API, all on one port. */
import type { RateLimitProfile } from "./contract/log.js";
import type { Seed } from "./contract/world.js";

export interface SandboxOptions {
  /** Chosen by the system when 0 or missing. */
  readonly port?: number;
  /** Check every request body and every answer against Discord's own OpenAPI description. */
  readonly checks?: boolean;
  /** `off` has generous limits and still sends the headers; `discord` has Discord's. */
  readonly rateLimits?: RateLimitProfile;
  /** Added to every REST answer. */
  readonly latencyMs?: number;
  readonly seed?: Seed;
}

export interface Sandbox {
  /** For `new Client({ rest: { api } })`. */
  readonly apiBase: string;
  /** For `new Client({ rest: { cdn } })`. */
  readonly cdnBase: string;
  /** For `SandboxClient.connect`. */
  readonly controlUrl: string;
  readonly token: string;
  readonly applicationId: string;
  readonly close: () => Promise<void>;
}

export async function startSandbox(_options: SandboxOptions = {}): Promise<Sandbox> {
  throw new Error("not yet");
}
