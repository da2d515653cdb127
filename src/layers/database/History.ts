import { checksums } from "../../../migrations/checksums.js";
import { migrations } from "../../../migrations/index.js";
import type { Applied } from "./DatabaseFile.js";

export interface Known {
  readonly id: number;
  readonly name: string;
  readonly checksum: string | null;
}

const knownIn = (
  names: ReadonlyArray<string>,
  sums: Readonly<Record<string, string>>,
): ReadonlyArray<Known> =>
  names.map((key) => ({
    id: Number.parseInt(key, 10),
    name: key.replace(/^\d+_/, ""),
    checksum: sums[key] ?? null,
  }));

/** What this version of the bot can migrate to, in order. */
export const known = knownIn(Object.keys(migrations), checksums);

/** How a migration is called in a sentence: by the name of its file. */
export const title = ({ id, name }: Pick<Known, "id" | "name">): string =>
  `${`${id}`.padStart(4, "0")}_${name}`;

/**
 * Why a database with this history must not be touched, in words that complete a sentence; null when all is well. A
 * database can only have what is known here, all of it up to some point, and unchanged.
 */
export const problemOf = (
  applied: ReadonlyArray<Applied>,
  all: ReadonlyArray<Known> = known,
): string | null => {
  const newest = applied.at(-1);
  if (newest === undefined) return null;
  if (newest.id > (all.at(-1)?.id ?? 0)) {
    return (
      `a newer version of the bot has used it (${title(newest)} is not known here). ` +
      "Deploy that version again, or restore a backup that was made before it."
    );
  }
  for (const [index, { id, name, checksum }] of all.entries()) {
    const found = applied[index];
    if (found === undefined) return null;
    if (found.id !== id) {
      return (
        `${title({ id, name })} was never applied to it, but ${title(found)} was. ` +
        "Restore a backup, or deploy the version that made this database."
      );
    }
    if (found.name !== name) {
      return (
        `migration ${id} is ${title(found)} there and ${title({ id, name })} here. ` +
        "Deploy the version that made this database."
      );
    }
    if (found.checksum !== null && checksum !== null && found.checksum !== checksum) {
      return (
        `${title(found)} was changed after it was applied. ` +
        "Deploy the version that made this database; a migration that has landed is never edited."
      );
    }
  }
  return null;
};

/** What is still to be applied. */
export const pendingOf = (
  applied: ReadonlyArray<Applied>,
  all: ReadonlyArray<Known> = known,
): ReadonlyArray<Known> => all.slice(applied.length);
