import { SqlError } from "@effect/sql/SqlError";
import type * as SqlClient from "@effect/sql/SqlClient";
import { Effect, Option, Schema } from "effect";

type Query = Effect.Effect<ReadonlyArray<unknown>, SqlError>;

/**
 * A statement that fails or a row that does not decode is a defect: nobody above can act on it, the transaction is
 * rolled back, and the person gets an apology with a trace id. What callers can act on (a conflict) is a result.
 */
export const rows = <A, I>(schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknown(Schema.Array(schema));
  return (query: Query): Effect.Effect<ReadonlyArray<A>> => Effect.orDie(Effect.flatMap(query, decode));
};

/** The first row, if there is one. */
export const row = <A, I>(schema: Schema.Schema<A, I>) => {
  const all = rows(schema);
  return (query: Query): Effect.Effect<Option.Option<A>> =>
    Effect.map(all(query), (found) => Option.fromNullable(found[0]));
};

/** Runs a statement for what it does. */
export const run = (query: Query): Effect.Effect<void> => Effect.orDie(Effect.asVoid(query));

/** Runs a statement with `RETURNING …` and says whether it changed a row. */
export const changed = (query: Query): Effect.Effect<boolean> =>
  Effect.orDie(Effect.map(query, (returned) => returned.length > 0));

/** One transaction; anything but success rolls all of it back. */
export const transaction =
  (sql: SqlClient.SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.catchIf(
      sql.withTransaction(effect),
      (error): error is SqlError => error instanceof SqlError,
      (error) => Effect.die(error),
    );
