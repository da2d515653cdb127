import { HttpApiBuilder, HttpMiddleware } from "@effect/platform";
import { Layer } from "effect";
import { Api } from "./api/index.js";
import { handlers } from "./handlers/index.js";
import * as Cookies from "./middleware/Cookies.js";
import * as Guards from "./middleware/Guards.js";
import { observed } from "./middleware/Observed.js";
import * as Pages from "./pages/index.js";

const api = HttpApiBuilder.api(Api).pipe(Layer.provide(handlers), Layer.provide(Guards.layer));

/** Serves the contract and the pages on whatever server is provided. */
export const layer = HttpApiBuilder.serve(HttpMiddleware.make(observed)).pipe(
  Layer.provide(Pages.layer),
  Layer.provide(HttpApiBuilder.middlewareOpenApi({ path: "/api/openapi.json" })),
  Layer.provide(api),
  Layer.provide(Cookies.layer),
);
