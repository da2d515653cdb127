import {
  HttpApi,
  HttpApiBuilder,
  HttpApiSwagger,
  HttpRouter,
  HttpServerRequest,
  OpenApi,
} from "@effect/platform";
import { Effect, Layer } from "effect";
import { Api } from "../api/index.js";
import { encode, send } from "../encoded.js";
import { hashSource } from "./Page.js";

/** The page that @effect/platform would serve: Swagger UI with the contract, all of it in one document. */
const swagger = Effect.gen(function* () {
  const { router } = yield* HttpApiBuilder.Router;
  const app = yield* HttpRouter.toHttpApp(yield* router);
  const request = HttpServerRequest.fromWeb(new Request("http://127.0.0.1/"));
  const { body } = yield* Effect.provideService(app, HttpServerRequest.HttpServerRequest, request);
  return body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : "";
}).pipe(
  Effect.orDie,
  Effect.provide(HttpApiSwagger.layer({ path: "/" }).pipe(Layer.provideMerge(HttpApiBuilder.Router.Live))),
);

/** Allows what stands in the page, by what it is, and nothing else; and to try the API out. */
const policyOf = (html: string): string => {
  const inside = (tag: "script" | "style") =>
    [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"))].map(([, text = ""]) => hashSource(text));
  return [
    "default-src 'none'",
    `script-src ${inside("script").join(" ")}`,
    `style-src ${inside("style").join(" ")}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
};

/** The contract for machines and for people. Both are made when somebody first asks, and then kept. */
export const layer = HttpApiBuilder.Router.use((router) =>
  Effect.gen(function* () {
    const api = yield* HttpApi.Api;
    const description = yield* Effect.cached(
      Effect.suspend(() => encode(JSON.stringify(OpenApi.fromApi(Api)))),
    );
    const page = yield* Effect.cached(
      Effect.flatMap(Effect.provideService(swagger, HttpApi.Api, api), (html) =>
        Effect.map(encode(html, "text/html; charset=utf-8"), (encoded) => ({
          encoded,
          headers: { "content-security-policy": policyOf(html) },
        })),
      ),
    );
    yield* router.get(
      "/api/openapi.json",
      Effect.flatMap(description, (encoded) => send(encoded)),
    );
    yield* router.get(
      "/api/docs",
      Effect.flatMap(page, ({ encoded, headers }) => send(encoded, headers)),
    );
  }),
);
