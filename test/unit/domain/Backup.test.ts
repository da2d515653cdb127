import { assert, describe, it } from "@effect/vitest";
import {
  type BackupName,
  type BackupReason,
  expired,
  isBackupName,
  isDue,
  KEPT_BEFORE_MIGRATIONS,
  nameAt,
  readName,
} from "../../../src/domain/Backup.js";

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A Sunday, three in the morning. */
const NIGHT = Date.UTC(2026, 0, 18, 3);

const daily = (days: number, reason: BackupReason = "nightly"): ReadonlyArray<BackupName> =>
  Array.from({ length: days }, (_, index) => nameAt(NIGHT - index * DAY, reason));
const daysOf = (names: ReadonlyArray<BackupName>) =>
  names.map((name) => (NIGHT - readName(name).at) / DAY).sort((left, right) => left - right);
const keptOf = (names: ReadonlyArray<BackupName>) => {
  const gone = new Set(expired(names));
  return names.filter((name) => !gone.has(name));
};

describe("the name of a backup", () => {
  it("says when and why, and is read back", () => {
    const name = nameAt(NIGHT + 61_000, "nightly");
    assert.strictEqual(name, "pawtropolis-2026-01-18T03-01-01Z-nightly.db");
    assert.deepStrictEqual(readName(name), { at: NIGHT + 61_000, reason: "nightly" });
    assert.strictEqual(nameAt(NIGHT, "manual", 2), "pawtropolis-2026-01-18T03-00-00Z-manual-2.db");
  });

  it("is nothing else: no path, no partial file, no other database", () => {
    for (const other of [
      "../data.db",
      "data.db",
      `.${nameAt(NIGHT, "nightly")}.1.partial`,
      `a/${nameAt(NIGHT, "manual")}`,
    ]) {
      assert.isFalse(isBackupName(other));
    }
  });
});

describe("rotation", () => {
  it("keeps seven days and the newest of four weeks", () => {
    assert.deepStrictEqual(daysOf(keptOf(daily(60))), [0, 1, 2, 3, 4, 5, 6, 7, 14, 21]);
  });

  it("does not count days on which there was none", () => {
    const rare = [0, 30, 60, 90, 120].map((days) => nameAt(NIGHT - days * DAY, "nightly"));
    assert.deepStrictEqual(expired(rare), []);
  });

  it("keeps the newest of a day", () => {
    const [early, late] = [nameAt(NIGHT, "nightly"), nameAt(NIGHT + HOUR, "nightly")];
    assert.deepStrictEqual(expired([early, late]), [early]);
  });

  it("never takes what somebody made by hand, and keeps the last ones before migrations", () => {
    assert.deepStrictEqual(expired(daily(60, "manual")), []);
    assert.deepStrictEqual(
      daysOf(keptOf(daily(9, "migration"))),
      [0, 1, 2, 3, 4].slice(0, KEPT_BEFORE_MIGRATIONS),
    );
  });
});

describe("the backup of the night", () => {
  it("is due when there is none", () => {
    assert.isTrue(isDue([], NIGHT));
    assert.isTrue(isDue(daily(3, "manual"), NIGHT));
  });

  it("is due once a night, from three o'clock, however late the bot comes to it", () => {
    const last = [nameAt(NIGHT, "nightly")];
    assert.isFalse(isDue(last, NIGHT + DAY - 1));
    assert.isTrue(isDue(last, NIGHT + DAY));
    assert.isTrue(isDue(last, NIGHT + 5 * DAY + HOUR));
    assert.isFalse(isDue([nameAt(NIGHT + 20 * HOUR, "nightly")], NIGHT + 20 * HOUR + 1));
  });
});
