import { Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import { Flags } from "../../services/Flags.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { flagAlert, flagMarker } from "../views/Flags.js";

/** A flag that was taken away before its alert went out is not told any more. */
export const flagPost: SideEffectHandler<"FlagPost", Discord | Flags> = ({ payload, effect, repeated }) =>
  Effect.gen(function* () {
    const flags = yield* Flags;
    const flag = Option.filter(yield* flags.find(payload.flagId), ({ closedAt }) => closedAt === null);
    if (Option.isNone(flag)) return Done("not_needed");
    const { channelId, message } = payload;
    const alert = flagAlert(flag.value, message);
    yield* sendOnce(channelId, alert, { effect, repeated }, flagMarker(flag.value));
    return Done();
  });
