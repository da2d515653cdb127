/** Backups that are only names: the real ones are made by processes, which no clock of a test drives. */
import { basename } from "node:path";
import { Effect, FastCheck as fc, Layer, Option } from "effect";
import { type Backup, BackupRefused, type Contents, nameAt } from "../../src/domain/Backup.js";
import { BackupStore } from "../../src/layers/Backups.js";
import { DAY, NOW } from "./fixtures.js";

const BACKUPS: ReadonlyArray<Backup> = [1, 2, 3].map((days) => {
  const name = nameAt(NOW - days * DAY, "nightly");
  return { name, path: `/backups/${name}`, bytes: 40_960 };
});
/** One that is there, one that is not, or no name of one. */
export const backupName = fc.constantFrom<string>(
  ...BACKUPS.map(({ name }) => name),
  nameAt(NOW - 9 * DAY, "manual"),
  "../data.db",
);

const CONTENTS: Contents = { bytes: 40_960, migration: null, rows: { application: 3 } };

/** A store in memory, and what was put back from it. */
export const backupsOf = (restored: Array<string>) => {
  const found = <A>(path: string, result: A) =>
    BACKUPS.some(({ name }) => name === basename(path))
      ? Effect.succeed(result)
      : Effect.fail(new BackupRefused({ file: basename(path), problem: "it is not there" }));
  return Layer.succeed(
    BackupStore,
    BackupStore.of({
      write: () => Effect.dieMessage("Nobody asks for a backup here"),
      list: Effect.succeed(BACKUPS),
      remove: () => Effect.void,
      locate: (name) => `/backups/${name}`,
      verify: (path) => found(path, CONTENTS),
      rehearse: (path) => found(path, { contents: CONTENTS, pending: [] }),
      stage: (path, by) =>
        Effect.tap(found(path, { id: "1", backup: basename(path), at: NOW, by, kept: "/kept.db" }), () =>
          Effect.sync(() => restored.push(`${by ?? "nobody"} ${basename(path)}`)),
        ),
      finishRestore: Effect.void,
      news: Effect.succeed(Option.none()),
      told: Effect.void,
      check: Effect.succeed([]),
    }),
  );
};
