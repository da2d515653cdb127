import { Clock, Context, Effect, Layer } from "effect";
import type { GuildId, UserId } from "../domain/Ids.js";
import { atLeast, type Rung } from "../domain/Permission.js";
import { type AdminGuild, ROLES_BELIEVED_MS } from "../domain/Session.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordError } from "../layers/discord/Errors.js";
import { Permissions } from "./Permissions.js";

/** What people may do from outside Discord, where nothing says which roles they have: Discord is asked, and believed for 5 minutes. */
export class Access extends Context.Tag("app/Access")<
  Access,
  {
    /** The rung of a person in a guild; `null` where they, or the bot, are not in it. */
    readonly rungIn: (guildId: GuildId, userId: UserId) => Effect.Effect<Rung | null, DiscordError>;
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
  const known = new Map<string, { readonly rung: Rung | null; readonly at: number }>();
  const keyOf = (guildId: GuildId, userId: UserId) => `${guildId} ${userId}`;
  const forget = (gone: (key: string) => boolean) =>
    Effect.sync(() => {
      for (const key of known.keys()) if (gone(key)) known.delete(key);
    });

  const rungIn = (guildId: GuildId, userId: UserId) =>
    Effect.gen(function* () {
      const key = keyOf(guildId, userId);
      const now = yield* Clock.currentTimeMillis;
      const before = known.get(key);
      if (before !== undefined && now - before.at < ROLES_BELIEVED_MS) return before.rung;
      const member = yield* discord.member(guildId, userId);
      const rung = member === null ? null : yield* permissions.rungOf(guildId, member);
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, { rung, at: now });
      return rung;
    });

  return Access.of({
    rungIn,
    adminGuilds: (userId, within) =>
      Effect.gen(function* () {
        const all = yield* discord.guildIds;
        const asked = within === undefined ? all : all.filter((id) => within.has(id));
        const found = yield* Effect.forEach(
          asked,
          (id) =>
            Effect.zipWith(rungIn(id, userId), discord.guild(id), (rung, guild) =>
              rung === null || guild === null || !atLeast(rung, "admin")
                ? []
                : [
                    {
                      id,
                      name: guild.name,
                      rung: rung === "owner" ? ("owner" as const) : ("admin" as const),
                    },
                  ],
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
