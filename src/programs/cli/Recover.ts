import { parseArgs } from "node:util";
import { Console, Effect, Layer } from "effect";
import { type Contents, readName } from "../../domain/Backup.js";
import * as Backups from "../../layers/Backups.js";
import * as Config from "../../layers/Config.js";
import { CliFailed } from "./CliFailed.js";

const USAGE =
  "Use --list, --verify FILE, --dry-run FILE or --restore FILE; FILE is a name from --list or a path.";

const held = ({ rows, bytes, migration }: Contents): string =>
  [
    `  ${bytes} bytes, ${migration ?? "no migration"}`,
    ...Object.entries(rows).map(([table, count]) => `  ${table}: ${count}`),
  ].join("\n");

const list = Effect.gen(function* () {
  const store = yield* Backups.BackupStore;
  const backups = yield* store.list;
  if (backups.length === 0) return yield* Console.log("There are no backups. Make one with: npm run backup");
  for (const { name, bytes } of backups) {
    const { at, reason } = readName(name);
    yield* Console.log(`${name}  ${new Date(at).toISOString()}  ${reason}  ${bytes} bytes`);
  }
});

const verify = (file: string) =>
  Effect.gen(function* () {
    const store = yield* Backups.BackupStore;
    const contents = yield* store.verify(store.locate(file));
    yield* Console.log(`${file} is sound. It holds:\n${held(contents)}`);
  });

const dryRun = (file: string) =>
  Effect.gen(function* () {
    const store = yield* Backups.BackupStore;
    const { contents, pending } = yield* store.rehearse(store.locate(file));
    yield* Console.log(`${file} is sound and can be restored. It holds:\n${held(contents)}`);
    yield* Console.log(
      pending.length === 0 ? "It is up to date." : `It would be migrated by ${pending.join(", ")}.`,
    );
    yield* Console.log("This was a dry run: nothing was changed.");
  });

const restore = (file: string) =>
  Effect.gen(function* () {
    const store = yield* Backups.BackupStore;
    // Whoever is told 'in use' should not have waited for a copy first.
    yield* store.finishRestore;
    const { kept } = yield* store.stage(store.locate(file), null);
    yield* store.finishRestore;
    yield* Console.log(`Restored ${file}. The database of before is kept as ${kept}.`);
    yield* Console.log("Start the bot: it records the restore in the log of every server.");
  });

const chosen = (args: ReadonlyArray<string>) =>
  Effect.try({
    try: () => {
      const { values } = parseArgs({
        args: [...args],
        options: {
          list: { type: "boolean" },
          verify: { type: "string" },
          "dry-run": { type: "string" },
          restore: { type: "string" },
        },
      });
      const [first, ...rest] = Object.entries(values);
      return first === undefined || rest.length > 0 ? undefined : first;
    },
    catch: () => new CliFailed({ message: USAGE }),
  });

/** The way back to a backup when the bot cannot start; with the bot running, `/database recover` does the same. */
export const program = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const [what, file] = (yield* chosen(args)) ?? [];
    if (what === "list") return yield* list;
    if (typeof file !== "string" || file === "") return yield* new CliFailed({ message: USAGE });
    if (what === "verify") return yield* verify(file);
    if (what === "dry-run") return yield* dryRun(file);
    return yield* restore(file);
  }).pipe(
    Effect.provide(Layer.provideMerge(Backups.layer, Config.layer)),
    Effect.tapError((error) => Console.error(error.message)),
  );
