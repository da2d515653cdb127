import { type Cause, Effect, FiberSet, Layer, Stream } from "effect";
import { AppConfig } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import { commands } from "./commands/index.js";
import { components } from "./components/index.js";
import { handlers } from "./effects/index.js";
import { events } from "./events/index.js";
import * as CardHold from "./kit/CardHold.js";
import * as OutboxWorker from "./kit/OutboxWorker.js";
import * as Traffic from "./kit/Traffic.js";
import * as Router from "./kit/Router.js";
import * as Trace from "./kit/Trace.js";
import { schedules } from "./schedules/index.js";

/** How long a stop waits for the interactions that are being handled. */
const STOP_GRACE = "2 seconds";

const login = Layer.scopedDiscard(Effect.flatMap(Discord, (discord) => discord.login));

/** Handles interactions, all at once, until its scope ends; then lets the running ones finish. */
const interactions = Layer.scopedDiscard(
  Effect.gen(function* () {
    const discord = yield* Discord;
    const traffic = yield* Traffic.Traffic;
    const route = Router.make(commands, components);
    const running = yield* FiberSet.make<void>();
    yield* Effect.addFinalizer(() =>
      FiberSet.awaitEmpty(running).pipe(Effect.interruptible, Effect.timeoutOption(STOP_GRACE)),
    );
    yield* Effect.forkScoped(
      Stream.runForEach(discord.interactions, (interaction) =>
        FiberSet.run(running, traffic.during(route(interaction))),
      ),
    );
  }),
);

/** Handles gateway events one after the other, in the order in which they came. */
const gatewayEvents = Layer.scopedDiscard(
  Effect.gen(function* () {
    const discord = yield* Discord;
    yield* Effect.forkScoped(
      Stream.runForEach(discord.events, (event) =>
        Effect.forEach(
          events,
          ({ handles }) =>
            Effect.catchAllCause(handles(event) ?? Effect.void, (cause: Cause.Cause<never>) =>
              Effect.logError("A gateway event could not be handled", cause),
            ),
          { discard: true },
        ).pipe(Trace.marked({ event: event._tag })),
      ),
    );
  }),
);

const recurring = Layer.scopedDiscard(
  Effect.gen(function* () {
    const config = yield* AppConfig;
    if (config.schedulersEnabled)
      yield* Effect.forEach(schedules, ({ loop }) => Effect.forkScoped(loop), { discard: true });
  }),
);

/**
 * The bot: signs in, takes up the side effects an earlier process left, then listens. Ends the other way round, so that
 * what is being handled can still plan its side effects, and these are worked off before the gateway goes.
 */
export const layer = Layer.mergeAll(interactions, gatewayEvents, recurring).pipe(
  Layer.provide(OutboxWorker.layer(handlers)),
  Layer.provide(login),
  Layer.provide(CardHold.layer),
  Layer.provide(Traffic.layer),
);
