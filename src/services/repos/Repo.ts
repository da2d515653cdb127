import * as SqlClient from "@effect/sql/SqlClient";
import { SqlError } from "@effect/sql/SqlError";
import { Effect, Exit, Option, Schema, Scope } from "effect";
import type { ParseError } from "effect/ParseResult";

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

type RawRow = Readonly<Record<string, unknown>>;
const isRawRow = (found: unknown): found is RawRow => typeof found === "object" && found !== null;
const same = (left: RawRow, right: RawRow): boolean =>
  Object.keys(right).every((column) => left[column] === right[column]);

/**
 * Like `row`, for rows that are read far more often than they change: the row is read every time, and decoded again only
 * when a column of it is another. Never stale, also not inside a transaction that is rolled back.
 */
export const remembered = <A, I>(schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknown(schema);
  const known = new Map<string, { readonly raw: RawRow; readonly value: A }>();
  return (key: string, query: Query): Effect.Effect<Option.Option<A>> =>
    Effect.orDie(
      Effect.flatMap(query, ([raw]): Effect.Effect<Option.Option<A>, ParseError> => {
        if (!isRawRow(raw)) return Effect.succeed(Option.none());
        const last = known.get(key);
        if (last !== undefined && same(last.raw, raw)) return Effect.succeed(Option.some(last.value));
        return Effect.map(decode(raw), (value) => {
          known.set(key, { raw, value });
          return Option.some(value);
        });
      }),
    );
};

/** Runs a statement for what it does. */
export const run = (query: Query): Effect.Effect<void> => Effect.orDie(Effect.asVoid(query));

/** Runs a statement with `RETURNING …` and says whether it changed a row. */
export const changed = (query: Query): Effect.Effect<boolean> =>
  Effect.orDie(Effect.map(query, (returned) => returned.length > 0));

/** On PostgreSQL a writer waits for the rows it wants; SQLite has one lock for all of them, taken first or not at all. */
const dialectOf = (sql: SqlClient.SqlClient) =>
  sql.onDialectOrElse({
    sqlite: () => ({ begin: "BEGIN IMMEDIATE", name: "sqlite" }),
    orElse: () => ({ begin: "BEGIN", name: "postgresql" }),
  });

/**
 * One transaction; anything but success rolls all of it back. It waits for its turn to write before it reads: SQLite
 * refuses at once, whatever `busy_timeout` says, to write on what was read before another process committed.
 */
export const transaction = (sql: SqlClient.SqlClient) => {
  const { begin, name } = dialectOf(sql);
  // The lock comes with the connection: a transaction that did not begin has nothing to roll back.
  const acquireConnection = Effect.flatMap(Scope.make(), (scope) =>
    Scope.extend(
      Effect.tap(sql.reserve, (connection) => connection.executeUnprepared(begin, [], undefined)),
      scope,
    ).pipe(
      Effect.map((connection) => [scope, connection] as const),
      Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(scope, exit))),
    ),
  );
  const withTransaction = SqlClient.makeWithTransaction({
    transactionTag: SqlClient.TransactionConnection,
    spanAttributes: [["db.system.name", name]],
    acquireConnection,
    begin: () => Effect.void,
    savepoint: (connection, id) => connection.executeUnprepared(`SAVEPOINT nested_${id}`, [], undefined),
    commit: (connection) => connection.executeUnprepared("COMMIT", [], undefined),
    rollback: (connection) => connection.executeUnprepared("ROLLBACK", [], undefined),
    rollbackSavepoint: (connection, id) =>
      connection.executeUnprepared(`ROLLBACK TO SAVEPOINT nested_${id}`, [], undefined),
  });
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.catchIf(
      withTransaction(effect),
      (error): error is SqlError => error instanceof SqlError,
      (error) => Effect.die(error),
    );
};
