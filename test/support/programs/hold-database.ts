import { writeSync } from "node:fs";
import { Effect, Layer } from "effect";
import * as Database from "../../../src/layers/Database.js";

/** Opens a database as the bot does, says so, and keeps it until it is killed. */
void Effect.runPromise(
  Effect.scoped(
    Layer.build(Database.layerTest(process.argv[2] ?? "data.db")).pipe(
      Effect.tap(() => Effect.sync(() => writeSync(1, "open\n"))),
      Effect.zipRight(Effect.never),
    ),
  ),
);
