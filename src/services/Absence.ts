import { Array as Arr, Clock, Context, Effect, Layer, Option } from "effect";
import { type GuildId, Millis, type UserId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import { Discord, type GuildMember } from "../layers/Discord.js";
import { Gate } from "./Gate.js";
import { LostCards } from "./LostCards.js";
import { patiently } from "./Patience.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { JoinRepo } from "./repos/JoinRepo.js";
import { RoleWatch } from "./RoleWatch.js";
import { Settings } from "./Settings.js";

/** Makes up for what happened while the bot was away, or Discord did not tell it (features.md F2). */
export class Absence extends Context.Tag("app/Absence")<
  Absence,
  {
    /**
     * Compares a guild that is set up with what Discord says now: who joined is logged, who left has the open application
     * withdrawn, an accepted role that came or went by hand is noticed, a review card that is gone is posted again, a gate
     * message that is gone or no longer pinned is put back. It can be interrupted and run again at any moment: nothing is
     * done twice. A Discord that does not answer is asked again, with patience. Asked while it waits for its turn, it is
     * done once.
     */
    readonly makeUp: (guildId: GuildId) => Effect.Effect<void>;
  }
>() {}

const PAGE = 1_000;
/** Rows of the log in one transaction: whoever presses a button waits for no longer than these take. */
const AT_ONCE = 25;
/** Discord's clock and this machine's may differ by so much. */
const CLOCKS_MILLIS = 10 * 60_000;
const GUILDS_AT_ONCE = 8;

type Join = GuildMember & { readonly joinedAt: Millis };
const joinedSince =
  (since: Millis) =>
  (member: GuildMember): member is Join =>
    !member.bot && member.joinedAt !== null && member.joinedAt >= since;

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const discord = yield* Discord;
  const gate = yield* Gate;
  const joins = yield* JoinRepo;
  const lostCards = yield* LostCards;
  const roles = yield* RoleWatch;
  const settings = yield* Settings;
  const turns = yield* Effect.makeSemaphore(GUILDS_AT_ONCE);
  const waiting = new Set<GuildId>();

  /** Kept before anything is logged: a pass that is cut short begins at the same moment again. */
  const knownUntil = (guildId: GuildId, now: Millis) =>
    Effect.gen(function* () {
      const known = yield* joins.knownUntil(guildId);
      if (Option.isSome(known)) return known.value;
      const until = Option.getOrElse(yield* joins.lastByLog(guildId), () => now);
      yield* joins.setKnownUntil(guildId, until);
      return until;
    });

  const members = (guild: GuildSettings) =>
    Effect.gen(function* () {
      const { guildId } = guild;
      const now = Millis.make(yield* Clock.currentTimeMillis);
      const since = yield* knownUntil(guildId, now);
      const missing = new Set(yield* applications.openApplicants(guildId));
      let joined = 0;
      for (let after: UserId | null = null, more = true; more;) {
        const page: ReadonlyArray<GuildMember> = yield* patiently(
          guildId,
          discord.membersAfter(guildId, after, PAGE),
        );
        for (const { id } of page) missing.delete(id);
        for (const some of Arr.chunksOf(page.filter(joinedSince(since)), AT_ONCE)) {
          joined += yield* gate.joinedMeanwhile(
            guildId,
            some.map(({ id, joinedAt }) => ({ userId: id, joinedAt })),
          );
          yield* Effect.yieldNow();
        }
        yield* roles.compare(
          guild,
          page.filter(({ bot }) => !bot),
        );
        after = page.at(-1)?.id ?? after;
        more = page.length === PAGE;
      }
      let left = 0;
      for (const userId of missing) {
        // Who came back since the page was read has not left.
        if (yield* patiently(guildId, discord.isMember(guildId, userId))) continue;
        yield* gate.memberLeft(guildId, userId);
        left += 1;
      }
      yield* joins.setKnownUntil(guildId, Millis.make(Math.max(since, now - CLOCKS_MILLIS)));
      if (joined + left > 0)
        yield* Effect.logInfo("What happened while the bot was away is made up for", {
          guild: guildId,
          joined,
          left,
        });
    });

  const gateMessage = ({ guildId, gateChannelId, gateMessageId }: GuildSettings) =>
    Effect.gen(function* () {
      if (gateMessageId === null) return;
      const pinned = yield* patiently(guildId, discord.pinnedByMe(gateChannelId));
      if (!pinned.some(({ id }) => id === gateMessageId)) yield* settings.gateMessageGone(gateMessageId);
    });

  const cards = (guild: GuildSettings) =>
    Effect.flatMap(lostCards.redraw(guild), (count) =>
      count === 0
        ? Effect.void
        : Effect.logInfo("Review cards that are gone are posted again", { guild: guild.guildId, count }),
    );

  const inGuild = (guild: GuildSettings) =>
    Effect.forEach([gateMessage(guild), members(guild), cards(guild)], (step) =>
      Effect.catchAll(step, (error) =>
        Effect.logWarning("What happened in a server meanwhile cannot be read", {
          guild: guild.guildId,
          error: error._tag,
        }),
      ),
    );

  return Absence.of({
    makeUp: (guildId) =>
      Effect.suspend(() => {
        if (waiting.has(guildId)) return Effect.void;
        waiting.add(guildId);
        const begun = Effect.sync(() => waiting.delete(guildId));
        return Effect.zipRight(begun, Effect.option(settings.get(guildId))).pipe(
          Effect.flatMap(
            Option.match({ onNone: () => Effect.void, onSome: (guild) => Effect.asVoid(inGuild(guild)) }),
          ),
          turns.withPermits(1),
          Effect.ensuring(begun),
        );
      }),
  });
});

export const layer = Layer.effect(Absence, make);
