import { type Array as Arr, type Cause, Effect } from "effect";
import type { DiscordEvent } from "../../layers/discord/Events.js";
import * as Trace from "./Trace.js";

/** Events of one kind that came one right after the other. */
export type Run<E = DiscordEvent> = Arr.NonEmptyReadonlyArray<E>;

/** What is done when something happens on Discord that nobody waits for an answer to. */
export interface GatewayEvent<out R> {
  readonly handles: (run: Run) => Effect.Effect<void, never, R> | null;
}

export type Requirements<E> = E extends GatewayEvent<infer R> ? R : never;

type Of<T extends DiscordEvent["_tag"]> = Extract<DiscordEvent, { readonly _tag: T }>;

const isRunOf =
  <T extends DiscordEvent["_tag"]>(tag: T) =>
  (run: Run): run is Run<Of<T>> =>
    run.every(({ _tag }) => _tag === tag);

const logged = (cause: Cause.Cause<never>) => Effect.logError("A gateway event could not be handled", cause);

/** A handler for one kind of event. One that cannot be handled is logged, and the others go on. */
export const on = <T extends DiscordEvent["_tag"], R>(
  tag: T,
  handle: (event: Of<T>) => Effect.Effect<void, never, R>,
): GatewayEvent<R> => {
  const isOurs = isRunOf(tag);
  const one = (event: Of<T>) =>
    Effect.catchAllCause(handle(event), logged).pipe(Trace.marked({ event: tag }));
  return { handles: (run) => (isOurs(run) ? Effect.forEach(run, one, { discard: true }) : null) };
};

/**
 * A handler for events of one kind that come in crowds, and cost less together. Where all of them cannot be handled at
 * once, each is by itself.
 */
export const together = <T extends DiscordEvent["_tag"], R>(
  tag: T,
  handle: (run: Run<Of<T>>) => Effect.Effect<void, never, R>,
): GatewayEvent<R> => {
  const isOurs = isRunOf(tag);
  const alone = on(tag, (event) => handle([event]));
  return {
    handles: (run) =>
      isOurs(run)
        ? Effect.catchAllCause(handle(run), (cause) =>
            run.length === 1 ? logged(cause) : (alone.handles(run) ?? Effect.void),
          ).pipe(Trace.marked({ event: tag }))
        : null,
  };
};
