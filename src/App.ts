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

/** The outside world, from the ground up. */
const World = Discord.layer.pipe(
  Layer.provideMerge(Database.layer),
  Layer.provideMerge(Telemetry.layer),
  Layer.provideMerge(Config.layer),
);

const Core = Services.layer.pipe(Layer.provideMerge(World));

/** features.md F2: database, migrations, sign-in, what was left over, then HTTP, then `ready`. */
export const App = announce.pipe(
  Layer.provide(Server.layer),
  Layer.provide(Http.layer),
  Layer.provide(Bot.layer),
  Layer.provide(Core),
);
