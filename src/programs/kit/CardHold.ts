import { Context, Deferred, Effect, Layer, type Scope } from "effect";
import type { ApplicationId } from "../../domain/Ids.js";

interface Hold {
  presses: number;
  readonly free: Deferred.Deferred<void>;
}

/**
 * A press redraws its own card in its answer, which Discord does not count against the limits. While such an answer is
 * on its way, the outbox must not draw the same card: the older picture could land last.
 */
export class CardHold extends Context.Tag("app/CardHold")<
  CardHold,
  {
    /** Holds the card until the scope of the press ends. */
    readonly hold: (id: ApplicationId) => Effect.Effect<void, never, Scope.Scope>;
    /** Whether this is the only press under way for the card. */
    readonly alone: (id: ApplicationId) => Effect.Effect<boolean>;
    /** Waits until no press is under way. */
    readonly released: (id: ApplicationId) => Effect.Effect<void>;
  }
>() {}

const make = Effect.sync(() => {
  const holds = new Map<ApplicationId, Hold>();

  const take = (id: ApplicationId) =>
    Effect.gen(function* () {
      const held = holds.get(id);
      if (held !== undefined) held.presses += 1;
      else holds.set(id, { presses: 1, free: yield* Deferred.make<void>() });
    });
  const give = (id: ApplicationId) =>
    Effect.suspend(() => {
      const held = holds.get(id);
      if (held === undefined) return Effect.void;
      held.presses -= 1;
      if (held.presses > 0) return Effect.void;
      holds.delete(id);
      return Deferred.succeed(held.free, undefined);
    });

  return CardHold.of({
    hold: (id) => Effect.asVoid(Effect.acquireRelease(take(id), () => give(id))),
    alone: (id) => Effect.sync(() => (holds.get(id)?.presses ?? 0) <= 1),
    released: (id) =>
      Effect.suspend(() => {
        const held = holds.get(id);
        return held === undefined ? Effect.void : Deferred.await(held.free);
      }),
  });
});

export const layer = Layer.effect(CardHold, make);
