import { accessSync, constants, lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Effect } from "effect";
import { DatabaseUnavailable, unavailable } from "./DatabaseUnavailable.js";

/** Below a file nothing exists, and the system says so in another way. */
const exists = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
};

/**
 * Makes a folder and those above it, one after the other: Node's own recursive mkdir never returns where the system
 * refuses below a folder that exists, as under /proc.
 */
const make = (folder: string): void => {
  const missing: Array<string> = [];
  let nearest = resolve(folder);
  while (!exists(nearest)) {
    missing.unshift(nearest);
    nearest = dirname(nearest);
  }
  for (const one of missing) {
    try {
      mkdirSync(one);
    } catch (error) {
      // Somebody else may have made it in the meantime.
      if (!exists(one)) throw error;
    }
  }
};

const problemOf = (folder: string): string | null => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return `its folder ${folder} cannot be made. Make it, or correct the path.`;
  if (!found.isDirectory()) return `${folder} is a file, not a folder. Correct the path.`;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return `its folder ${folder} may not be written. Check the folder and its permissions.`;
  }
};

/** What stands in the way of a folder that is not there yet: the nearest thing above it that is. */
const nearestOf = (folder: string): string => {
  let nearest = resolve(folder);
  while (!exists(nearest)) nearest = dirname(nearest);
  return nearest;
};

/** Makes sure that the folder of a file is there and can be written. */
export const prepare = (path: string): Effect.Effect<void, DatabaseUnavailable> =>
  Effect.gen(function* () {
    const folder = dirname(resolve(path));
    const obstacle = yield* Effect.try({
      try: () => {
        const above = problemOf(nearestOf(folder));
        if (above !== null) return above;
        make(folder);
        return problemOf(folder);
      },
      catch: (cause) => {
        const { problem } = unavailable(path, cause);
        return new DatabaseUnavailable({
          path,
          problem: problem.startsWith("it ")
            ? `its folder ${folder} cannot be made. Correct the path.`
            : problem,
          cause,
        });
      },
    });
    if (obstacle !== null) return yield* new DatabaseUnavailable({ path, problem: obstacle });
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) {
      return yield* new DatabaseUnavailable({ path, problem: "it is a folder. Point DB_PATH at a file." });
    }
  });

/** The same file has the same name, whatever links lead to it. Its folder must exist. */
export const realPath = (path: string): string =>
  exists(path) ? realpathSync(path) : join(realpathSync(dirname(resolve(path))), basename(path));

/** Which file stands under a name now; null where none does. */
export const identityOf = (path: string): string | null => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
};
