import { Effect, Layer } from "effect";
import * as Server from "./http/Server.js";
import * as Config from "./layers/Config.js";
import * as Database from "./layers/Database.js";
import * as Discord from "./layers/Discord.js";
import * as Http from "./layers/Http.js";
import * as Telemetry from "./layers/Telemetry.js";
import * as Bot from "./programs/Bot.js";
import * as Services from "./services/index.js";

/** Tells PM2 (`wait_ready`) that the bot is up. */
const announce = Layer.effectDiscard(Effect.sync(() => process.send?.("ready")));

/**
 * Everything, on a configuration. The order is that of features.md F2: database and migrations, sign-in, what was left
 * over, then HTTP, then `ready`; the end goes the other way round.
 */
export const appOn = <E>(config: Layer.Layer<Config.AppConfig, E>) =>
  announce.pipe(
    Layer.provide(Server.layer),
    Layer.provide(Http.layer),
    Layer.provide(Bot.layer),
    Layer.provide(Services.layer),
    Layer.provide(Discord.layer),
    Layer.provide(Database.layer),
    Layer.provide(Telemetry.layer),
    Layer.provide(config),
  );

/** The only place where layers meet; its error type names every way in which a start can fail. */
export const App = appOn(Config.layer);
