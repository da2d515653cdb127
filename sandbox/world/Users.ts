import type { NewUser } from "../contract/world.js";
import { Intent } from "./dispatch.js";
import type { Presence, User } from "./state.js";
import { memberWire, presenceWire, userWire } from "./wire.js";
import type { World } from "./World.js";

const YEAR_MS = 365 * 86_400_000;

export class Users {
  readonly all = new Map<string, User>();

  constructor(private readonly world: World) {}

  create(fresh: NewUser): User {
    const id = fresh.id ?? this.world.ids.at(fresh.createdAt ?? this.world.now() - YEAR_MS);
    if (this.all.has(id)) throw new Error(`There is already a user ${id}`);
    const user: User = {
      id,
      username: fresh.username,
      globalName: fresh.globalName ?? null,
      avatar: fresh.avatar ?? null,
      banner: null,
      bot: fresh.bot ?? false,
      dmsClosed: fresh.dmsClosed ?? false,
      presence: { status: "offline", activities: [] },
    };
    this.all.set(id, user);
    return user;
  }

  update(
    user: User,
    change: Partial<Pick<User, "username" | "globalName" | "avatar" | "banner" | "dmsClosed">>,
  ): void {
    Object.assign(user, change);
    this.world.record({ event: "user_updated", userId: user.id });
    if (user.id === this.world.bot.id) {
      this.world.emit({ event: "USER_UPDATE", intents: 0, guildId: null, data: () => userWire(user) });
      return;
    }
    for (const guild of this.world.guilds.withBot()) {
      const member = guild.members.get(user.id);
      if (member === undefined) continue;
      this.world.emit({
        event: "GUILD_MEMBER_UPDATE",
        intents: Intent.guildMembers,
        guildId: guild.id,
        data: () => ({ guild_id: guild.id, ...memberWire(member, user) }),
      });
    }
  }

  setPresence(user: User, presence: Presence): void {
    user.presence = { status: presence.status, activities: presence.activities };
    this.world.record({ event: "presence_changed", userId: user.id, text: presence.status });
    for (const guild of this.world.guilds.withBot()) {
      if (!guild.members.has(user.id)) continue;
      this.world.emit({
        event: "PRESENCE_UPDATE",
        intents: Intent.guildPresences,
        guildId: guild.id,
        data: () => presenceWire(user, guild.id),
      });
    }
  }

  /** Whether the user and the bot are in one guild together. */
  sharesGuild(user: User): boolean {
    for (const guild of this.world.guilds.withBot()) if (guild.members.has(user.id)) return true;
    return false;
  }
}
