import { Clock, Context, Effect, Layer, Option, Schema } from "effect";
import {
  type Backup,
  type BackupFailed,
  type BackupName,
  type BackupRefused,
  expired,
  isDue,
  type Rehearsal,
  type Restored,
} from "../domain/Backup.js";
import { SYSTEM_ACTOR, type Details } from "../domain/Action.js";
import { UserId } from "../domain/Ids.js";
import { type Via, viaDetails } from "../domain/Moderator.js";
import type { PasswordProof } from "../domain/Password.js";
import { BackupStore } from "../layers/Backups.js";
import { Lifecycle } from "../layers/Lifecycle.js";
import { Machine, type Storage } from "../layers/Machine.js";
import { AuditChain, type ChainLook } from "./AuditChain.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

export interface DatabaseReport {
  /** Empty when the database is sound; `null` where it could not be read to its end in time. */
  readonly problems: ReadonlyArray<string> | null;
  readonly logs: ReadonlyArray<ChainLook>;
  readonly size: Pick<Storage, "databaseBytes" | "walBytes">;
  readonly backups: ReadonlyArray<Backup>;
}

/** Copies of the database, and the way back to one (features.md F14). */
export class Backups extends Context.Tag("app/Backups")<
  Backups,
  {
    /**
     * Makes the backup of the night if it is time, records it in the log of every guild, and removes what rotation no
     * longer keeps. None when it was not time.
     */
    readonly nightly: Effect.Effect<Option.Option<Backup>, BackupFailed>;
    /** Makes a backup that rotation never removes, and records who asked for it in the log of every guild. */
    readonly byHand: (by: UserId, via: Via) => Effect.Effect<Backup, BackupFailed>;
    /** Newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Backup>, BackupFailed>;
    /**
     * Reads the database from end to end and proves the log of every guild, beside its use; says how big it is and what
     * copies there are. Takes 45 seconds at most: of a database that needs more, it says what it did not look at.
     */
    readonly check: Effect.Effect<DatabaseReport, BackupFailed>;
    /** Verifies a backup and tries its migrations on a copy. */
    readonly rehearse: (name: BackupName) => Effect.Effect<Rehearsal, BackupFailed | BackupRefused>;
    /**
     * Prepares everything and then ends the process: the next start swaps the backup in, keeps the database of now
     * beside it, and records the restore in the log of every guild. For an owner with the password.
     */
    readonly restore: (
      name: BackupName,
      by: UserId,
      proof: PasswordProof,
    ) => Effect.Effect<Restored, BackupFailed | BackupRefused>;
    /** Records a restore that has taken place, once. To be called at start. */
    readonly recordRestore: Effect.Effect<void>;
  }
>() {}

const isUserId = Schema.is(UserId);
/** A check answers somebody in Discord, who waits a minute at most. */
const CHECK_MILLIS = 45_000;
/** Of it, what reading every page may take. */
const READING_MILLIS = 25_000;
/** Enough for the answer to reach Discord before the process ends. */
const GOODBYE = "1 second";

const make = Effect.gen(function* () {
  const store = yield* BackupStore;
  const lifecycle = yield* Lifecycle;
  const machine = yield* Machine;
  const audit = yield* AuditLog;
  const chain = yield* AuditChain;
  const outbox = yield* Outbox;
  const actions = yield* ActionRepo;
  const settings = yield* SettingsRepo;

  const recordBackup = (backup: Backup, actor: UserId | typeof SYSTEM_ACTOR, via: Via) =>
    outbox.commit(
      Effect.flatMap(settings.all, (guilds) =>
        Effect.forEach(
          guilds,
          ({ guildId }) =>
            audit.record({
              guildId,
              name: "backup",
              actor,
              details: { file: backup.name, bytes: backup.bytes, ...viaDetails(via) },
            }),
          { discard: true },
        ),
      ),
    );

  const rotate = Effect.gen(function* () {
    const all = yield* store.list;
    const gone = new Set<string>(expired(all.map(({ name }) => name)));
    yield* Effect.forEach(
      all.filter(({ name }) => gone.has(name)),
      store.remove,
      { discard: true },
    );
  });

  return Backups.of({
    nightly: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      const names = (yield* store.list).map(({ name }) => name);
      if (!isDue(names, now)) return Option.none();
      const backup = yield* store.write("nightly");
      yield* recordBackup(backup, SYSTEM_ACTOR, "command");
      yield* rotate;
      return Option.some(backup);
    }),
    byHand: (by, via) => Effect.tap(store.write("manual"), (backup) => recordBackup(backup, by, via)),
    list: store.list,
    check: Effect.gen(function* () {
      const begun = yield* Clock.currentTimeMillis;
      const problems = Option.getOrNull(yield* Effect.timeoutOption(store.check, READING_MILLIS));
      const left = begun + CHECK_MILLIS - (yield* Clock.currentTimeMillis);
      const logs = yield* chain.look(left);
      return { problems, logs, size: yield* machine.storage, backups: yield* store.list };
    }),
    rehearse: (name) => store.rehearse(store.locate(name)),
    restore: (name, by) =>
      Effect.gen(function* () {
        const restored = yield* store.stage(store.locate(name), by);
        yield* Effect.forkDaemon(
          Effect.zipRight(
            Effect.sleep(GOODBYE),
            lifecycle.stop(`The backup ${name} is to be restored; the next start does it`),
          ),
        );
        return restored;
      }),
    recordRestore: Effect.gen(function* () {
      const news = yield* store.news;
      if (Option.isNone(news)) return;
      const { id, backup, at, by, kept } = news.value;
      const details: Details = { restore: id, backup, kept };
      yield* Effect.logWarning("A backup was restored", { backup, kept });
      yield* outbox.commit(
        Effect.flatMap(settings.all, (guilds) =>
          Effect.forEach(
            guilds,
            ({ guildId }) =>
              Effect.gen(function* () {
                // A crash right after this has it tried again.
                if (yield* actions.hasDetails(guildId, "restore", JSON.stringify(details), at)) return;
                const actor = by !== null && isUserId(by) ? by : SYSTEM_ACTOR;
                yield* audit.record({ guildId, name: "restore", actor, details });
              }),
            { discard: true },
          ),
        ),
      );
      yield* store.told;
    }),
  });
});

export const layer = Layer.effect(Backups, make);
