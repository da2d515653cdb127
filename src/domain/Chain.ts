import { Data } from "effect";
import { GENESIS_HASH } from "./Action.js";

/** The newest row of a guild's log, kept beside the log: by it a cut-off end is seen. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** One row as a checker sees it; `computed` is the hash of what the row holds now. */
export interface ChainRow extends Link {
  readonly id: string;
  readonly prevHash: string;
  readonly computed: string;
}

/** What is wrong with a guild's log, and where. */
export type ChainProblem = Data.TaggedEnum<{
  /** The row does not match its own hash. */
  Changed: { readonly seq: number; readonly id: string };
  /** The row matches its own hash, but the row after it (or the kept end) was written after another one. */
  Replaced: { readonly seq: number; readonly id: string };
  /** The row is genuine, and belongs to another place. */
  Moved: { readonly seq: number; readonly id: string; readonly from: number };
  /** No genuine row has this place. */
  Inserted: { readonly seq: number; readonly id: string };
  /** The rows of these places are not there. */
  Removed: { readonly seq: number; readonly to: number };
  /** Nothing says where the log ends, so that a cut-off end could not be seen. */
  NoEnd: { readonly seq: number };
}>;
export const ChainProblem = Data.taggedEnum<ChainProblem>();

interface Seen {
  readonly row: ChainRow;
  /** A problem of this row was found already. */
  readonly named: boolean;
}

/**
 * Checks one chain row by row, in order, holding two of them. Rows that share a place (their constraint was dropped)
 * come one after the other. To check only a part, begin with the rows of the place `from` before it: they are taken as
 * they are, and what is wrong with them is for the part that ends with them to say.
 */
export const checker = (report: (problem: ChainProblem) => void, from: number | null = null) => {
  let last: Seen | null = null;
  let group: Array<ChainRow> = [];
  /** A broken link between the last row and the one before; which of the two is forged shows at the next link. */
  let suspect: ChainRow | null = null;

  const holds = (row: ChainRow) => row.computed === row.hash;
  const place = ({ seq, id }: ChainRow) => ({ seq, id });

  /** What the next link says: a row that fits neither side is forged itself, else the one before it is. */
  const judge = (next: "fits" | "broken" | "unknown"): void => {
    const before = suspect;
    suspect = null;
    if (last === null) return;
    if (before !== null) report(ChainProblem.Replaced(place(next === "broken" ? last.row : before)));
    else if (next === "broken" && !last.named) suspect = last.row;
  };

  const genuineOf = (candidates: ReadonlyArray<ChainRow>, attested: string | null): ChainRow | undefined =>
    candidates.find(
      (row) =>
        candidates.length === 1 ||
        (holds(row) &&
          (attested === null ? row.prevHash === (last?.row.hash ?? GENESIS_HASH) : row.hash === attested)),
    );

  /** Takes the rows of one place; `attested` is the hash that the row after them names, where it can be trusted. */
  const close = (attested: string | null): void => {
    const candidates = group;
    group = [];
    if (candidates.length === 0) return;
    const genuine = genuineOf(candidates, attested) ?? candidates[0];
    if (genuine?.seq === from) {
      last = { row: genuine, named: !holds(genuine) };
      return;
    }
    for (const row of candidates) if (row !== genuine) report(ChainProblem.Inserted(place(row)));
    if (genuine === undefined) return;
    const expected = (last?.row.seq ?? from ?? 0) + 1;
    if (!Number.isInteger(genuine.seq) || genuine.seq < expected) {
      report(ChainProblem.Inserted(place(genuine)));
      return;
    }
    const self = holds(genuine);
    if (genuine.seq > expected) {
      judge("unknown");
      report(ChainProblem.Removed({ seq: expected, to: genuine.seq - 1 }));
    } else if (!self) {
      judge("unknown");
    } else if (last === null) {
      if (from === null && genuine.prevHash !== GENESIS_HASH) {
        report(ChainProblem.Replaced(place(genuine)));
        last = { row: genuine, named: true };
        return;
      }
    } else {
      judge(genuine.prevHash === last.row.hash ? "fits" : "broken");
    }
    if (!self) report(ChainProblem.Changed(place(genuine)));
    last = { row: genuine, named: !self };
  };

  return {
    push: (row: ChainRow): void => {
      if (group[0] !== undefined && group[0].seq !== row.seq) {
        close(row.seq === group[0].seq + 1 && holds(row) ? row.prevHash : null);
      }
      group.push(row);
    },
    /** The kept end is the last link; `null` where there is none. */
    end: (end: Link | null): void => {
      close(end !== null && end.seq === group[0]?.seq ? end.hash : null);
      const seq = last?.row.seq ?? from ?? 0;
      if (end === null || end.seq !== seq) {
        judge("unknown");
        if (end === null && seq > 0) report(ChainProblem.NoEnd({ seq }));
        if (end !== null && end.seq > seq) report(ChainProblem.Removed({ seq: seq + 1, to: end.seq }));
        return;
      }
      judge(last?.row.hash === end.hash ? "fits" : "broken");
      // Nothing comes after the end that could bear it out against the last row.
      if (suspect !== null) report(ChainProblem.Replaced(place(suspect)));
    },
    /** Ends a part with the place `at`; `attested` is the hash that the row after it names, where it can be trusted. */
    stop: (at: number, attested: string | null): void => {
      close(at === group[0]?.seq ? attested : null);
      const seq = last?.row.seq ?? from ?? 0;
      // A link that breaks here is for the next part to judge.
      judge(seq !== at || attested === null ? "unknown" : last?.row.hash === attested ? "fits" : "broken");
      if (at > seq) report(ChainProblem.Removed({ seq: seq + 1, to: at }));
    },
  };
};
