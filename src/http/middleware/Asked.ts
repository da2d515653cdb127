import { Context } from "effect";
import type { Route } from "./Routes.js";

/** The request that is being answered, as everything that stands before the handlers sees it. */
export class Asked extends Context.Tag("app/http/Asked")<
  Asked,
  {
    /** Finds what is logged meanwhile; told as `X-Trace-Id`. */
    readonly trace: string;
    readonly route: Route | undefined;
  }
>() {}
