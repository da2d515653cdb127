import { type Action, type Details, SYSTEM_ACTOR } from "./Action.js";
import type { Millis, RoleId, UserId } from "./Ids.js";

/** A change of the accepted role that no decision brought about. */
export interface RoleByHand {
  readonly held: boolean;
  /** `null` where Discord does not tell. */
  readonly by: UserId | null;
  readonly at: Millis;
}

/** What a `role_granted` row says of such a change; a row of the bot's own says only which role. */
export const byHandDetails = (roleId: RoleId, held: boolean, code: string): Details => ({
  code,
  role: roleId,
  by_hand: true,
  removed: !held,
});

/** Whether a `role_granted` row says that the person has the role since. */
export const heldAfter = ({ details }: Pick<Action, "details">): boolean => details?.["removed"] !== true;

/** What a `role_granted` row says happened by hand, if it does. */
export const roleByHand = (action: Action): RoleByHand | null =>
  action.details?.["by_hand"] === true
    ? {
        held: heldAfter(action),
        by: action.actor === SYSTEM_ACTOR ? null : action.actor,
        at: action.at,
      }
    : null;
