import type { AuditChange, Guild } from "../world/state.js";
import type { Asked } from "./router.js";

interface More {
  readonly changes?: readonly AuditChange[];
  readonly options?: Readonly<Record<string, string>>;
}

/** Writes what the bot did into the guild's audit log, with the reason it gave. */
export function logDeed(
  { world, reason }: Pick<Asked, "world" | "reason">,
  guild: Guild,
  action: number,
  targetId: string | null,
  more: More = {},
): void {
  world.audit.add(guild, { action, userId: world.bot.id, targetId, reason, ...more });
}
