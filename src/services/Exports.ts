import { Clock, Context, Effect, Layer, Option, Schema, Stream } from "effect";
import { Action, Details, type LogFilter, type LogKey } from "../domain/Action.js";
import { type ApplicationFilter, type ApplicationKey, ApplicationRow } from "../domain/Application.js";
import { BYTE_ORDER_MARK, csvRow } from "../domain/Csv.js";
import type { GuildId, Millis } from "../domain/Ids.js";
import { type Moderator, viaDetails } from "../domain/Moderator.js";
import { cut } from "../domain/Text.js";
import { Applications } from "./Applications.js";
import { AuditLog } from "./AuditLog.js";
import { breathe } from "./Breathe.js";
import { Outbox } from "./Outbox.js";
import type { EncodedPage } from "./repos/EncodedPage.js";

/** A file that is read as it is taken: nothing of it waits in memory but the page that is on its way. */
export interface CsvFile {
  /** Letters, digits, hyphens and one dot. */
  readonly name: string;
  /** CSV with a byte order mark and a header, newest rows first. */
  readonly text: Stream.Stream<string>;
}

type Exporter = Pick<Moderator, "id" | "via">;

/** Tables to take away (features.md F10, F15). Each is in the log, as `export`, before anything of it can be read. */
export class Exports extends Context.Tag("app/Exports")<
  Exports,
  {
    /** The action log: `timestamp,action,moderator,applicant,reason,response_time_ms`. */
    readonly log: (guildId: GuildId, filter: LogFilter, by: Exporter) => Effect.Effect<CsvFile>;
    /** The applications that were sent, without their answers. */
    readonly applications: (
      guildId: GuildId,
      filter: ApplicationFilter,
      by: Exporter,
    ) => Effect.Effect<CsvFile>;
  }
>() {}

/** Reading and writing so many takes three or four milliseconds; then it is the turn of whatever else waits. */
const PAGE = 200;
const SEARCH_LOGGED = 100;

const time = (at: Millis | null) => (at === null ? null : new Date(at).toISOString());

/** What the file needs of a row. */
const LogRow = Schema.Struct({
  ...Schema.Struct(Action.fields).pick("at", "name", "actor", "target", "reason").fields,
  details: Schema.NullOr(Details),
});

const LOG_HEADER = ["timestamp", "action", "moderator", "applicant", "reason", "response_time_ms"];
const logCells = ({ at, name, actor, target, reason, details }: typeof LogRow.Type) => {
  const response = details?.["response_ms"];
  return [time(at), name, actor, target, reason, typeof response === "number" ? response : null];
};

const APPLICATION_HEADER = [
  "code",
  "status",
  "applicant",
  "username",
  "display_name",
  "joined",
  "submitted",
  "claimed_by",
  "claimed",
  "decided_by",
  "decided",
  "reason",
  "response_time_ms",
  "left",
];
const applicationCells = (row: ApplicationRow) => [
  row.code,
  row.status,
  row.userId,
  row.username,
  row.displayName,
  time(row.joinedAt),
  time(row.submittedAt),
  row.claimedBy,
  time(row.claimedAt),
  row.decidedBy,
  time(row.decidedAt),
  row.reason,
  row.decidedAt === null || row.submittedAt === null ? null : row.decidedAt - row.submittedAt,
  time(row.leftAt),
];

/** Pages as CSV; the next one is read when the one before has been taken, and never without a turn for others. */
const written = <Row, I, Key>(
  header: ReadonlyArray<string>,
  row: Schema.Schema<Row, I>,
  cells: (row: Row) => ReadonlyArray<string | number | null>,
  page: (after: Key | null) => Effect.Effect<EncodedPage<Key>>,
): Stream.Stream<string> => {
  const decode = Schema.decode(Schema.parseJson(Schema.Array(row)));
  const next = (after: Key | null) =>
    Effect.gen(function* () {
      const { rows, next } = yield* page(after);
      const text = (yield* Effect.orDie(decode(rows))).map((one) => csvRow(cells(one))).join("");
      yield* breathe;
      return [text, Option.fromNullable(next)] as const;
    });
  return Stream.concat(
    Stream.make(BYTE_ORDER_MARK + csvRow(header)),
    Stream.paginateEffect<Key | null, string, never, never>(null, next),
  );
};

const make = Effect.gen(function* () {
  const applications = yield* Applications;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;

  /** Writes down who takes what away, and names the file. */
  const begin = (guildId: GuildId, what: string, { id, via }: Exporter, filter: Details) =>
    Effect.gen(function* () {
      const details = { what, ...filter, ...viaDetails(via) };
      yield* outbox.commit(audit.record({ guildId, name: "export", actor: id, details }));
      const now = yield* Clock.currentTimeMillis;
      return `${what}-${guildId}-${new Date(now).toISOString().slice(0, 10)}.csv`;
    });

  return Exports.of({
    log: (guildId, filter, by) =>
      Effect.map(
        begin(guildId, "log", by, {
          ...(filter.names !== undefined && filter.names.length > 0 && { actions: filter.names.join(", ") }),
          ...(filter.actor !== undefined && { actor: filter.actor }),
          ...(filter.target !== undefined && { target: filter.target }),
          ...(filter.applicationId !== undefined && { application: filter.applicationId }),
          ...(filter.from !== undefined && { from_at: filter.from }),
          ...(filter.to !== undefined && { to_at: filter.to }),
        }),
        (name) => ({
          name,
          text: written(LOG_HEADER, LogRow, logCells, (after: LogKey | null) =>
            audit.page(guildId, filter, after, PAGE),
          ),
        }),
      ),
    applications: (guildId, filter, by) =>
      Effect.map(
        begin(guildId, "applications", by, {
          ...(filter.statuses !== undefined &&
            filter.statuses.length > 0 && { statuses: filter.statuses.join(", ") }),
          ...(filter.claimedBy !== undefined && { claimed_by: filter.claimedBy }),
          ...(filter.search !== undefined && { search: cut(filter.search, SEARCH_LOGGED) }),
        }),
        (name) => ({
          name,
          text: written(
            APPLICATION_HEADER,
            ApplicationRow,
            applicationCells,
            (after: ApplicationKey | null) => applications.search(guildId, filter, after, PAGE),
          ),
        }),
      ),
  });
});

export const layer = Layer.effect(Exports, make);
