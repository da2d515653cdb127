import { Effect, Option } from "effect";
import {
  type Attempt,
  Done,
  Failed,
  Parked,
  Retry,
  type SideEffect,
  Waiting,
} from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import { AuditLog } from "../../services/AuditLog.js";
import { LogFallback, type Parked as Entry } from "../../services/LogFallback.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { describe } from "../views/ErrorText.js";
import { logEmbeds } from "../views/LogEmbed.js";

const entryOf = ({ id, payload }: SideEffect): Effect.Effect<Option.Option<Entry>, never, AuditLog> =>
  payload._tag === "LogPost"
    ? Effect.flatMap(AuditLog, (log) => log.find(payload.actionId)).pipe(
        Effect.map(Option.map((action) => ({ effectId: id, action }))),
      )
    : Effect.succeedNone;

/** The channel is gone, or is not the bot's to write in: what the file is for. */
const isRefusal = (error: DiscordError) =>
  error._tag === "MissingPermission" || (error._tag === "UnknownTarget" && error.target === "channel");

/**
 * Posts the rows of one batch in one message; what shares a batch was fixed before the first attempt. Where the channel
 * cannot take them they go to the fallback file, and where that cannot be written they wait.
 */
export const logPost: SideEffectHandler<"LogPost", Discord | AuditLog | LogFallback> = ({
  effect,
  batch,
  repeated,
}) =>
  Effect.gen(function* () {
    const fallback = yield* LogFallback;
    const entries = Option.getOrElse(
      Option.all(yield* Effect.forEach([effect, ...batch], entryOf)),
      () => [],
    );
    const [first] = entries;
    if (first === undefined) return Failed("The log row is not there.");
    const { guildId } = effect;

    const park = (reason: string): Effect.Effect<Attempt> =>
      Effect.match(fallback.write(entries, reason), {
        onSuccess: () => Parked(reason, repeated),
        onFailure: ({ message }) => Retry(`${reason} ${message}`),
      });

    const target = yield* fallback.target(guildId);
    if (target._tag === "Wait") return Waiting(target.reason);
    if (target._tag === "Park") return yield* park(target.reason);
    const { channelId } = target;
    const message = logEmbeds(entries.map(({ action }) => action));
    const post = (again: boolean) =>
      sendOnce(channelId, message, { effect, repeated: again }, first.action.id);
    return yield* post(repeated).pipe(
      // Whether it was posted before cannot be looked up: rather twice than not at all.
      Effect.catchIf(
        (error) => error._tag === "MissingPermission" && error.permission === "Read Message History",
        () => post(false),
      ),
      Effect.as(Done()),
      Effect.catchIf(isRefusal, (error) =>
        Effect.zipRight(fallback.refused(guildId, channelId), park(describe(error))),
      ),
    );
  });
