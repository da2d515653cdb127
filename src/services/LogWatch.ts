import { Clock, Context, Effect, Layer, Option } from "effect";
import { type GuildId, Millis } from "../domain/Ids.js";
import { LogFallback, type LogState } from "./LogFallback.js";
import { Outbox } from "./Outbox.js";
import { LogNoticeRepo } from "./repos/LogNoticeRepo.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

/** Sees to it that people hear of a log that cannot be posted, and of one that can be again (features.md F9). */
export class LogWatch extends Context.Tag("app/LogWatch")<
  LogWatch,
  {
    /**
     * Looks at every guild's log. Where it has another problem than its admins know of, or none any more, a notice in the
     * review channel is planned: once, whatever is restarted meanwhile.
     * @returns what the operator has not heard since the bot started.
     */
    readonly check: Effect.Effect<ReadonlyArray<LogState>>;
  }
>() {}

const make = Effect.gen(function* () {
  const fallback = yield* LogFallback;
  const notices = yield* LogNoticeRepo;
  const outbox = yield* Outbox;
  const settings = yield* SettingsRepo;
  const heard = new Map<GuildId, string | null>();

  const tellAdmins = ({ guildId, problem, chosen }: LogState) =>
    outbox.commit(
      Effect.gen(function* () {
        const at = Millis.make(yield* Clock.currentTimeMillis);
        const isNews =
          problem === null ? yield* notices.remove(guildId) : yield* notices.put(guildId, problem, at);
        // Nothing is posted where no channel is wanted any more, and that is as it should be.
        if (!isNews || (problem === null && !chosen)) return;
        const guild = yield* settings.find(guildId);
        if (Option.isNone(guild)) return;
        yield* outbox.plan(guildId, null, {
          consequence: { _tag: "LogNotice", channelId: guild.value.reviewChannelId, problem, at },
        });
      }),
    );

  return LogWatch.of({
    check: Effect.gen(function* () {
      const states = yield* fallback.states;
      const known = new Map((yield* notices.all).map(({ guildId, problem }) => [guildId, problem]));
      const news: Array<LogState> = [];
      for (const state of states) {
        const { guildId, problem, parked } = state;
        // With entries still in the file, whether it works is about to be tried.
        if (problem === null && parked > 0) continue;
        if ((known.get(guildId) ?? null) !== problem) yield* tellAdmins(state);
        if ((heard.get(guildId) ?? null) === problem) continue;
        heard.set(guildId, problem);
        news.push(state);
      }
      return news;
    }),
  });
});

export const layer = Layer.effect(LogWatch, make);
