import { Effect, Random } from "effect";

/** What the log and error tracking can be searched for. Interactions bring their own: it is made of their id. */
const fresh = Effect.map(Random.nextIntBetween(36 ** 6, 36 ** 7), (number) => number.toString(36));

/** Marks every line that is logged meanwhile with an id of this run and with `fields`. */
export const marked =
  (fields: Readonly<Record<string, string>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(fresh, (trace) => Effect.annotateLogs(effect, { trace, ...fields }));
