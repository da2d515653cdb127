import { dirname, resolve } from "node:path";
import * as Reactivity from "@effect/experimental/Reactivity";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, String } from "effect";
import { readName } from "../domain/Backup.js";
import { AppConfig } from "./Config.js";
import * as BackupFile from "./database/BackupFile.js";
import * as DatabaseFile from "./database/DatabaseFile.js";
import { DatabaseUnavailable, unavailable } from "./database/DatabaseUnavailable.js";
import * as Folder from "./database/Folder.js";
import * as History from "./database/History.js";
import * as InstanceLock from "./database/InstanceLock.js";
import * as Migrate from "./database/Migrate.js";
import * as Restore from "./database/Restore.js";

export { cannotBeWritten, DatabaseUnavailable } from "./database/DatabaseUnavailable.js";

/** There are some dozens of column names, and each is asked for with every row. */
const onceEach = (rename: (name: string) => string) => {
  const known = new Map<string, string>();
  return (name: string): string => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const renamed = rename(name);
    known.set(name, renamed);
    return renamed;
  };
};

const pragma = (sql: SqlClient.SqlClient, name: string) =>
  Effect.map(sql.unsafe<Record<string, number | string>>(`PRAGMA ${name}`).withoutTransform, (rows) =>
    rows[0] === undefined ? undefined : Object.values(rows[0])[0],
  );

/** What people were told is done survives a power cut: FULL, read back because the client opens with NORMAL. */
const harden = (sql: SqlClient.SqlClient, path: string) =>
  Effect.gen(function* () {
    yield* sql.unsafe("PRAGMA busy_timeout = 5000");
    yield* sql.unsafe("PRAGMA foreign_keys = ON");
    yield* sql.unsafe("PRAGMA journal_mode = WAL");
    yield* sql.unsafe("PRAGMA synchronous = FULL");
    const synchronous = yield* pragma(sql, "synchronous");
    if (synchronous !== 2) {
      return yield* new DatabaseUnavailable({ path, problem: "SQLite refused synchronous=FULL." });
    }
  });

/** SQLite opens a file that may only be read without a word, and would first complain to somebody who presses a button. */
const ensureWritable = (sql: SqlClient.SqlClient) =>
  sql.unsafe(`PRAGMA application_id = ${DatabaseFile.APPLICATION_ID}`);

/** Whose the file is and how far it is migrated; fails when it is not for this version of this program. */
const inspect = (path: string): Effect.Effect<DatabaseFile.Look, DatabaseUnavailable> =>
  Effect.gen(function* () {
    const found = yield* Effect.try({
      try: () => DatabaseFile.look(path),
      catch: (cause) => unavailable(path, cause),
    });
    const problem =
      found.owner === "another"
        ? "it belongs to another program. Point DB_PATH at a new file."
        : History.problemOf(found.applied);
    if (problem !== null) return yield* new DatabaseUnavailable({ path, problem });
    return found;
  });

/** What opening did to the database. */
export interface Migrated {
  /** Names of the migrations that were applied. */
  readonly applied: ReadonlyArray<string>;
  /** The newest migration it has now. */
  readonly level: string;
  /** Where it was copied to before; none where there was nothing to lose. */
  readonly backup: Option.Option<string>;
}

const LEVEL = History.known.map(History.title).at(-1) ?? "none";

const backUpBefore = (path: string, backupsDir: string) =>
  Effect.mapError(
    BackupFile.write(path, backupsDir, "migration"),
    ({ problem }) =>
      new DatabaseUnavailable({
        path,
        problem: `it was not migrated, because it could not be backed up. ${problem}`,
      }),
  );

const connect = (path: string, readonly: boolean) =>
  SqliteClient.make({
    filename: path,
    readonly,
    disableWAL: true,
    prepareCacheSize: 500,
    transformQueryNames: onceEach(String.camelToSnake),
    transformResultNames: onceEach(String.snakeToCamel),
  });

/** An empty database in the place of one that vanished would look to everybody as if nothing had ever been. */
const refuseAfterRescue = (path: string, backupsDir: string) =>
  Effect.gen(function* () {
    const copies = yield* Effect.forEach([backupsDir, dirname(resolve(path))], (folder) =>
      Effect.orElseSucceed(BackupFile.list(folder), () => []),
    );
    const rescued = copies.flat().find(({ name }) => readName(name).reason === "rescued");
    if (rescued === undefined) return;
    return yield* new DatabaseUnavailable({
      path,
      problem:
        `its file is gone; what it held is in ${rescued.path}. Put it back with npm run recover -- --restore ${rescued.path}, ` +
        "or move that file elsewhere to begin with an empty database.",
    });
  });

/** Opens a database that nobody else may be opening for the first time: looked at, backed up, migrated, in WAL. */
const openAt = (path: string, backupsDir: string | null) =>
  Effect.gen(function* () {
    const inMemory = path === ":memory:";
    const before = inMemory ? undefined : yield* inspect(path);
    if (before?.owner === "nobody" && backupsDir !== null) yield* refuseAfterRescue(path, backupsDir);
    const pending = before === undefined || History.pendingOf(before.applied).length > 0;
    const backup =
      before !== undefined && pending && !before.empty && backupsDir !== null
        ? Option.some((yield* backUpBefore(path, backupsDir)).path)
        : Option.none<string>();
    // Opened as it is: a file is switched to WAL only after it has been looked at.
    const client = yield* connect(path, false);
    yield* harden(client, path);
    const applied = pending ? yield* Migrate.run(client, path) : [];
    const migrated: Migrated = { applied: applied.map(History.title), level: LEVEL, backup };
    return { client, migrated };
  }).pipe(
    Effect.catchAllDefect((cause) => Effect.fail(cause)),
    Effect.mapError((cause) => unavailable(path, cause)),
  );

const inUse = (path: string) => (holder: InstanceLock.InUse) =>
  new DatabaseUnavailable({
    path,
    problem: `${InstanceLock.holderOf(holder)} uses it already. Stop that one first, or give this one a DB_PATH of its own.`,
  });

const takeFor = (path: string) => Effect.catchTag(InstanceLock.take(path), "InUse", inUse(path));

const opened = (path: string, backupsDir: string) =>
  Effect.gen(function* () {
    if (path !== ":memory:") {
      yield* Folder.prepare(path);
      yield* takeFor(path);
      yield* Restore.finish(path);
    }
    const { client, migrated } = yield* openAt(path, backupsDir);
    yield* Effect.mapError(ensureWritable(client), (cause) => unavailable(path, cause));
    if (migrated.applied.length > 0) {
      yield* Effect.logInfo("The database was migrated", {
        applied: migrated.applied,
        backup: Option.getOrNull(migrated.backup),
      });
    }
    return Context.make(SqlClient.SqlClient, client as SqlClient.SqlClient).pipe(
      Context.add(SqliteClient.SqliteClient, client),
    );
  });

const open = (path: string, backupsDir: string) =>
  Layer.scopedContext(opened(path, backupsDir)).pipe(Layer.provide(Reactivity.layer));

/**
 * The database of `DB_PATH`, for this process alone: folder made, looked at, backed up before it is changed, migrated, in
 * WAL; closed with the scope.
 */
export const layer = Layer.unwrapEffect(
  Effect.map(AppConfig, ({ databasePath, backupsDir }) => open(databasePath, backupsDir)),
);

/** Opens a database of this version that is there already. */
const openExisting = (path: string, readonly: boolean) =>
  Effect.gen(function* () {
    const { owner, applied } = yield* inspect(path);
    if (owner === "nobody")
      return yield* new DatabaseUnavailable({ path, problem: "it is not there. Check DB_PATH." });
    if (History.pendingOf(applied).length > 0) {
      return yield* new DatabaseUnavailable({
        path,
        problem: "it is of an older version. Run npm run migrate first.",
      });
    }
    return yield* connect(path, readonly);
  }).pipe(
    Effect.catchAllDefect((cause) => Effect.fail(cause)),
    Effect.mapError((cause) => unavailable(path, cause)),
  );

/** The database of `DB_PATH` as it is: nothing is made, migrated or written, and a running bot is not disturbed. */
export const layerReadOnly = Layer.scoped(
  SqlClient.SqlClient,
  Effect.flatMap(AppConfig, ({ databasePath }) => openExisting(databasePath, true)),
).pipe(Layer.provide(Reactivity.layer));

/**
 * The database of `DB_PATH` beside a bot that may be using it: for programs that write a few rows in small steps. Nothing is
 * made or migrated.
 */
export const layerBeside = Layer.scoped(
  SqlClient.SqlClient,
  Effect.flatMap(AppConfig, ({ databasePath }) =>
    Effect.flatMap(openExisting(databasePath, false), (client) =>
      Effect.as(
        Effect.mapError(Effect.zipRight(harden(client, databasePath), ensureWritable(client)), (cause) =>
          unavailable(databasePath, cause),
        ),
        client,
      ),
    ),
  ),
).pipe(Layer.provide(Reactivity.layer));

/** A real database in a file of its own, its backups beside it, or by default in memory. */
export const layerTest = (path = ":memory:") => open(path, `${path}-backups`);

/** What a migration of a database did, and who is using it meanwhile. */
export interface MigrationReport extends Migrated {
  readonly usedBy: Option.Option<string>;
}

/**
 * Brings a database up to date without keeping it open. It may be in use: migrations are one transaction, and each of
 * them leaves what the version before it needs (CONTRIBUTING.md), so a running bot goes on until it is restarted.
 */
export const migrate = (
  path: string,
  backupsDir: string,
): Effect.Effect<MigrationReport, DatabaseUnavailable> =>
  Effect.gen(function* () {
    yield* Folder.prepare(path);
    const usedBy = yield* InstanceLock.take(path).pipe(
      Effect.zipRight(Restore.finish(path)),
      Effect.as(Option.none<string>()),
      Effect.catchTag("InUse", (holder) => Effect.succeed(Option.some(InstanceLock.holderOf(holder)))),
    );
    const { migrated } = yield* openAt(path, backupsDir);
    return { ...migrated, usedBy };
  }).pipe(Effect.scoped, Effect.provide(Reactivity.layer));

/** Brings a copy up to date that nobody uses and nobody would miss. @returns the migrations it took. */
export const migrateCopy = (path: string): Effect.Effect<ReadonlyArray<string>, DatabaseUnavailable> =>
  openAt(path, null).pipe(
    Effect.map(({ migrated }) => migrated.applied),
    Effect.scoped,
    Effect.provide(Reactivity.layer),
  );

/** Swaps in a backup that was staged, now; fails while the bot runs. */
export const finishRestore = (path: string): Effect.Effect<void, DatabaseUnavailable> =>
  Effect.scoped(Effect.zipRight(Folder.prepare(path), Effect.zipRight(takeFor(path), Restore.finish(path))));

/** What `migrate` would do, without doing any of it: not even an empty file is made. */
export const plan = (path: string) =>
  Effect.map(inspect(path), ({ owner, applied }) => ({
    fresh: owner === "nobody",
    level: LEVEL,
    pending: History.pendingOf(applied).map(History.title),
  }));
