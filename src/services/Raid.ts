import { Clock, Context, Effect, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import type { Application } from "../domain/Application.js";
import { type ChannelId, type GuildId, type MessageId, Millis, type UserId } from "../domain/Ids.js";
import { type Panic, WAVE_WINDOW_MILLIS, waveAfter } from "../domain/Raid.js";
import type { GuildNotSetUp } from "../domain/Settings.js";
import { AuditLog } from "./AuditLog.js";
import { LogChannel } from "./LogChannel.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { RaidRepo } from "./repos/RaidRepo.js";
import { Settings } from "./Settings.js";

/** What the digest and `/panic status` show. */
export interface RaidFacts {
  /** None where panic mode was never on. */
  readonly panic: Panic | null;
  readonly joinsLastMinute: number;
  readonly waiting: number;
  /** Those that wait longest, at most ten. */
  readonly oldest: ReadonlyArray<Application>;
}

/** Protection against raids (features.md F16). All of it is in rows: a restart changes nothing. */
export class Raid extends Context.Tag("app/Raid")<
  Raid,
  {
    readonly isPanicking: (guildId: GuildId) => Effect.Effect<boolean>;
    /** None where panic mode was never on. */
    readonly panic: (guildId: GuildId) => Effect.Effect<Option.Option<Panic>>;
    /** Closes the gate and has a digest stand for new cards. @returns `false` when it was on already. */
    readonly panicOn: (guildId: GuildId, by: UserId) => Effect.Effect<boolean, GuildNotSetUp>;
    /** Opens the gate; the cards that were held back are posted, one after the other. @returns `false` when it was off. */
    readonly panicOff: (guildId: GuildId, by: UserId) => Effect.Effect<boolean, GuildNotSetUp>;
    readonly facts: (guildId: GuildId) => Effect.Effect<RaidFacts>;
    /**
     * Looks whether recorded joins make a wave: then raises one alert for all of it, and turns panic mode on where the
     * guild wants that. To be called inside the transaction that records them.
     */
    readonly joined: (guildId: GuildId) => Effect.Effect<void>;
    /** Has the digest redrawn, once, however often it is asked within two seconds. */
    readonly redrawDigest: (guildId: GuildId) => Effect.Effect<void>;
    readonly setDigest: (guildId: GuildId, channelId: ChannelId, messageId: MessageId) => Effect.Effect<void>;
  }
>() {}

/** A raid changes the digest many times a second; Discord takes about one edit. */
const DIGEST_PAUSE_MILLIS = 2_000;
const QUEUE_MAX = 1_000;

const make = Effect.gen(function* () {
  const repo = yield* RaidRepo;
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const log = yield* LogChannel;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));
  const joins = (guildId: GuildId, at: Millis) =>
    repo.joinsSince(guildId, Millis.make(Math.max(at - WAVE_WINDOW_MILLIS, 0)));

  const isPanicking = (guildId: GuildId) =>
    Effect.map(
      repo.find(guildId),
      Option.exists(({ isOn }) => isOn),
    );

  const planDigest = (guildId: GuildId, channelId: ChannelId, pause: number) =>
    Effect.gen(function* () {
      // One that has begun may have looked already.
      if (yield* repo.digestWaits(guildId, [...outbox.underWay])) return;
      yield* outbox.plan(guildId, null, {
        consequence: { _tag: "DrawDigest", channelId },
        notBefore: Millis.make((yield* now) + pause),
      });
    });

  const turnOn = (guildId: GuildId, by: Panic["actor"], reason: string | null) =>
    Effect.gen(function* () {
      const { reviewChannelId } = yield* settings.get(guildId);
      if (!(yield* repo.switchTo(guildId, true, by, yield* now))) return false;
      yield* audit.record({ guildId, name: "panic_on", actor: by, reason });
      yield* planDigest(guildId, reviewChannelId, 0);
      return true;
    });

  return Raid.of({
    isPanicking,
    panic: repo.find,
    panicOn: (guildId, by) => outbox.commit(turnOn(guildId, by, null)),
    panicOff: (guildId, by) =>
      outbox.commit(
        Effect.gen(function* () {
          const { reviewChannelId } = yield* settings.get(guildId);
          if (!(yield* repo.switchTo(guildId, false, by, yield* now))) return false;
          yield* audit.record({ guildId, name: "panic_off", actor: by });
          yield* planDigest(guildId, reviewChannelId, 0);
          for (const application of yield* applications.queue(guildId, QUEUE_MAX)) {
            if (application.cardMessageId === null) {
              yield* outbox.drawCard(application, reviewChannelId, "outbox");
            }
          }
          return true;
        }),
      ),
    facts: (guildId) =>
      Effect.gen(function* () {
        const open = yield* applications.queue(guildId, QUEUE_MAX);
        return {
          panic: Option.getOrNull(yield* repo.find(guildId)),
          joinsLastMinute: yield* joins(guildId, yield* now),
          waiting: open.length,
          oldest: open.slice(0, 10),
        };
      }),
    joined: (guildId) =>
      Effect.gen(function* () {
        const found = yield* Effect.option(settings.get(guildId));
        if (Option.isNone(found) || found.value.joinWavePerMinute === 0) return;
        const { joinWavePerMinute, joinWavePanic, reviewChannelId } = found.value;
        const at = yield* now;
        const count = yield* joins(guildId, at);
        const wave = waveAfter(count, joinWavePerMinute, yield* repo.lastOfWave(guildId), at);
        if (wave === "calm") return;
        yield* repo.waveGoesOn(guildId, at);
        if (wave === "goes on") return;
        const reason = `${count} joins within a minute`;
        const panicked =
          joinWavePanic &&
          (yield* turnOn(guildId, SYSTEM_ACTOR, reason).pipe(
            Effect.catchTag("GuildNotSetUp", () => Effect.succeed(false)),
          ));
        const logging = yield* log.of(guildId);
        yield* outbox.plan(guildId, null, {
          consequence: {
            _tag: "JoinWaveAlert",
            channelId: Option.match(logging, {
              onNone: () => reviewChannelId,
              onSome: ({ channelId }) => channelId,
            }),
            joins: count,
            at,
            panicked: panicked || (yield* isPanicking(guildId)),
          },
        });
      }),
    redrawDigest: (guildId) =>
      outbox.commit(
        Effect.gen(function* () {
          const found = yield* Effect.option(settings.get(guildId));
          if (Option.isSome(found))
            yield* planDigest(guildId, found.value.reviewChannelId, DIGEST_PAUSE_MILLIS);
        }),
      ),
    setDigest: repo.setDigest,
  });
});

export const layer = Layer.effect(Raid, make);
