import { writeSync } from "node:fs";
import { join } from "node:path";
import { Effect, Layer } from "effect";
import * as Database from "../../../src/layers/Database.js";

/** Makes one new database after the other in the given folder, until it is killed. Says the number of each it begins. */
const folder = process.argv[2] ?? ".";

const forever = async (): Promise<never> => {
  for (let n = 0; ; n += 1) {
    writeSync(1, `${n}\n`);
    await Effect.runPromise(
      Effect.scoped(Layer.build(Database.layerTest(join(folder, `${n}.db`)))).pipe(Effect.asVoid),
    );
  }
};
void forever();
