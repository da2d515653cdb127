import { Console, Effect, Layer } from "effect";
import * as Config from "../../layers/Config.js";
import * as Database from "../../layers/Database.js";

/** Opens the database of `DB_PATH`, which brings it up to date, and says so. */
export const program = Effect.gen(function* () {
  const { databasePath } = yield* Config.AppConfig;
  yield* Effect.scoped(Layer.build(Database.layer));
  yield* Console.log(`The database ${databasePath} is up to date.`);
}).pipe(
  Effect.provide(Config.layer),
  Effect.tapError((error) => Console.error(error.message)),
);
