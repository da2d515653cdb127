/** Who sends what the fuzz sends, how much they may, and what they aim at. */
import type { Application } from "../../src/domain/Application.js";
import { ApplicationId, ShortCode, type UserId } from "../../src/domain/Ids.js";
import { MAYA, type MEMBER_ROLE, NOAH, REVIEWER_ROLE, userId } from "./fixtures.js";

export const PASSWORD = "open sesame";
const ADMINISTRATOR = 1n << 3n;

/** Whom `OWNER_IDS` names. */
export const OWNER = userId(80);
/** How much somebody may: nothing, review, everything in the server, or everything. */
export type Standing = "stranger" | "moderator" | "admin" | "owner";
export const people: Readonly<Record<Standing, ReadonlyArray<UserId>>> = {
  stranger: Array.from({ length: 40 }, (_, n) => userId(100 + n)),
  moderator: [MAYA, NOAH],
  admin: [userId(90), userId(91)],
  owner: [OWNER],
};
export const rights: Readonly<
  Record<Standing, { readonly roles: ReadonlyArray<typeof MEMBER_ROLE>; readonly permissions: bigint }>
> = {
  stranger: { roles: [], permissions: 0n },
  moderator: { roles: [REVIEWER_ROLE], permissions: 0n },
  admin: { roles: [], permissions: ADMINISTRATOR },
  owner: { roles: [], permissions: 0n },
};

/** An application to aim at, as much as a forged custom id needs of it. */
export type Aim = Pick<Application, "id" | "code" | "userId">;
export const NOBODY: Aim = {
  id: ApplicationId.make("0".repeat(26)),
  code: ShortCode.make("abcdef"),
  userId: userId(7),
};
