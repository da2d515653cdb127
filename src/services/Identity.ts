import { Clock, Effect } from "effect";
import { monotonicFactory } from "ulid";

/** Ids are names, not secrets: what may be done with one is decided by rules, never by knowing it. */
const next = monotonicFactory(Math.random);

/** A fresh ULID of the given brand. Ids made by one process sort in the order they were made. */
export const freshId = <A>(brand: { readonly make: (raw: string) => A }): Effect.Effect<A> =>
  Effect.map(Clock.currentTimeMillis, (now) => brand.make(next(now)));
