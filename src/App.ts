import { Context, Effect, Layer } from "effect";
import * as Server from "./http/Server.js";
import * as Backups from "./layers/Backups.js";
import * as Config from "./layers/Config.js";
import * as Database from "./layers/Database.js";
import * as DatabaseWatch from "./layers/DatabaseWatch.js";
import * as Discord from "./layers/Discord.js";
import * as DiscordOAuth from "./layers/DiscordOAuth.js";
import * as FallbackFile from "./layers/FallbackFile.js";
import * as Http from "./layers/Http.js";
import * as Lifecycle from "./layers/Lifecycle.js";
import * as Machine from "./layers/Machine.js";
import * as Telemetry from "./layers/Telemetry.js";
import * as Bot from "./programs/Bot.js";
import { Health } from "./services/Health.js";
import * as Services from "./services/index.js";

/** Tells operators, PM2 (`wait_ready`) and those who ask for /ready that the bot is up, and the latter when it stops. */
const announce = Layer.scopedDiscard(
  Effect.gen(function* () {
    const health = yield* Health;
    const { tag, guilds } = yield* Effect.flatMap(Discord.Discord, (discord) => discord.self);
    yield* Effect.acquireRelease(health.setReady(true), () => health.setReady(false));
    yield* Effect.logInfo("ClientReady", { bot: tag, guilds });
    yield* Effect.sync(() => process.send?.("ready"));
  }),
);

/** Where people come in. Both close in the same moment, and wait side by side for those who are inside. */
const doors = Layer.mergeAll(Bot.intake, Server.layer.pipe(Layer.provide(Http.layer)));

/**
 * Everything, on a configuration. The order is that of features.md F2: database and migrations, sign-in, what was left
 * over, then HTTP, then `ready`; the end goes the other way round.
 */
export const appOn = <E>(config: Layer.Layer<Config.AppConfig, E>) =>
  announce.pipe(
    Layer.provide(doors),
    Layer.provide(Bot.work),
    Layer.provide(Services.layer),
    Layer.provide(FallbackFile.layer),
    Layer.provide(Backups.layer),
    Layer.provide(Discord.layer),
    Layer.provide(DiscordOAuth.layer),
    Layer.provide(Machine.layer),
    Layer.provide(Layer.provideMerge(DatabaseWatch.layer, Database.layer)),
    Layer.provideMerge(Lifecycle.layer),
    Layer.provide(Telemetry.layer),
    Layer.provide(config),
  );

/** The only place where layers meet; its error type names every way in which a start can fail. */
export const App = appOn(Config.layer);

/** Runs until it is interrupted (SIGTERM, SIGINT), asked to stop, or cannot go on. */
export const program = Effect.scoped(
  Effect.flatMap(Layer.build(App), (context) => Context.get(context, Lifecycle.Lifecycle).ended),
);
