import { type HttpApp, HttpServerRequest } from "@effect/platform";
import { Effect } from "effect";
import { BadRequest } from "../api/Errors.js";
import { told } from "./Told.js";

/** The contract itself goes four levels deep. */
const DEEPEST = 32;

const tooDeep = told(BadRequest)(new BadRequest({ problem: `It is nested deeper than ${DEEPEST} levels.` }));

const OPEN = /[[{]/;
const STRING = /"(?:[^"\\]|\\.)*"/gs;

/** How deep JSON is nested. What is no JSON has some depth too; that it is none is said elsewhere. */
const depthOf = (json: string): number => {
  let deepest = 0;
  let depth = 0;
  for (const [bracket] of json.replace(STRING, "").matchAll(/[[\]{}]/g)) {
    depth += OPEN.test(bracket) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

/** Refuses a body of thousands of brackets before anything that calls itself level by level runs out of stack on it. */
export const shallow = <E, R>(app: HttpApp.Default<E, R>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    if (Number(request.headers["content-length"] ?? 0) === 0) return yield* app;
    const text = yield* Effect.interruptible(request.text);
    return depthOf(text) > DEEPEST ? tooDeep : yield* app;
  });
