import { editDistance } from "../../domain/EditDistance.js";
import type { Environment } from "./Environment.js";

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
