import type { Action } from "./Action.js";
import type { Application } from "./Application.js";
import type { Flag } from "./Flag.js";
import type { Millis } from "./Ids.js";
import type { RoleByHand } from "./RoleByHand.js";
import type { SideEffect } from "./SideEffect.js";

/** Everything a review card shows, at one moment. */
export interface CardFacts {
  readonly application: Application;
  /** Earlier applications of the same person, newest first. */
  readonly earlier: ReadonlyArray<Application>;
  /** Newest first. */
  readonly actions: ReadonlyArray<Action>;
  readonly effects: ReadonlyArray<SideEffect>;
  /** When a rejected person may apply again. */
  readonly reapplyAt: Millis | null;
  /** Whether the person may not apply here again. */
  readonly blocked: boolean;
  /** The open flag of the person. */
  readonly flag: Flag | null;
  /** What somebody last did to the accepted role by hand. */
  readonly role: RoleByHand | null;
}
