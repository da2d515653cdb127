import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Context, Effect, Layer, Schema } from "effect";
import { AppConfig } from "./Config.js";

/** The file cannot be written or read; `problem` says why. What was in it before is still there. */
export class FallbackFileFailed extends Schema.TaggedError<FallbackFileFailed>()("FallbackFileFailed", {
  path: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `${this.path} cannot be used: ${this.problem}`;
  }
}

/** `action_log_fallback.jsonl` beside the database: one JSON value a line, for entries that could not be posted. */
export class FallbackFile extends Context.Tag("app/FallbackFile")<
  FallbackFile,
  {
    readonly path: string;
    /**
     * Adds lines, all or none, on the disk when it succeeds. A line that a crash cut short stays a line of its own and
     * cannot spoil the next one.
     */
    readonly append: (lines: ReadonlyArray<string>) => Effect.Effect<void, FallbackFileFailed>;
    /** Hands out the lines in order, some hundreds at a time. A file that is not there has none. */
    readonly read: <E, R>(
      each: (lines: ReadonlyArray<string>) => Effect.Effect<void, E, R>,
    ) => Effect.Effect<void, FallbackFileFailed | E, R>;
    /**
     * Keeps of each few hundred lines what `keep` returns, and replaces the file in one step; nothing is appended
     * meanwhile. A file without lines is removed. For one process alone.
     * @returns how many lines are left.
     */
    readonly rewrite: <R>(
      keep: (lines: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>, never, R>,
    ) => Effect.Effect<number, FallbackFileFailed, R>;
    /** Bytes; 0 where there is no file. */
    readonly size: Effect.Effect<number, FallbackFileFailed>;
  }
>() {}

/** Beside the database. */
export const FALLBACK_FILE = "action_log_fallback.jsonl";
const LINES_AT_ONCE = 500;
const NEWLINE = 10;

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** A new name in a folder survives a power cut only when the folder is on the disk too. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const endsInsideALine = async (file: FileHandle, size: number): Promise<boolean> => {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
};

const appendTo = async (path: string, lines: ReadonlyArray<string>): Promise<void> => {
  const file = await open(path, "a+");
  try {
    const { size } = await file.stat();
    const start = (await endsInsideALine(file, size)) ? "\n" : "";
    try {
      await file.appendFile(`${start}${lines.map((line) => `${line}\n`).join("")}`);
      await file.sync();
    } catch (error) {
      // Half of it may be there: none of it counts.
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
    if (size === 0) await syncFolder(path);
  } finally {
    await file.close();
  }
};

async function* chunksOf(path: string): AsyncGenerator<ReadonlyArray<string>> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  try {
    let chunk: Array<string> = [];
    for await (const line of file.readLines({ encoding: "utf8" })) {
      if (line === "") continue;
      chunk.push(line);
      if (chunk.length === LINES_AT_ONCE) {
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    await file.close();
  }
}

const make = (path: string) =>
  Effect.gen(function* () {
    const alone = yield* Effect.makeSemaphore(1);
    const attempt = <A>(act: () => Promise<A>) =>
      Effect.tryPromise({
        try: act,
        catch: (error) =>
          new FallbackFileFailed({
            path,
            problem: hasCode(error, "ENOSPC")
              ? "the disk is full."
              : error instanceof Error
                ? `${error.message}.`
                : "unknown.",
          }),
      });
    const chunks = Effect.acquireRelease(
      Effect.sync(() => chunksOf(path)),
      (iterator) => Effect.promise(() => iterator.return(undefined)),
    );

    const read = <E, R>(each: (lines: ReadonlyArray<string>) => Effect.Effect<void, E, R>) =>
      Effect.scoped(
        Effect.gen(function* () {
          const iterator = yield* chunks;
          for (;;) {
            const next = yield* attempt(() => iterator.next());
            if (next.done === true) return;
            yield* each(next.value);
          }
        }),
      );

    const rewrite = <R>(
      keep: (lines: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>, never, R>,
    ): Effect.Effect<number, FallbackFileFailed, R> =>
      Effect.scoped(
        Effect.gen(function* () {
          const next = `${path}.next`;
          const file = yield* Effect.acquireRelease(
            attempt(() => open(next, "w")),
            (opened) => Effect.promise(() => opened.close()),
          );
          let left = 0;
          yield* read((lines) =>
            Effect.gen(function* () {
              const kept = yield* keep(lines);
              left += kept.length;
              yield* attempt(() => file.appendFile(kept.map((line) => `${line}\n`).join("")));
            }),
          );
          yield* attempt(async () => {
            await file.sync();
            if (left === 0) {
              await rm(path, { force: true });
              await rm(next, { force: true });
            } else {
              await rename(next, path);
            }
            await syncFolder(path);
          });
          return left;
        }),
      );

    return FallbackFile.of({
      path,
      append: (lines) => alone.withPermits(1)(attempt(() => appendTo(path, lines))),
      read,
      rewrite: (keep) => alone.withPermits(1)(rewrite(keep)),
      size: attempt(() =>
        stat(path).then(
          ({ size }) => size,
          (error: unknown) => {
            if (hasCode(error, "ENOENT")) return 0;
            throw error;
          },
        ),
      ),
    });
  });

/** In the folder of `DB_PATH`. */
export const layer = Layer.effect(
  FallbackFile,
  Effect.flatMap(AppConfig, ({ databasePath }) => make(join(dirname(databasePath), FALLBACK_FILE))),
);

/** In a folder of the test's. */
export const layerTest = (folder: string) => Layer.effect(FallbackFile, make(join(folder, FALLBACK_FILE)));
