import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Node itself maps what is run from source. */
const bundled = import.meta.url.endsWith(".js");
const LIMIT_MS = 10_000;
const MOST_KNOWN = 5_000;

const ask = (places: ReadonlyArray<Place>): Promise<ReadonlyArray<Place | null>> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("./source-map-worker.js", import.meta.url), { workerData: places });
    const timer = setTimeout(() => void worker.terminate(), LIMIT_MS);
    timer.unref();
    worker.unref();
    worker.once("message", (found: ReadonlyArray<Place | null>) => resolve(found));
    // What cannot be found out is no reason to lose the report of an error.
    worker.once("error", () => resolve([]));
    worker.once("exit", () => {
      clearTimeout(timer);
      resolve([]);
    });
  });

const keyOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** Finds lines of the source for lines of the bundle; each is looked for once. */
export const make = () => {
  const known = new Map<string, Place | null>();
  return async (places: ReadonlyArray<Place>): Promise<(place: Place) => Place> => {
    const asPaths = (place: Place): Place =>
      place.file.startsWith("file://") ? { ...place, file: fileURLToPath(place.file) } : place;
    const wanted = bundled ? places.map(asPaths).filter((place) => !known.has(keyOf(place))) : [];
    if (wanted.length > 0) {
      const found = await ask(wanted);
      if (known.size > MOST_KNOWN) known.clear();
      wanted.forEach((place, index) => known.set(keyOf(place), found[index] ?? null));
    }
    return (place) => known.get(keyOf(asPaths(place))) ?? place;
  };
};
