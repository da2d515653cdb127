import type { Grant } from "../world/Grants.js";
import type { World } from "../world/World.js";
import type { z } from "zod";

export interface UploadedFile {
  readonly field: string;
  readonly filename: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What was asked, without where. */
export interface Asked {
  readonly world: World;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  /** The audit-log reason. */
  readonly reason: string | undefined;
  /** The header, for routes that read it themselves. */
  readonly authorization: string | undefined;
  /** Of a person who asks with a bearer token; `null` when the bot asks. */
  readonly grant: Grant | null;
  /** `performance.now()` when it came in. */
  readonly arrivedAt: number;
  /** The body, checked; refuses with 50035 and reports fields Discord does not know. */
  readonly form: <T>(schema: z.ZodType<T>) => T;
}

/** One request, as a route's handler sees it. */
export interface Call<Name extends string = string> extends Asked {
  readonly param: (name: Name) => string;
}

/** Nothing is 204, an object 200. */
export type Answer = object | undefined;

export interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

export interface Route {
  readonly method: string;
  /** The route's name, such as `/channels/:channel/messages`. */
  readonly name: string;
  /** Without the bot's token: the path carries its own. */
  readonly open: boolean;
  /** The scope a person's bearer token needs, where one may ask; empty for any. */
  readonly bearer: string | undefined;
  /** Whether the body must be a form (`application/x-www-form-urlencoded`), as OAuth2's own routes ask. */
  readonly encoded: boolean;
  /** In the profile `discord`; without one there is no limit and no share of the global one. */
  readonly limit: Limit | undefined;
  /** Of a success with a body. */
  readonly status: number;
  readonly handle: (call: Call) => Answer;
}

type Names<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? Names<Head> | Names<Tail>
  : Path extends `:${infer Name}`
    ? Name
    : never;

interface RouteOptions {
  readonly open?: boolean;
  readonly bearer?: string;
  readonly encoded?: boolean;
  readonly limit?: Limit | "none";
  readonly status?: number;
}

/** For what was made and did not exist before. */
export const CREATED: RouteOptions = { status: 201 };

const DEFAULT_LIMIT: Limit = { requests: 5, perMs: 1_000 };
const READ_LIMIT: Limit = { requests: 50, perMs: 1_000 };

/** `route("GET /channels/:channel", ...)`: the handler's parameters are typed from the path. */
export function route<Path extends string>(
  pattern: `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} ${Path}`,
  handle: (call: Call<Names<Path>>) => Answer,
  options: RouteOptions = {},
): Route {
  const space = pattern.indexOf(" ");
  const method = pattern.slice(0, space);
  const limit = options.limit ?? (method === "GET" ? READ_LIMIT : DEFAULT_LIMIT);
  return {
    method,
    name: pattern.slice(space + 1),
    open: options.open ?? false,
    bearer: options.bearer,
    encoded: options.encoded ?? false,
    status: options.status ?? 200,
    limit: limit === "none" ? undefined : limit,
    handle,
  };
}

export interface Match {
  readonly route: Route;
  readonly param: (name: string) => string;
  /** The value the rate limit is counted by: the first id under channels, guilds or webhooks. */
  readonly major: string;
}

interface Node {
  readonly fixed: Map<string, Node>;
  any: Node | undefined;
  readonly routes: Map<string, Route>;
}

const fresh = (): Node => ({ fixed: new Map(), any: undefined, routes: new Map() });

export class Router {
  private readonly root = fresh();

  constructor(routes: readonly Route[]) {
    for (const one of routes) {
      let node = this.root;
      for (const segment of one.name.split("/").slice(1)) {
        if (segment.startsWith(":")) {
          node = node.any ??= fresh();
        } else {
          let next = node.fixed.get(segment);
          if (next === undefined) node.fixed.set(segment, (next = fresh()));
          node = next;
        }
      }
      if (node.routes.has(one.method)) throw new Error(`${one.method} ${one.name} is there twice`);
      node.routes.set(one.method, one);
    }
  }

  /** The path is already decoded, without prefix and query. */
  match(method: string, path: string): Match | undefined {
    const segments = path.split("/").slice(1);
    const found = find(this.root, segments, 0, method);
    if (found === undefined) return undefined;
    const names = found.name.split("/").slice(1);
    const first = segments[0];
    const major =
      first === "channels" || first === "guilds"
        ? (segments[1] ?? "")
        : first === "webhooks"
          ? (segments[2] ?? segments[1] ?? "")
          : "";
    return {
      route: found,
      major,
      param: (name) => {
        const index = names.indexOf(`:${name}`);
        const value = index < 0 ? undefined : segments[index];
        if (value === undefined) throw new Error(`The route ${found.name} has no :${name}`);
        return value;
      },
    };
  }
}

/** Fixed segments win over parameters, with a way back where they lead nowhere. */
function find(node: Node, segments: readonly string[], at: number, method: string): Route | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.routes.get(method);
  const fixed = node.fixed.get(segment);
  const found = fixed === undefined ? undefined : find(fixed, segments, at + 1, method);
  if (found !== undefined || node.any === undefined || segment === "") return found;
  return find(node.any, segments, at + 1, method);
}
