import { Context } from "effect";

/** How closely requests are counted: `middleware/RateLimits.ts` has the numbers. */
export type RateClassName = "default" | "heavy" | "signIn" | "password" | "probe";

/** Annotated on an endpoint that is not counted like most: `.annotate(RateClass, "heavy")`. */
export class RateClass extends Context.Reference<RateClass>()("app/http/RateClass", {
  defaultValue: (): RateClassName => "default",
}) {}
