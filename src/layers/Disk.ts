import { stat, statfs } from "node:fs/promises";
import { Effect } from "effect";

/** Bytes of a file; 0 where there is none. */
export const sizeOf = (path: string): Effect.Effect<number> =>
  Effect.orElseSucceed(
    Effect.map(
      Effect.tryPromise(() => stat(path)),
      ({ size }) => size,
    ),
    () => 0,
  );

/** What is left of the disk with a folder, for users who are not root; `null` where the system does not say. */
export const freeAt = (folder: string): Effect.Effect<number | null> =>
  Effect.orElseSucceed(
    Effect.map(
      Effect.tryPromise(() => statfs(folder)),
      ({ bavail, bsize }) => bavail * bsize,
    ),
    () => null,
  );
