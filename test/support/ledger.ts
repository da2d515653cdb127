/** What must be true of the tables at every moment: nothing is written without its row in the log. */
import { Effect } from "effect";
import { rowsOf } from "./layers.js";

type Row = Readonly<Record<string, string | number | null>>;

export interface Snapshot {
  readonly applications: ReadonlyArray<Row>;
  readonly settings: ReadonlyArray<Row>;
  readonly blocks: ReadonlyArray<Row>;
  readonly panics: ReadonlyArray<Row>;
  readonly log: ReadonlyArray<Row>;
}

export const snapshot = Effect.all({
  applications: rowsOf(
    "SELECT id, guild_id, user_id, status, claimed_by, decided_by FROM application ORDER BY id",
  ),
  settings: rowsOf("SELECT * FROM guild_settings ORDER BY guild_id"),
  blocks: rowsOf("SELECT guild_id, user_id FROM block ORDER BY guild_id, user_id"),
  panics: rowsOf("SELECT guild_id, is_on FROM panic ORDER BY guild_id"),
  log: rowsOf(
    "SELECT guild_id, seq, name, actor, target, application_id FROM action_log ORDER BY guild_id, seq",
  ),
});

/** What each row of the log makes of an application, and what it must have been before. */
const STEPS: Readonly<Record<string, { readonly from: ReadonlyArray<string>; readonly to: string }>> = {
  app_submitted: { from: ["draft"], to: "pending" },
  claim: { from: ["pending"], to: "claimed" },
  unclaim: { from: ["claimed"], to: "pending" },
  stale_release: { from: ["claimed"], to: "pending" },
  approve: { from: ["claimed"], to: "approved" },
  reject: { from: ["claimed"], to: "rejected" },
  perm_reject: { from: ["claimed"], to: "perm_rejected" },
  kick: { from: ["claimed"], to: "kicked" },
  withdraw: { from: ["draft", "pending", "claimed"], to: "withdrawn" },
};
/** Rows of the log that each stand for one new version of a guild's settings. */
const SETS = ["config_change", "gate_reset"];
const BLOCKS = ["perm_reject", "kick"];

const same = (left: Row | undefined, right: Row | undefined) =>
  JSON.stringify(left) === JSON.stringify(right);
const text = (row: Row) => JSON.stringify(row);

/** Rows of one guild or person: by the columns that name it. */
const by = (rows: ReadonlyArray<Row>, ...columns: ReadonlyArray<string>) =>
  new Map(rows.map((row) => [columns.map((column) => row[column]).join(":"), row]));

/** Changes of a state that the log does not tell of, or tells otherwise. */
export const unlogged = (before: Snapshot, after: Snapshot): ReadonlyArray<string> => {
  const known = new Map(before.log.map((row) => [row["guildId"], Number(row["seq"])]));
  const added = after.log.filter((row) => Number(row["seq"]) > (known.get(row["guildId"]) ?? 0));
  const earlier = by(before.applications, "id");
  const problems: Array<string> = [];

  for (const application of after.applications) {
    let status = String(earlier.get(String(application["id"]))?.["status"] ?? "draft");
    for (const row of added.filter(({ applicationId }) => applicationId === application["id"])) {
      const step = STEPS[String(row["name"])];
      if (step === undefined) continue;
      if (!step.from.includes(status)) problems.push(`${text(row)} when it was ${status}`);
      status = step.to;
    }
    if (status !== application["status"])
      problems.push(`${text(application)}, and by the log it is ${status}`);
  }
  for (const [id] of earlier) {
    if (!by(after.applications, "id").has(id)) problems.push(`application ${id} is gone`);
  }

  const settingsBefore = by(before.settings, "guildId");
  for (const [guild, row] of by(after.settings, "guildId")) {
    const was = settingsBefore.get(guild);
    const changes = Number(row["version"]) - Number(was?.["version"] ?? 0);
    const rows = added.filter(({ guildId, name }) => guildId === guild && SETS.includes(String(name))).length;
    if (changes !== rows) problems.push(`${changes} new versions of settings, and ${rows} rows of the log`);
    if (changes === 0 && was !== undefined) {
      const { gateMessageId: _, ...now } = row;
      const { gateMessageId: __, ...then } = was;
      if (!same(now, then)) problems.push(`settings changed without a version: ${text(now)}`);
    }
  }

  const blocked = new Set(by(before.blocks, "guildId", "userId").keys());
  for (const row of added) {
    const person = `${String(row["guildId"])}:${String(row["target"])}`;
    if (BLOCKS.includes(String(row["name"]))) blocked.add(person);
    if (row["name"] === "unblock" && !blocked.delete(person)) problems.push(`${text(row)} of nobody`);
  }
  const now = [...by(after.blocks, "guildId", "userId").keys()].sort();
  if (JSON.stringify([...blocked].sort()) !== JSON.stringify(now)) problems.push("blocks and the log differ");

  const panicsBefore = by(before.panics, "guildId");
  for (const [guild, row] of by(after.panics, "guildId")) {
    const switches = added.filter(
      ({ guildId, name }) => guildId === guild && (name === "panic_on" || name === "panic_off"),
    );
    const last = switches.at(-1)?.["name"];
    const on = last === undefined ? (panicsBefore.get(guild)?.["isOn"] ?? 0) : last === "panic_on" ? 1 : 0;
    if (on !== row["isOn"]) problems.push(`${text(row)}, and by the log it is ${on}`);
  }
  return problems;
};
