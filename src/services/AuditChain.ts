import { hash as sha } from "node:crypto";
import { Clock, Context, Duration, Effect, Layer, Option } from "effect";
import { hashInput } from "../domain/Action.js";
import { ChainProblem, type ChainRow, checker, type Link } from "../domain/Chain.js";
import { breathe } from "./Breathe.js";
import * as Actions from "./repos/ActionRepo.js";
import { ActionRepo, type StoredRow } from "./repos/ActionRepo.js";

/** What came of reading one guild's log from its first row to its last. */
export interface ChainReport {
  readonly guildId: string;
  readonly rows: number;
  /** Where the log ends: worth writing down elsewhere, since a log that is cut off together with it looks whole. */
  readonly end: Link | null;
  readonly problems: ReadonlyArray<ChainProblem>;
  /** How many there are in all; `problems` holds the first hundred. */
  readonly problemCount: number;
}

/** What came of a look at the newest rows of one guild's log. */
export interface ChainLook {
  readonly guildId: string;
  /** How many rows were looked at. */
  readonly rows: number;
  /** Whether these are all there are. */
  readonly all: boolean;
  /** The oldest thing that is wrong with them. */
  readonly first: ChainProblem | null;
}

const PAGE = 500;
const SHOWN = 100;
/** Beside people who wait for an answer: reading and proving so many rows takes a millisecond or two. */
const SMALL_PAGE = 100;
/** Places that are looked at in one guild before it is another's turn. */
const PART = 2_000;

/** Proves the log (features.md F9): that no row was changed, removed, added or moved since it was written. */
export class AuditChain extends Context.Tag("app/AuditChain")<
  AuditChain,
  {
    /** The guilds that have a log. */
    readonly guilds: Effect.Effect<ReadonlyArray<string>>;
    /**
     * Reads a guild's log as it stands now, in pages that leave room for other work. Holds a page at a time, and takes
     * about eight seconds of processor time for a million rows. Rows that are written meanwhile are not looked at.
     */
    readonly verify: (guildId: string) => Effect.Effect<ChainReport>;
    /**
     * Looks at the logs of all guilds in turn, at the newest rows first, until all are looked at or the time is up. For a
     * bot at work: whoever waits for an answer meanwhile waits for a small page at most.
     */
    readonly look: (limit: Duration.DurationInput) => Effect.Effect<ReadonlyArray<ChainLook>>;
  }
>() {}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const computedHash = (row: StoredRow): string => sha("sha256", hashInput(row));

const rowOf = (row: StoredRow): ChainRow => ({
  seq: Number(row.seq),
  id: text(row.id),
  hash: text(row.hash),
  prevHash: text(row.prevHash),
  computed: computedHash(row),
});

/** Of rows that do not match their hash, those that would match it in each other's places. */
const withMoves = (problems: ReadonlyArray<ChainProblem>, changed: ReadonlyArray<StoredRow>) => {
  const places = changed.map(({ seq }) => seq);
  return problems.map((problem) => {
    const row = problem._tag === "Changed" ? changed.find(({ id }) => id === problem.id) : undefined;
    if (row === undefined) return problem;
    const from = places.find((seq) => seq !== row.seq && computedHash({ ...row, seq }) === row.hash);
    return typeof from === "number"
      ? ChainProblem.Moved({ seq: problem.seq, id: text(row.id), from })
      : problem;
  });
};

/** Whether a row holds what it was written with. */
const holds = (row: ChainRow): boolean => row.computed === row.hash;

/** How far a look at one guild's log has come. */
interface Look {
  readonly guildId: string;
  readonly end: Link | null;
  readonly changed: Array<StoredRow>;
  first: ChainProblem | null;
  rows: number;
  /** The place that the next part ends with; 0 when all was looked at. */
  upTo: number;
  /** What the row after that place says of it; `undefined` where there is none, at the end of the log. */
  attested: string | null | undefined;
}

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;

  /** Reads rows in order, after a row, up to and with `upTo`; leaves room for other work after each page. */
  const read = (
    guildId: string,
    after: { readonly seq: number; readonly id: string } | null,
    upTo: number,
    pageSize: number,
    take: (row: ChainRow, stored: StoredRow) => void,
  ) =>
    Effect.gen(function* () {
      let last = after;
      for (;;) {
        const page: ReadonlyArray<StoredRow> = yield* actions.page(guildId, last, upTo, pageSize);
        for (const stored of page) {
          const row = rowOf(stored);
          take(row, stored);
          last = row;
        }
        if (page.length < pageSize) return;
        yield* breathe;
      }
    });

  const verify = (guildId: string): Effect.Effect<ChainReport> =>
    Effect.gen(function* () {
      const problems: Array<ChainProblem> = [];
      const changed: Array<StoredRow> = [];
      let problemCount = 0;
      const report = (problem: ChainProblem) => {
        problemCount += 1;
        if (problems.length < SHOWN) problems.push(problem);
      };
      const chain = checker(report);
      const end = Option.getOrNull(yield* actions.end(guildId));
      let rows = 0;
      yield* read(guildId, null, end?.seq ?? Number.MAX_SAFE_INTEGER, PAGE, (row, stored) => {
        rows += 1;
        if (!holds(row) && changed.length < SHOWN) changed.push(stored);
        chain.push(row);
      });
      chain.end(end);
      for (const row of yield* actions.behindEnd(guildId, SHOWN)) report(ChainProblem.Inserted(row));
      return { guildId, rows, end, problems: withMoves(problems, changed), problemCount };
    });

  const begin = (guildId: string): Effect.Effect<Look> =>
    Effect.gen(function* () {
      const end = Option.getOrNull(yield* actions.end(guildId));
      const newest = end ?? Option.getOrNull(yield* actions.newestIn(guildId));
      const [behind] = yield* actions.behindEnd(guildId, 1);
      const first = behind === undefined ? null : ChainProblem.Inserted(behind);
      return { guildId, end, changed: [], first, rows: 0, upTo: newest?.seq ?? 0, attested: undefined };
    });

  /** Looks at the next part, older than the one before. */
  const goOn = (look: Look): Effect.Effect<void> =>
    Effect.gen(function* () {
      const { guildId, end, changed, upTo } = look;
      const from = upTo > PART ? upTo - PART : null;
      let attested: string | null | undefined;
      const chain = checker((problem) => {
        if (look.first === null || problem.seq < look.first.seq) look.first = problem;
      }, from);
      // The id of a place is not empty: the rows of the place `from` itself come first.
      yield* read(guildId, from === null ? null : { seq: from, id: "" }, upTo, SMALL_PAGE, (row, stored) => {
        if (row.seq !== from) {
          look.rows += 1;
          attested ??= from !== null && row.seq === from + 1 && holds(row) ? row.prevHash : null;
          if (!holds(row) && changed.length < SHOWN) changed.push(stored);
        }
        chain.push(row);
      });
      if (look.attested === undefined) chain.end(end);
      else chain.stop(upTo, look.attested);
      look.upTo = from ?? 0;
      look.attested = attested ?? null;
    });

  const resultOf = ({ guildId, rows, upTo, first, changed }: Look): ChainLook => ({
    guildId,
    rows,
    all: upTo === 0,
    first: first === null ? null : (withMoves([first], changed)[0] ?? null),
  });

  return AuditChain.of({
    guilds: actions.chains,
    verify,
    look: (limit) =>
      Effect.gen(function* () {
        const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(limit);
        const looks = yield* Effect.forEach(yield* actions.chains, begin);
        for (let open = looks; open.length > 0; open = open.filter(({ upTo }) => upTo > 0)) {
          for (const look of open) {
            if ((yield* Clock.currentTimeMillis) >= until) return looks.map(resultOf);
            yield* goOn(look);
            yield* breathe;
          }
        }
        return looks.map(resultOf);
      }),
  });
});

export const layer = Layer.effect(AuditChain, make);

/** For a program that needs nothing else of the database. */
export const layerAlone = Layer.provide(layer, Actions.layer);
