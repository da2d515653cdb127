import type { Violations } from "../Violations.js";
import type { Checker } from "./Checker.js";

export function createChecker(_violations: Violations): Checker {
  return { check: () => undefined };
}
