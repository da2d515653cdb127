import { Clock, Effect, Option, Schema } from "effect";
import type { ChannelId } from "../../domain/Ids.js";
import {
  type Attempt,
  type Consequence,
  type ConsequenceKind,
  Failed,
  Retry,
  type SideEffect,
  Waiting,
} from "../../domain/SideEffect.js";
import { Discord, type PostedMessage } from "../../layers/Discord.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { describe } from "../views/ErrorText.js";

/** What a handler is given: its payload, its row, and for log posts the others of the same message. */
export interface Work<K extends ConsequenceKind> {
  readonly payload: Extract<Consequence, { readonly _tag: K }>;
  readonly effect: SideEffect;
  readonly batch: ReadonlyArray<SideEffect>;
  /** An earlier attempt may have reached Discord, and whether it did is not known. */
  readonly repeated: boolean;
}

/** Discord has an outage and shows nothing of the server: what waits is not tried. */
export class ServerNotShown extends Schema.TaggedError<ServerNotShown>()("ServerNotShown", {}) {}

/** Does one kind of side effect. It may be run again after a crash, and must not do twice what Discord keeps. */
export type SideEffectHandler<K extends ConsequenceKind, R> = (
  work: Work<K>,
) => Effect.Effect<Attempt, DiscordError | ServerNotShown, R>;

/** One handler for each kind; a kind without one does not compile. */
export type Handlers<R> = { readonly [K in ConsequenceKind]: SideEffectHandler<K, R> };

/** What an error means for a side effect: another try, or a failure with its remedy. */
export const attemptOf = (error: DiscordError | ServerNotShown): Attempt => {
  switch (error._tag) {
    case "ServerNotShown":
      return Waiting("Discord does not show this server at the moment.");
    case "RateLimited":
      return Retry(describe(error), error.retryAfterMillis);
    case "DiscordUnavailable":
      return Retry(`${error.detail}.`);
    case "DiscordRefused":
      return Failed(`Discord refused this: ${error.detail}`);
    default:
      return Failed(describe(error));
  }
};

/** Discord remembers a nonce for some minutes only; a message tried longer ago is looked for. */
const NONCE_MEMORY_MILLIS = 60_000;

/** A ULID has 26 characters and a nonce 25; the first one is '0' until the year 3084. */
export const nonceOf = (id: string): string => id.slice(-25);

const holds = (marker: string) => {
  const encoded = JSON.stringify(marker).slice(1, -1);
  return ({ raw }: PostedMessage) => raw.includes(encoded);
};

/**
 * Posts a message once, also when an earlier attempt may have reached Discord before the process died. The nonce covers
 * the first minutes; after that the channel is searched for `marker`, which only this message holds, or for what `marker` says it is.
 */
export const sendOnce = (
  channelId: ChannelId,
  payload: MessagePayload,
  { effect, repeated }: Pick<Work<ConsequenceKind>, "effect" | "repeated">,
  marker: string | ((message: PostedMessage) => boolean),
) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const now = yield* Clock.currentTimeMillis;
    const first = effect.firstAttemptAt ?? effect.createdAt;
    if (repeated && now - first > NONCE_MEMORY_MILLIS) {
      const isIt = typeof marker === "string" ? holds(marker) : marker;
      const found = yield* discord.findMine(channelId, first - 5_000, isIt);
      if (Option.isSome(found)) return found.value.id;
    }
    // Of a batch, another row may come first the next time: it is still the same message.
    return yield* discord.sendMessage(channelId, payload, { nonce: nonceOf(effect.batch ?? effect.id) });
  });
