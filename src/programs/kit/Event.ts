import type { Effect } from "effect";
import type { DiscordEvent } from "../../layers/discord/Events.js";

/** What is done when something happens on Discord that nobody waits for an answer to. */
export interface GatewayEvent<out R> {
  readonly handles: (event: DiscordEvent) => Effect.Effect<void, never, R> | null;
}

export type Requirements<E> = E extends GatewayEvent<infer R> ? R : never;

/** A handler for one kind of event. */
export const on = <T extends DiscordEvent["_tag"], R>(
  tag: T,
  handle: (event: Extract<DiscordEvent, { readonly _tag: T }>) => Effect.Effect<void, never, R>,
): GatewayEvent<R> => {
  const isOurs = (event: DiscordEvent): event is Extract<DiscordEvent, { readonly _tag: T }> =>
    event._tag === tag;
  return { handles: (event) => (isOurs(event) ? handle(event) : null) };
};
