import { HttpApi } from "@effect/platform";
import { Context } from "effect";
import * as FindMyWay from "find-my-way-ts";
import { Api } from "../api/index.js";
import { RateClass, type RateClassName } from "../api/RateClass.js";

/** An address that is served. */
export interface Route {
  /** As the contract writes it, so that what somebody typed never becomes a label. */
  readonly path: string;
  readonly methods: ReadonlyMap<string, RateClassName>;
}

/** What is served beside the contract. */
const BESIDE = ["/", "/dashboard", "/api/openapi.json", "/api/docs"] as const;

const routes = new Map<string, { path: FindMyWay.PathInput; methods: Map<string, RateClassName> }>();
const add = (method: string, path: FindMyWay.PathInput, rate: RateClassName) => {
  const shape = path.replace(/:[^/]+/g, ":");
  const route = routes.get(shape) ?? { path, methods: new Map<string, RateClassName>() };
  route.methods.set(method, rate);
  routes.set(shape, route);
};
for (const path of BESIDE) add("GET", path, "default");
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint: { annotations, method, path } }) => {
    add(method, path, Context.get(annotations, RateClass));
  },
});

// The very router that dispatches: no spelling of an address is one route there and another one here.
const router = FindMyWay.make<Route>();
for (const route of routes.values()) router.on("GET", route.path, route);

export const routeOf = (url: string): Route | undefined => router.find("GET", url)?.handler;

/** How a request is counted. */
export const rateOf = (route: Route | undefined, method: string): RateClassName =>
  route?.methods.get(method === "HEAD" ? "GET" : method) ?? "default";

/** The value of `Allow`. */
export const allowed = ({ methods }: Route): string =>
  [...methods.keys(), ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
