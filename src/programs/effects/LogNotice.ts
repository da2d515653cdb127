import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { logNotice as view, logNoticeMarker } from "../views/LogNotice.js";

export const logNotice: SideEffectHandler<"LogNotice", Discord> = ({ payload, effect, repeated }) =>
  Effect.as(
    sendOnce(
      payload.channelId,
      view(payload.problem, payload.at),
      { effect, repeated },
      logNoticeMarker(payload.at),
    ),
    Done(),
  );
