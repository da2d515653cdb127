import { Schema } from "effect";

/** Why a backup was made; part of its name. */
export const BackupReason = Schema.Literal("nightly", "manual", "migration", "rescued");
export type BackupReason = typeof BackupReason.Type;

const PATTERN =
  /^pawtropolis-(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)Z-(nightly|manual|migration|rescued)(?:-\d+)?\.db$/;

/** The name of a backup's file. It says when and why, sorts by time, and is nothing but a name: never a path. */
export const BackupName = Schema.String.pipe(Schema.pattern(PATTERN), Schema.brand("BackupName"));
export type BackupName = typeof BackupName.Type;

const two = (value: number): string => `${value}`.padStart(2, "0");

/** `count` tells backups of one second apart. */
export const nameAt = (at: number, reason: BackupReason, count = 0): BackupName => {
  const time = new Date(at);
  const day = [time.getUTCFullYear(), two(time.getUTCMonth() + 1), two(time.getUTCDate())].join("-");
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join("-");
  return BackupName.make(`pawtropolis-${day}T${clock}Z-${reason}${count === 0 ? "" : `-${count}`}.db`);
};

const isReason = Schema.is(BackupReason);

/** What a name says. */
export const readName = (name: BackupName): { readonly at: number; readonly reason: BackupReason } => {
  const [, year, month, day, hour, minute, second, reason] = PATTERN.exec(name) ?? [];
  const [y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0] = [year, month, day, hour, minute, second].map(Number);
  return { at: Date.UTC(y, mo - 1, d, h, mi, s), reason: isReason(reason) ? reason : "manual" };
};

export const isBackupName = Schema.is(BackupName);

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Monday, 5 January 1970: weeks are counted from Mondays. */
const FIRST_MONDAY = 4 * DAY;

export const KEPT_DAYS = 7;
export const KEPT_WEEKS = 4;
export const KEPT_BEFORE_MIGRATIONS = 5;

/** The newest of each of the newest `count` periods that have one. */
const newestOfEach = (
  names: ReadonlyArray<BackupName>,
  count: number,
  periodOf: (at: number) => number,
): ReadonlyArray<BackupName> => {
  const kept = new Map<number, BackupName>();
  for (const name of [...names].sort().reverse()) {
    const period = periodOf(readName(name).at);
    if (!kept.has(period) && kept.size < count) kept.set(period, name);
  }
  return [...kept.values()];
};

/**
 * What rotation may remove: of the nightly ones all but the last of seven days and of four weeks; of those made before
 * migrations all but five. What somebody made by hand, or was rescued, is theirs to remove. Periods without a backup do not count, so
 * that a bot that was off for a month loses nothing.
 */
export const expired = (names: ReadonlyArray<BackupName>): ReadonlyArray<BackupName> => {
  const of = (reason: BackupReason) => names.filter((name) => readName(name).reason === reason);
  const nightly = of("nightly");
  const migration = [...of("migration")].sort().reverse();
  const kept = new Set([
    ...newestOfEach(nightly, KEPT_DAYS, (at) => Math.floor(at / DAY)),
    ...newestOfEach(nightly, KEPT_WEEKS, (at) => Math.floor((at - FIRST_MONDAY) / WEEK)),
    ...migration.slice(0, KEPT_BEFORE_MIGRATIONS),
  ]);
  return [...nightly, ...migration].filter((name) => !kept.has(name));
};

/** The newest nightly backup is older than this, or there is none: it is time. */
export const isDue = (names: ReadonlyArray<BackupName>, now: number): boolean => {
  const last = Math.max(
    Number.NEGATIVE_INFINITY,
    ...names.map(readName).flatMap(({ at, reason }) => (reason === "nightly" ? [at] : [])),
  );
  return Math.floor((now - NIGHT_HOUR) / DAY) > Math.floor((last - NIGHT_HOUR) / DAY);
};

/** Nightly backups are made at three in the morning UTC, or at the first chance after it. */
const NIGHT_HOUR = 3 * 3_600_000;

/** What a database file was found to hold. */
export const Contents = Schema.Struct({
  bytes: Schema.Number,
  /** `<id>_<name>` of the newest migration it has; null when it has none. */
  migration: Schema.NullOr(Schema.String),
  /** Rows of each table. */
  rows: Schema.Record({ key: Schema.String, value: Schema.Number }),
});
export type Contents = typeof Contents.Type;

/** A backup could not be made, read or put back; `problem` says why and what to do. What was there is still there. */
export class BackupFailed extends Schema.TaggedError<BackupFailed>()("BackupFailed", {
  problem: Schema.String,
}) {
  override get message() {
    return this.problem;
  }
}

/** A file that must not be taken for a backup; `problem` says what it is instead. */
export class BackupRefused extends Schema.TaggedError<BackupRefused>()("BackupRefused", {
  file: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `${this.file} cannot be used: ${this.problem}.`;
  }
}

export interface Backup {
  readonly name: BackupName;
  readonly path: string;
  readonly bytes: number;
}

/** What a backup would bring: what it holds, and the migrations it still needs. */
export interface Rehearsal {
  readonly contents: Contents;
  readonly pending: ReadonlyArray<string>;
}

/** A backup that was, or is about to be, put in the place of the database. */
export const Restored = Schema.Struct({
  /** Tells one restoring from another. */
  id: Schema.String,
  backup: Schema.String,
  at: Schema.Number,
  /** A user's id, or null for somebody at the server. */
  by: Schema.NullOr(Schema.String),
  /** Where the database of before is. */
  kept: Schema.String,
});
export type Restored = typeof Restored.Type;
