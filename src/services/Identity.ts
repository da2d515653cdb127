import { Clock, Effect } from "effect";
import { monotonicFactory } from "ulid";

const next = monotonicFactory();

/** A fresh ULID of the given brand. Ids made by one process sort in the order they were made. */
export const freshId = <A>(brand: { readonly make: (raw: string) => A }): Effect.Effect<A> =>
  Effect.map(Clock.currentTimeMillis, (now) => brand.make(next(now)));
