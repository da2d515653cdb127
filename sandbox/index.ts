/** A local Discord on loopback: REST, gateway, CDN and a control API, all on one port. */
import type { RateLimitProfile } from "./contract/log.js";
import type { Seed } from "./contract/world.js";
import { seedWorld } from "./control/seed.js";
import { Server } from "./server.js";
import { loadWorld, saveWorld } from "./world/Snapshot.js";

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
  /** What `Sandbox.save` gave, instead of a new world. */
  readonly world?: Buffer;
  /** The clock stands still at this time, and the same acts make the same ids. */
  readonly now?: number;
}

export interface Sandbox {
  /** For `new Client({ rest: { api } })`. */
  readonly apiBase: string;
  /** For `new Client({ rest: { cdn } })`. */
  readonly cdnBase: string;
  /** In the place of `https://vision.googleapis.com`. */
  readonly visionBase: string;
  /** For `SandboxClient.connect`. */
  readonly controlUrl: string;
  /** The page on which one can be anybody. */
  readonly viewerUrl: string;
  readonly token: string;
  readonly applicationId: string;
  readonly clientSecret: string;
  /** The page on which people sign in. */
  readonly authorizeUrl: string;
  /** The world as bytes: all but open interactions and gateway sessions. */
  readonly save: () => Buffer;
  readonly close: () => Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const server = new Server(options.rateLimits ?? "off", options.now);
  server.rest.latencyMs = options.latencyMs ?? 0;
  if (options.checks === true) {
    // Loaded only when asked for: the schemas take longer to load than everything else.
    const { createChecker } = await import("./checks/createChecker.js");
    server.rest.checker = createChecker(server.violations);
  }
  if (options.world !== undefined) loadWorld(server.world, options.world);
  if (options.seed !== undefined) seedWorld(server.world, options.seed);
  await server.listen(options.port ?? 0);
  const { apiBase, cdnBase, visionBase, controlUrl, authorizeUrl, viewerUrl, world } = server;
  return {
    apiBase,
    cdnBase,
    visionBase,
    controlUrl,
    viewerUrl,
    token: world.application.token,
    applicationId: world.application.id,
    clientSecret: world.application.clientSecret,
    authorizeUrl,
    save: () => saveWorld(world),
    close: () => server.close(),
  };
}
