import type * as z from "zod/mini";
import type { Route } from "../rest/router.js";
import type { Violations } from "../Violations.js";
import type { Checker } from "./Checker.js";
import { normalise } from "./normalise.js";
import { refusal, table } from "./table.js";

/** Compares bodies and answers with Discord's OpenAPI description. */
export function createChecker(violations: Violations): Checker {
  const compare = (kind: "request" | "answer", route: Route, schema: z.ZodMiniType, value: unknown): void => {
    const result = schema.safeParse(normalise(value, kind));
    if (result.success) return;
    for (const { path, message } of result.error.issues.flatMap(leaves)) {
      violations.add({
        kind,
        method: route.method,
        route: route.name,
        path: path.map(String).join("."),
        message,
      });
    }
  };
  return {
    check: (route, body, status, answer) => {
      const expected = table.get(`${route.method} ${route.name}`);
      if (expected === undefined) {
        violations.add({
          kind: "answer",
          method: route.method,
          route: route.name,
          path: "",
          message: "No schema is known for this route",
        });
        return;
      }
      if (status >= 400) {
        compare("answer", route, refusal, answer);
        return;
      }
      if (expected.body !== undefined && body !== undefined) compare("request", route, expected.body, body);
      if (expected.answer !== "nothing") compare("answer", route, expected.answer, answer);
      else if (answer !== undefined) {
        violations.add({
          kind: "answer",
          method: route.method,
          route: route.name,
          path: "",
          message: "Discord answers with nothing",
        });
      }
    },
  };
}

interface Leaf {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union, what the closest of its members objects to. */
function leaves(issue: z.core.$ZodIssue): Leaf[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((branch) =>
    branch.flatMap(leaves).map((leaf) => ({ ...leaf, path: [...issue.path, ...leaf.path] })),
  );
  const [closest = [issue]] = branches.sort((a, b) => score(a) - score(b));
  return closest;
}

/** A wrong `type` means that another member was meant. */
const score = (branch: readonly Leaf[]): number =>
  branch.length + (branch.some(({ path }) => path.at(-1) === "type") ? 1_000 : 0);
