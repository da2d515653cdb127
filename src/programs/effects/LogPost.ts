import { Effect, Option } from "effect";
import { Done, Failed, type SideEffect } from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import { AuditLog } from "../../services/AuditLog.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { logEmbeds } from "../views/LogEmbed.js";

const actionOf = ({ payload }: SideEffect) =>
  payload._tag === "LogPost"
    ? Effect.flatMap(AuditLog, (log) => log.find(payload.actionId))
    : Effect.succeed(Option.none());

/** Posts the rows of one batch in one message; what shares a batch was fixed before the first attempt. */
export const logPost: SideEffectHandler<"LogPost", Discord | AuditLog> = ({
  payload,
  effect,
  batch,
  repeated,
}) =>
  Effect.gen(function* () {
    const actions = (yield* Effect.forEach([effect, ...batch], actionOf))
      .filter(Option.isSome)
      .map(({ value }) => value);
    const [first] = actions;
    if (first === undefined) return Failed("The log row is not there.");
    yield* sendOnce(payload.channelId, logEmbeds(actions), { effect, repeated }, first.id);
    return Done();
  });
