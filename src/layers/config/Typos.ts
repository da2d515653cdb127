import type { Environment } from "./Environment.js";

/** Letters to insert, delete, replace or swap to make one word of the other. */
export const editDistance = (a: string, b: string): number => {
  let beforePrevious: ReadonlyArray<number> = [];
  let previous: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current: Array<number> = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const at = (row: ReadonlyArray<number>, index: number) => row[index] ?? Number.POSITIVE_INFINITY;
      let best = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforePrevious, j - 2) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
};

const bare = (name: string): string => name.toUpperCase().replace(/[_-]/g, "");

/** 'ID' alone makes no family: BUILD_ID is nobody's GUILD_ID. */
const sharesWord = (a: string, b: string): boolean => {
  const words = new Set(b.split("_"));
  return a.split("_").some((word) => word.length > 2 && words.has(word));
};

export interface Typo {
  readonly name: string;
  readonly meant: string;
}

/**
 * Names that are set, mean nothing, and are nearly a name that means something: the same but for case and underscores,
 * or at most two letters away. `.env` is the bot's own; in the process environment, where other programs' variables
 * live, the two must also have a whole word in common.
 */
export const find = (environment: Environment, known: ReadonlyArray<string>): ReadonlyArray<Typo> => {
  const isKnown = new Set(known);
  return [...environment].flatMap(([name, { from }]) => {
    if (isKnown.has(name)) return [];
    const upper = name.toUpperCase();
    const close = known
      .map((candidate) => ({ candidate, distance: editDistance(upper, candidate) }))
      .filter(
        ({ candidate, distance }) =>
          bare(name) === bare(candidate) ||
          (distance <= 2 && (from === ".env" || sharesWord(upper, candidate))),
      )
      .sort((left, right) => left.distance - right.distance)[0];
    return close === undefined ? [] : [{ name, meant: close.candidate }];
  });
};
