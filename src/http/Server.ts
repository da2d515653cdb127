import { FileSystem, HttpApiBuilder, HttpIncomingMessage, HttpServer } from "@effect/platform";
import { Effect, Layer, Option } from "effect";
import { Api } from "./api/index.js";
import { handlers } from "./handlers/index.js";
import { compressed } from "./middleware/Compressed.js";
import * as Cookies from "./middleware/Cookies.js";
import * as Guards from "./middleware/Guards.js";
import * as Headers from "./middleware/Headers.js";
import { observed } from "./middleware/Observed.js";
import * as RateLimits from "./middleware/RateLimits.js";
import { shallow } from "./middleware/Shallow.js";
import { answered } from "./middleware/Told.js";
import { MOST_BYTES, wellFormed } from "./middleware/WellFormed.js";
import * as WithinTime from "./middleware/WithinTime.js";
import * as Docs from "./pages/Docs.js";
import * as Pages from "./pages/index.js";

const api = HttpApiBuilder.api(Api).pipe(Layer.provide(handlers), Layer.provide(Guards.layer));

/**
 * Everything stands inside the app that is served, innermost first. A middleware of `serve` itself would come too late:
 * it sees an answer that has been sent.
 */
const served = Layer.unwrapScoped(
  Effect.gen(function* () {
    const app = yield* HttpApiBuilder.httpApp;
    const limited = yield* RateLimits.make;
    const dressed = yield* Headers.make;
    const withinTime = yield* WithinTime.make;
    return HttpServer.serve(
      app.pipe(
        shallow,
        withinTime,
        HttpIncomingMessage.withMaxBodySize(Option.some(FileSystem.Size(MOST_BYTES))),
        answered,
        wellFormed,
        limited,
        compressed,
        dressed,
        observed,
      ),
    );
  }),
);

/** Serves the contract and the pages on whatever server is provided. */
export const layer = served.pipe(
  Layer.provide([HttpApiBuilder.Router.Live, HttpApiBuilder.Middleware.layer]),
  Layer.provide(Pages.layer),
  Layer.provide(Docs.layer),
  Layer.provide(api),
  Layer.provide(Cookies.layer),
);
