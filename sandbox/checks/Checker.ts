import type { Route } from "../rest/router.js";

export interface Checker {
  /** Records every mismatch of a request body and of its answer with Discord's description. */
  check(route: Route, body: unknown, status: number, answer: object | undefined): void;
}
