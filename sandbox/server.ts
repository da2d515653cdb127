/** One port for all: `/api` and `/api/v10`, `/oauth2/authorize`, `/cdn`, `/v1` (Google Vision), `/_sandbox`, and WebSocket upgrades to the gateway. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { serveCdn } from "./cdn/cdn.js";
import type { RateLimitProfile } from "./contract/log.js";
import { Control } from "./control/Control.js";
import { Gateway } from "./gateway/Gateway.js";
import { serveAuthorize } from "./oauth/authorize.js";
import { RateLimits } from "./rest/RateLimits.js";
import { Rest } from "./rest/Rest.js";
import { Router } from "./rest/router.js";
import { routes } from "./rest/routes/index.js";
import { Violations } from "./Violations.js";
import { isViewerPath, serveViewer } from "./viewer/serve.js";
import { Vision } from "./vision/Vision.js";
import { World } from "./world/World.js";

const HOST = "127.0.0.1";
const AUTHORIZE = "/oauth2/authorize";
const API = /^\/api(?:\/v10)?(?=\/)/;

export class Server {
  readonly world: World;
  readonly violations = new Violations();
  private readonly vision = new Vision(this.violations);
  readonly gateway: Gateway;
  readonly rest: Rest;
  private readonly control: Control;
  private readonly http = createServer({ keepAliveTimeout: 60_000 }, (request, response) =>
    this.request(request, response),
  );
  private port = 0;

  constructor(rateLimits: RateLimitProfile, now?: number) {
    this.world = new World(undefined, now);
    this.gateway = new Gateway(this.world, this.violations);
    const router = new Router(
      routes(
        () => this.gateway.url,
        () => this.gateway.settings.shards,
      ),
    );
    this.rest = new Rest(
      this.world,
      router,
      new RateLimits(rateLimits, () => this.world.clock.running()),
      this.violations,
    );
    this.control = new Control({
      world: this.world,
      rest: this.rest,
      gateway: this.gateway,
      violations: this.violations,
      vision: this.vision,
      addresses: () => ({ apiBase: this.apiBase, cdnBase: this.cdnBase }),
    });
    this.http.on("upgrade", (request, socket, head) => this.gateway.upgrade(request, socket, head));
    this.http.on("connection", (socket) => socket.setNoDelay(true));
  }

  get apiBase(): string {
    return `http://${HOST}:${this.port}/api`;
  }
  get cdnBase(): string {
    return `http://${HOST}:${this.port}/cdn`;
  }
  /** The page on which one can be anybody. */
  get viewerUrl(): string {
    return `http://${HOST}:${this.port}/`;
  }
  get authorizeUrl(): string {
    return `http://${HOST}:${this.port}/oauth2/authorize`;
  }
  /** For Google Vision's client: its calls go to `/v1/images:annotate` below this. */
  get visionBase(): string {
    return `http://${HOST}:${this.port}`;
  }
  get controlUrl(): string {
    return `http://${HOST}:${this.port}/_sandbox`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.http.once("error", reject);
      this.http.listen(port, HOST, resolve);
    });
    this.port = portOf(this.http.address());
    this.gateway.url = `ws://${HOST}:${this.port}`;
    this.world.cdnBase = this.cdnBase;
    this.world.apiBase = this.apiBase;
  }

  async close(): Promise<void> {
    this.gateway.close();
    this.world.interactions.close();
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeAllConnections();
    await closed;
  }

  private request(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = decodePath(mark < 0 ? url : url.slice(0, mark));
    const api = API.exec(path);
    const page = api === null ? path : path.slice(api[0].length);
    if (page === AUTHORIZE) {
      void this.authorize(request, response, mark < 0 ? "" : url.slice(mark + 1));
    } else if (api !== null) {
      void this.rest.handle(
        request,
        response,
        path.slice(api[0].length),
        mark < 0 ? "" : url.slice(mark + 1),
      );
    } else if (path.startsWith("/_sandbox/")) {
      void this.control.handle(request, response, path.slice("/_sandbox/".length));
    } else if (isViewerPath(path)) {
      void serveViewer(path, response);
    } else if (path === "/favicon.ico") {
      // A browser asks by itself; it is no request of the bot.
      response.writeHead(204).end();
    } else if (path.startsWith("/cdn/")) {
      void this.cdn(path.slice("/cdn".length), response);
    } else if (path === "/v1/images:annotate" && request.method === "POST") {
      void this.vision.handle(request, response);
    } else {
      this.violations.add({
        kind: "unknown_route",
        method: request.method ?? "",
        route: path,
        path: "",
        message: "Nothing is served here",
      });
      response.writeHead(501);
      response.end();
    }
  }

  private async authorize(request: IncomingMessage, response: ServerResponse, query: string): Promise<void> {
    if (await this.rest.weathered(request, response, AUTHORIZE)) return;
    await serveAuthorize(this.world, request, response, query);
  }

  private async cdn(path: string, response: ServerResponse): Promise<void> {
    const { delayMs, status } = this.rest.faults.cdn;
    if (delayMs > 0) await sleep(delayMs);
    if (status === 200) {
      serveCdn(this.world.files, path, response);
      return;
    }
    response.writeHead(status);
    response.end();
  }
}

/** discord.js asks for `%40original`. */
function decodePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
