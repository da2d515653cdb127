import { Intent } from "./dispatch.js";
import { bit, guildPermissions } from "./permissions.js";
import { compareIds } from "./Snowflakes.js";
import type { AuditChange, AuditEntry, Guild } from "./state.js";
import { auditWire } from "./wire.js";
import type { World } from "./World.js";

export const AuditAction = {
  guildUpdate: 1,
  channelCreate: 10,
  channelUpdate: 11,
  channelDelete: 12,
  overwriteCreate: 13,
  overwriteUpdate: 14,
  overwriteDelete: 15,
  memberKick: 20,
  memberPrune: 21,
  memberBanAdd: 22,
  memberBanRemove: 23,
  memberUpdate: 24,
  memberRoleUpdate: 25,
  botAdd: 28,
  roleCreate: 30,
  roleUpdate: 31,
  roleDelete: 32,
  webhookCreate: 50,
  webhookUpdate: 51,
  webhookDelete: 52,
  messageDelete: 72,
  messageBulkDelete: 73,
  messagePin: 74,
  messageUnpin: 75,
  threadCreate: 110,
  threadUpdate: 111,
  threadDelete: 112,
} as const;

export interface Deed {
  readonly action: number;
  readonly userId: string;
  readonly targetId: string | null;
  readonly reason?: string | undefined;
  readonly changes?: readonly AuditChange[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface AuditFilter {
  readonly userId: string | null;
  readonly action: number | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly limit: number;
}

const KEPT = 5_000;

/** Who did what in a guild, and why. */
export class AuditLog {
  constructor(private readonly world: World) {}

  add(guild: Guild, deed: Deed): void {
    const { world } = this;
    const entry: AuditEntry = {
      id: world.ids.next(),
      action: deed.action,
      userId: deed.userId,
      targetId: deed.targetId,
      reason: deed.reason ?? null,
      changes: deed.changes ?? [],
      options: deed.options ?? null,
    };
    guild.audit.push(entry);
    if (guild.audit.length > KEPT * 1.1) guild.audit.splice(0, guild.audit.length - KEPT);
    const self = guild.members.get(world.bot.id);
    if (self === undefined || (guildPermissions(guild, self, world.now()) & bit("ViewAuditLog")) === 0n)
      return;
    world.emit({
      event: "GUILD_AUDIT_LOG_ENTRY_CREATE",
      intents: Intent.guildModeration,
      guildId: guild.id,
      data: () => ({ ...auditWire(entry), guild_id: guild.id }),
    });
  }

  /** Newest first; with `after`, from the oldest on. */
  find(guild: Guild, { userId, action, before, after, limit }: AuditFilter): AuditEntry[] {
    const found = guild.audit.filter(
      (entry) =>
        (userId === null || entry.userId === userId) &&
        (action === null || entry.action === action) &&
        (before === null || compareIds(entry.id, before) < 0) &&
        (after === null || compareIds(entry.id, after) > 0),
    );
    return after === null ? found.slice(-limit).reverse() : found.slice(0, limit);
  }
}

/** What differs between two payloads of one thing, as the audit log tells it. */
export function changesBetween(before: object, after: object): AuditChange[] {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(after).flatMap(([key, value]: [string, unknown]) => {
    const was = old.get(key);
    if (key === "id" || JSON.stringify(was) === JSON.stringify(value)) return [];
    return [{ key, ...(was != null && { old_value: was }), ...(value != null && { new_value: value }) }];
  });
}
