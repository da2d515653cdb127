import { Clock, Context, Effect, Layer, Option } from "effect";
import type { ListedChannel, ListedRole, NamedPerson } from "../domain/Directory.js";
import type { PermissionName } from "../domain/DiscordPermission.js";
import { PERMISSION_NAMES } from "../domain/DiscordPermission.js";
import type { GuildId, UserId } from "../domain/Ids.js";
import type { Member, Person } from "../domain/Person.js";
import { ALL_SETTINGS, type SettingName } from "../domain/SettingsTable.js";
import { Discord } from "../layers/Discord.js";
import type { ChannelFacts } from "../layers/discord/Guild.js";
import { roleProblem } from "./Preflight.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";

/** What ids stand for: names, pictures and colours for whoever looks at rows full of ids. */
export class Directory extends Context.Tag("app/Directory")<
  Directory,
  {
    /**
     * Who these people are; `null` for whom nobody knows, or knows at the moment. Those in the guild as Discord says, those
     * who left as their newest application says, and others by their account. Believed for five minutes; every id is asked
     * about once meanwhile, and one batch after the other, so that nothing else waits for Discord because of it.
     */
    readonly people: (
      guildId: GuildId,
      ids: ReadonlyArray<UserId>,
    ) => Effect.Effect<ReadonlyMap<UserId, NamedPerson | null>>;
    /** Something about this person has changed: they are asked about again. */
    readonly forget: (guildId: GuildId, userId: UserId) => Effect.Effect<void>;
    /** The roles of a guild, the highest first; from memory. */
    readonly roles: (guildId: GuildId) => Effect.Effect<ReadonlyArray<ListedRole>>;
    /** The text channels of a guild, as Discord lists them; from memory. */
    readonly channels: (guildId: GuildId) => Effect.Effect<ReadonlyArray<ListedChannel>>;
  }
>() {}

const BELIEVED_MILLIS = 5 * 60_000;
/** People times guilds. */
const REMEMBERED = 5_000;
/** Accounts that are asked for one by one, because nothing here knows them: so many of a batch, and so many side by side. */
const ACCOUNTS = 20;
const ACCOUNTS_AT_ONCE = 2;
const PATIENCE = "4 seconds";

/** The settings that name a channel, with the rights that each asks for there. */
const CHANNEL_SETTINGS = ALL_SETTINGS.flatMap(([name, setting]) =>
  setting.kind === "channel" || setting.kind === "optional_channel" ? [{ name, needs: setting.needs }] : [],
);
const ASKED: ReadonlyArray<PermissionName> = [...new Set(CHANNEL_SETTINGS.flatMap(({ needs }) => needs))];

/** Only a text channel holds private threads. */
const fits = ({ kind, lacks }: ChannelFacts, needs: ReadonlyArray<PermissionName>): boolean =>
  !needs.some((need) => lacks.includes(need)) && (kind === "text" || !needs.includes("CreatePrivateThreads"));

/** `null` where there is nobody; a stranger is not in the guild, never applied, and was not asked for by their account yet. */
type Found = NamedPerson | "a stranger" | null;

const somebody = (found: Found | undefined): NamedPerson | null =>
  found === undefined || found === "a stranger" ? null : found;

const named = ({ id, username, displayName, avatarUrl, bot }: Person, isHere: boolean): NamedPerson => ({
  id,
  username,
  displayName,
  avatarUrl,
  bot,
  isHere,
});

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const discord = yield* Discord;
  const known = new Map<string, { readonly person: Found; readonly until: number }>();
  const inTurn = yield* Effect.makeSemaphore(1);

  const keyOf = (guildId: GuildId, userId: UserId) => `${guildId} ${userId}`;
  const remember = (guildId: GuildId, userId: UserId, person: Found, now: number) => {
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(keyOf(guildId, userId), { person, until: now + BELIEVED_MILLIS });
  };
  const fresh = (guildId: GuildId, ids: ReadonlyArray<UserId>, now: number) =>
    new Map(
      ids.flatMap((id): ReadonlyArray<readonly [UserId, Found]> => {
        const found = known.get(keyOf(guildId, id));
        return found === undefined || found.until <= now ? [] : [[id, found.person]];
      }),
    );

  /** Those in the guild; `null` while Discord does not say. */
  const members = (guildId: GuildId, ids: ReadonlyArray<UserId>) =>
    discord.members(guildId, ids).pipe(
      Effect.timeout(PATIENCE),
      Effect.catchAll((error) => Effect.as(Effect.logDebug("Names could not be asked for", error), null)),
    );

  const applicant = (guildId: GuildId, id: UserId) =>
    Effect.map(applications.historyOf(guildId, id, 1), ([latest]): Found =>
      latest === undefined ? "a stranger" : named({ ...latest, id, bot: false }, false),
    );

  /** Somebody by their account; `null` where Discord knows none, none while it does not say. */
  const account = (id: UserId) =>
    discord.user(id).pipe(
      Effect.timeout(PATIENCE),
      Effect.map((person): NamedPerson | null => named(person, false)),
      Effect.catchTag("UnknownTarget", () => Effect.succeed(null)),
      Effect.option,
    );

  /** Asks about people of whom nothing is known yet. What Discord did not say is not remembered. */
  const learn = (guildId: GuildId, ids: ReadonlyArray<UserId>) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      const found = fresh(guildId, ids, now);
      const unknown = ids.filter((id) => !found.has(id));
      const here = unknown.length === 0 ? new Map<UserId, Member>() : yield* members(guildId, unknown);
      for (const id of unknown) {
        const member = here?.get(id);
        const person = member === undefined ? yield* applicant(guildId, id) : named(member, true);
        found.set(id, person);
        if (here !== null) remember(guildId, id, person, now);
      }
      if (here === null) return found;
      yield* Effect.forEach(
        ids.filter((id) => found.get(id) === "a stranger").slice(0, ACCOUNTS),
        (id) =>
          Effect.map(account(id), (answer) => {
            if (Option.isNone(answer)) return;
            found.set(id, answer.value);
            remember(guildId, id, answer.value, now);
          }),
        { concurrency: ACCOUNTS_AT_ONCE, discard: true },
      );
      return found;
    });

  return Directory.of({
    people: (guildId, ids) =>
      Effect.gen(function* () {
        const wanted = [...new Set(ids)];
        const found = fresh(guildId, wanted, yield* Clock.currentTimeMillis);
        const missing = wanted.filter((id) => !found.has(id) || found.get(id) === "a stranger");
        const learned = missing.length === 0 ? found : yield* inTurn.withPermits(1)(learn(guildId, missing));
        return new Map(wanted.map((id) => [id, somebody(learned.get(id)) ?? somebody(found.get(id))]));
      }),
    forget: (guildId, userId) => Effect.sync(() => void known.delete(keyOf(guildId, userId))),
    roles: (guildId) =>
      Effect.map(discord.roles(guildId), (roles) =>
        roles.map(({ id, name, color, health }, position) => ({
          id,
          name,
          color: color === null ? null : `#${color.toString(16).padStart(6, "0")}`,
          position,
          problem: roleProblem(health),
        })),
      ),
    channels: (guildId) =>
      Effect.map(discord.channels(guildId, ASKED), (channels) =>
        channels.map((channel, position) => ({
          id: channel.id,
          name: channel.name,
          category: channel.category,
          position,
          lacks: channel.lacks.map((permission) => PERMISSION_NAMES[permission]),
          usableFor: CHANNEL_SETTINGS.flatMap(({ name, needs }): ReadonlyArray<SettingName> =>
            fits(channel, needs) ? [name] : [],
          ),
        })),
      ),
  });
});

export const layer = Layer.effect(Directory, make);
