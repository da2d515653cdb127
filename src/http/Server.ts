import { HttpApiBuilder, HttpMiddleware } from "@effect/platform";
import { Layer } from "effect";
import { Api } from "./api/index.js";
import { healthHandlers } from "./handlers/Health.js";
import { observed } from "./middleware/Observed.js";

const api = HttpApiBuilder.api(Api).pipe(Layer.provide(healthHandlers));

/** Serves the contract on whatever server is provided. */
export const layer = HttpApiBuilder.serve(HttpMiddleware.make(observed)).pipe(Layer.provide(api));
