import type { Action } from "./Action.js";
import type { Application } from "./Application.js";
import type { Flag } from "./Flag.js";
import type { Millis } from "./Ids.js";
import type { RoleByHand } from "./RoleByHand.js";
import type { SideEffect } from "./SideEffect.js";

/** An application and what surrounds it, at one moment. */
interface About {
  readonly application: Application;
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

/** Everything a review card shows. */
export interface CardFacts extends About {
  /** Earlier applications of the same person, newest first. */
  readonly earlier: ReadonlyArray<Application>;
}

/** Everything there is to see on a page about one application. */
export interface Dossier extends About {
  /** The other applications of the same person, newest first. */
  readonly history: ReadonlyArray<Application>;
}
