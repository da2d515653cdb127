/** A local Discord on loopback: REST, gateway, CDN and a control API, all on one port. */
import type { RateLimitProfile } from "./contract/log.js";
import type { Seed } from "./contract/world.js";
import { seedWorld } from "./control/seed.js";
import { Server } from "./server.js";

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

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const server = new Server(options.rateLimits ?? "off");
  server.rest.latencyMs = options.latencyMs ?? 0;
  if (options.checks === true) {
    // Loaded only when asked for: the schemas take longer to load than everything else.
    const { createChecker } = await import("./checks/createChecker.js");
    server.rest.checker = createChecker(server.violations);
  }
  if (options.seed !== undefined) seedWorld(server.world, options.seed);
  await server.listen(options.port ?? 0);
  const { apiBase, cdnBase, controlUrl, world } = server;
  return {
    apiBase,
    cdnBase,
    controlUrl,
    token: world.application.token,
    applicationId: world.application.id,
    close: () => server.close(),
  };
}
