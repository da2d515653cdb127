import { Context, Effect, Layer, Option } from "effect";
import { silentDays } from "../domain/Flag.js";
import type { ChannelId, GuildId, MessageId, Millis, UserId } from "../domain/Ids.js";
import { Flags } from "./Flags.js";
import { Outbox } from "./Outbox.js";
import { FlagRepo } from "./repos/FlagRepo.js";
import { Settings } from "./Settings.js";

/** A message as far as it matters here: who, when, and where it stands. What it says is not read. */
export interface Spoken {
  readonly guildId: GuildId;
  readonly userId: UserId;
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
  readonly at: Millis;
  readonly joinedAt: Millis | null;
}

/** Notices when members speak for the first time (features.md F12). */
export class FirstMessages extends Context.Tag("app/FirstMessages")<
  FirstMessages,
  {
    /**
     * Remembers a first message, and raises a flag where it comes as many days after joining as the guild has set, or
     * more; both in one transaction, once for each person and guild. Who joined before the bot heard anybody here may have
     * spoken unheard, and is remembered without a flag. Costs nothing for people who are known to have spoken.
     */
    readonly spoke: (message: Spoken) => Effect.Effect<void>;
  }
>() {}

/** More people than talk in a busy guild within some hours; whoever is forgotten costs one look more. */
const REMEMBERED = 20_000;

const make = Effect.gen(function* () {
  const flags = yield* Flags;
  const outbox = yield* Outbox;
  const repo = yield* FlagRepo;
  const settings = yield* Settings;
  const known = new Set<string>();

  const remember = (key: string) => {
    known.add(key);
    const [oldest] = known;
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
  };

  const first = ({ guildId, userId, channelId, messageId, at, joinedAt }: Spoken) =>
    Effect.gen(function* () {
      const heardSince = yield* repo.listensSince(guildId);
      if (!(yield* repo.firstMessage(guildId, userId, at))) return;
      const guild = yield* Effect.option(settings.get(guildId));
      if (joinedAt === null || Option.isNone(guild) || Option.isNone(heardSince)) return;
      if (joinedAt < heardSince.value) return;
      const days = silentDays(joinedAt, at);
      if (days >= flags.thresholdOf(guild.value))
        yield* flags.flagSilent(guild.value, userId, days, { channelId, messageId });
    });

  return FirstMessages.of({
    spoke: (message) =>
      Effect.suspend(() => {
        const key = `${message.guildId} ${message.userId}`;
        if (known.has(key)) return Effect.void;
        return Effect.tap(outbox.commit(first(message)), () => {
          remember(key);
        });
      }),
  });
});

export const layer = Layer.effect(FirstMessages, make);
