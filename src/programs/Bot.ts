import { Array as Arr, Chunk, Effect, FiberSet, Layer, Stream } from "effect";
import { AppConfig } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordEvent } from "../layers/discord/Events.js";
import { STOP } from "../layers/Lifecycle.js";
import { Backups } from "../services/Backups.js";
import { commands } from "./commands/index.js";
import { components } from "./components/index.js";
import { handlers } from "./effects/index.js";
import { events } from "./events/index.js";
import * as CardHold from "./kit/CardHold.js";
import type * as Event from "./kit/Event.js";
import * as OutboxWorker from "./kit/OutboxWorker.js";
import * as Traffic from "./kit/Traffic.js";
import * as Router from "./kit/Router.js";
import { schedules } from "./schedules/index.js";

const login = Layer.scopedDiscard(Effect.flatMap(Discord, (discord) => discord.login));

/** Handles interactions, all at once, until its scope ends; then lets the running ones finish. */
const interactions = Layer.scopedDiscard(
  Effect.gen(function* () {
    const discord = yield* Discord;
    const traffic = yield* Traffic.Traffic;
    const route = Router.make(commands, components);
    const running = yield* FiberSet.make<void>();
    yield* Effect.addFinalizer(() =>
      FiberSet.awaitEmpty(running).pipe(
        Effect.interruptible,
        Effect.timeoutTo({
          duration: STOP.handlers,
          onSuccess: () => Effect.void,
          onTimeout: () =>
            Effect.flatMap(FiberSet.size(running), (left) =>
              Effect.logWarning("Interactions were abandoned: the stop could not wait for them", { left }),
            ),
        }),
        Effect.flatten,
      ),
    );
    yield* Effect.forkScoped(
      Stream.runForEach(discord.interactions, (interaction) =>
        FiberSet.run(running, traffic.during(route(interaction))),
      ),
    );
  }),
);

/** So many gateway events are looked at together. */
const EVENTS_AT_ONCE = 25;
/** So long the first of them waits for others. Nobody waits for an answer to one. */
const GATHER = "100 millis";

const runsOf = (events: ReadonlyArray<DiscordEvent>): ReadonlyArray<Event.Run> =>
  Arr.isNonEmptyReadonlyArray(events) ? Arr.groupWith(events, (one, other) => one._tag === other._tag) : [];

/** Handles gateway events in the order in which they came; what is of one kind and came in one go, together. */
const gatewayEvents = Layer.scopedDiscard(
  Effect.gen(function* () {
    const discord = yield* Discord;
    yield* Effect.forkScoped(
      discord.events.pipe(
        Stream.groupedWithin(EVENTS_AT_ONCE, GATHER),
        Stream.mapConcat((events) => runsOf(Chunk.toReadonlyArray(events))),
        Stream.runForEach((run) =>
          Effect.forEach(events, ({ handles }) => handles(run) ?? Effect.void, { discard: true }),
        ),
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

/** What comes in: interactions, gateway events, and the time of recurring jobs. */
export const intake = Layer.mergeAll(interactions, gatewayEvents, recurring);

/** What happened to the database while no bot ran belongs into its log before anything else does. */
const restores = Layer.effectDiscard(Effect.flatMap(Backups, (backups) => backups.recordRestore));

/** What goes on underneath: signs in, and works off the side effects, those an earlier process left first. */
export const work = OutboxWorker.layer(handlers).pipe(
  Layer.provide(login),
  Layer.provide(restores),
  Layer.provideMerge(CardHold.layer),
  Layer.provideMerge(Traffic.layer),
);

/**
 * The bot without its web server. Ends the other way round, so that what is being handled can still plan its side
 * effects, and these are worked off before the gateway goes.
 */
export const layer = Layer.provide(intake, work);
