import { hash as sha } from "node:crypto";
import { Context, Effect, Layer, Option } from "effect";
import { hashInput } from "../domain/Action.js";
import { ChainProblem, type ChainRow, checker, type Link } from "../domain/Chain.js";
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

const PAGE = 500;
const SHOWN = 100;

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

/** Lets whatever waits for the event loop have its turn. */
const breathe = Effect.async<void>((resume) => {
  setImmediate(() => {
    resume(Effect.void);
  });
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

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;

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
      let after: ChainRow | null = null;
      for (;;) {
        const page: ReadonlyArray<StoredRow> = yield* actions.page(
          guildId,
          after,
          end?.seq ?? Number.MAX_SAFE_INTEGER,
          PAGE,
        );
        for (const stored of page) {
          const row = rowOf(stored);
          if (row.computed !== row.hash && changed.length < SHOWN) changed.push(stored);
          chain.push(row);
          after = row;
        }
        rows += page.length;
        if (page.length < PAGE) break;
        yield* breathe;
      }
      chain.end(end);
      for (const row of yield* actions.behindEnd(guildId, SHOWN)) report(ChainProblem.Inserted(row));
      return { guildId, rows, end, problems: withMoves(problems, changed), problemCount };
    });

  return AuditChain.of({ guilds: actions.chains, verify });
});

export const layer = Layer.effect(AuditChain, make);

/** For a program that needs nothing else of the database. */
export const layerAlone = Layer.provide(layer, Actions.layer);
