import { Schema } from "effect";
import type { RoleId, UserId } from "./Ids.js";

/** features.md F3, from the bottom to the top. */
export const RUNGS = ["everyone", "reviewer", "admin", "owner"] as const;
export const Rung = Schema.Literal(...RUNGS);
export type Rung = typeof Rung.Type;

/** Somebody asked for more than their rung allows. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()("NotAllowed", { needed: Rung }) {}

export const atLeast = (has: Rung, needs: Rung): boolean => RUNGS.indexOf(has) >= RUNGS.indexOf(needs);

/** Discord's permission bits that the ladder looks at. */
const ADMINISTRATOR = 1n << 3n;
const MANAGE_GUILD = 1n << 5n;

export interface Ladder {
  readonly ownerIds: ReadonlyArray<UserId>;
  readonly adminRoleIds: ReadonlyArray<RoleId>;
  /** With none, nobody below admin reviews. */
  readonly reviewerRoleIds: ReadonlyArray<RoleId>;
}

/** The highest rung of a member. A guild's owner has every permission bit and so is an admin. */
export const rungOf = (
  member: { readonly id: UserId; readonly roles: ReadonlyArray<RoleId>; readonly permissions: bigint },
  ladder: Ladder,
): Rung => {
  const holdsAny = (roles: ReadonlyArray<RoleId>) => member.roles.some((role) => roles.includes(role));
  if (ladder.ownerIds.includes(member.id)) return "owner";
  if ((member.permissions & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n || holdsAny(ladder.adminRoleIds))
    return "admin";
  return holdsAny(ladder.reviewerRoleIds) ? "reviewer" : "everyone";
};
