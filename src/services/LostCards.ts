import { Array as Arr, Context, Effect, Layer, Option } from "effect";
import type { QueueEntry } from "../domain/Application.js";
import type { ApplicationId, ChannelId, GuildId, MessageId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordError } from "../layers/discord/Errors.js";
import { Outbox } from "./Outbox.js";
import { patiently } from "./Patience.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";

/** Review cards that were deleted while the bot was away (features.md F2). */
export class LostCards extends Context.Tag("app/LostCards")<
  LostCards,
  {
    /**
     * Looks whether the cards of the open applications are still there, and has those redrawn that are not: the redraw
     * finds out for certain, and posts a deleted one again. A request looks at up to a hundred cards; what a pass does not
     * reach is noticed when its card is to be changed.
     * @returns how many cards are redrawn.
     */
    readonly redraw: (guild: GuildSettings) => Effect.Effect<number, DiscordError>;
  }
>() {}

/** The longest waiting ones; more are no queue that somebody works through. */
const APPLICATIONS = 1_000;
const REQUESTS_A_CHANNEL = 20;
/** Redraws planned in one transaction. */
const AT_ONCE = 25;

interface Card {
  readonly id: ApplicationId;
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
}

const cardOf = ({ id, cardChannelId, cardMessageId }: QueueEntry): ReadonlyArray<Card> =>
  cardChannelId === null || cardMessageId === null
    ? []
    : [{ id, channelId: cardChannelId, messageId: cardMessageId }];

const older = (one: Card, other: Card) => (BigInt(one.messageId) < BigInt(other.messageId) ? -1 : 1);

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const discord = yield* Discord;
  const outbox = yield* Outbox;

  /** Those of the cards of one channel that do not stand there. */
  const missing = (guildId: GuildId, channelId: ChannelId, cards: ReadonlyArray<Card>) =>
    Effect.gen(function* () {
      const lost: Array<Card> = [];
      let left = [...cards].sort(older);
      for (let request = 0; request < REQUESTS_A_CHANNEL; request += 1) {
        const [first] = left;
        if (first === undefined) break;
        const page = yield* patiently(guildId, discord.messagesFrom(channelId, first.messageId));
        const there = new Set(page);
        const end = page.at(-1);
        const [looked, rest] = Arr.partition(
          left,
          ({ messageId }) => end !== undefined && BigInt(messageId) > BigInt(end),
        );
        lost.push(...looked.filter(({ messageId }) => !there.has(messageId)));
        left = rest;
      }
      return lost;
    });

  const inChannel = (
    { guildId, reviewChannelId }: GuildSettings,
    cards: Arr.NonEmptyReadonlyArray<Card>,
  ): Effect.Effect<ReadonlyArray<Card>, DiscordError> =>
    Effect.gen(function* () {
      const [{ channelId }] = cards;
      const health = yield* discord.channelHealth(guildId, channelId, ["ViewChannel", "ReadMessageHistory"]);
      if (health._tag === "Ok") return yield* missing(guildId, channelId, cards);
      // A channel that is gone took its cards with it. Where there is no other one yet, they have nowhere to go.
      return health._tag === "Missing" && channelId !== reviewChannelId ? cards : [];
    });

  const plan = ({ guildId, reviewChannelId }: GuildSettings, some: ReadonlyArray<Card>) =>
    outbox.commit(
      Effect.forEach(
        some,
        ({ id, messageId }) =>
          Effect.gen(function* () {
            const application = Option.filter(
              yield* applications.find(guildId, id),
              ({ cardMessageId, status }) =>
                cardMessageId === messageId && (status === "pending" || status === "claimed"),
            );
            if (Option.isSome(application))
              yield* outbox.drawCard(application.value, reviewChannelId, "outbox");
          }),
        { discard: true },
      ),
    );

  return LostCards.of({
    redraw: (guild) =>
      Effect.gen(function* () {
        const open = yield* applications.queueFrom(guild.guildId, null, null, "next", APPLICATIONS);
        const byChannel = Object.values(Arr.groupBy(open.flatMap(cardOf), ({ channelId }) => channelId));
        const lost = (yield* Effect.forEach(byChannel, (cards) => inChannel(guild, cards))).flat();
        for (const some of Arr.chunksOf(lost, AT_ONCE)) yield* plan(guild, some);
        return lost.length;
      }),
  });
});

export const layer = Layer.effect(LostCards, make);
