import { Clock, Context, Effect, Layer } from "effect";
import type { GuildId, UserId } from "../domain/Ids.js";
import { type AdminGuild, type AdminRung, ROLES_BELIEVED_MS } from "../domain/Session.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordError } from "../layers/discord/Errors.js";
import { Permissions } from "./Permissions.js";

/** What people may do from outside Discord, where nothing says which roles they have: Discord is asked, and believed for 5 minutes. */
export class Access extends Context.Tag("app/Access")<
  Access,
  {
    /** On which rung this person may steer the guild; `null` for whoever may not, is not in it, or where the bot is not. */
    readonly adminRungIn: (guildId: GuildId, userId: UserId) => Effect.Effect<AdminRung | null, DiscordError>;
    /** The guilds of the bot in which this person is an admin; looked for only among `within`, if given. */
    readonly adminGuilds: (
      userId: UserId,
      within?: ReadonlySet<string>,
    ) => Effect.Effect<ReadonlyArray<AdminGuild>, DiscordError>;
    /** What was known of this person is asked again: something about them has changed. */
    readonly forget: (userId: UserId) => Effect.Effect<void>;
    /** The same for everybody in a guild. */
    readonly forgetGuild: (guildId: GuildId) => Effect.Effect<void>;
  }
>() {}

/** People times guilds. */
const REMEMBERED = 5_000;
const AT_ONCE = 5;

const make = Effect.gen(function* () {
  const discord = yield* Discord;
  const permissions = yield* Permissions;
  const known = new Map<string, { readonly rung: AdminRung | null; readonly at: number }>();
  /** What was being asked while something changed is no answer to keep. */
  let changes = 0;
  const keyOf = (guildId: GuildId, userId: UserId) => `${guildId} ${userId}`;
  const forget = (gone: (key: string) => boolean) =>
    Effect.sync(() => {
      changes += 1;
      for (const key of known.keys()) if (gone(key)) known.delete(key);
    });

  const adminRungIn = (guildId: GuildId, userId: UserId) =>
    Effect.gen(function* () {
      const key = keyOf(guildId, userId);
      const now = yield* Clock.currentTimeMillis;
      const before = known.get(key);
      if (before !== undefined && now - before.at < ROLES_BELIEVED_MS) return before.rung;
      const changesBefore = changes;
      const member = yield* discord.member(guildId, userId);
      const found = member === null ? "everyone" : yield* permissions.rungOf(guildId, member);
      const rung = found === "admin" || found === "owner" ? found : null;
      if (changes === changesBefore) {
        if (known.size >= REMEMBERED) known.clear();
        known.set(key, { rung, at: now });
      }
      return rung;
    });

  return Access.of({
    adminRungIn,
    adminGuilds: (userId, within) =>
      Effect.gen(function* () {
        const all = yield* discord.guildIds;
        const asked = within === undefined ? all : all.filter((id) => within.has(id));
        const found = yield* Effect.forEach(
          asked,
          (id) =>
            Effect.zipWith(adminRungIn(id, userId), discord.guild(id), (rung, guild) =>
              rung === null || guild === null ? [] : [{ id, name: guild.name, rung }],
            ),
          { concurrency: AT_ONCE },
        );
        return found.flat();
      }),
    forget: (userId) => forget((key) => key.endsWith(` ${userId}`)),
    forgetGuild: (guildId) => forget((key) => key.startsWith(`${guildId} `)),
  });
});

export const layer = Layer.effect(Access, make);
