import type { Millis, RoleId, UserId } from "./Ids.js";

/** Somebody on Discord, as far as we need to know them. */
export interface Person {
  readonly id: UserId;
  readonly username: string;
  /** What they are called in this guild. */
  readonly displayName: string;
  readonly avatarUrl: string;
  readonly bot: boolean;
}

/** Somebody in a guild. */
export interface Member extends Person {
  readonly roles: ReadonlyArray<RoleId>;
  /** Discord's permission bits in the channel of the interaction. */
  readonly permissions: bigint;
  readonly joinedAt: Millis | null;
}
