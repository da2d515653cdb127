import { Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import type { Applications } from "../../services/Applications.js";
import type { Settings } from "../../services/Settings.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { pingPost } from "../views/Ping.js";
import { gone, subjectOf } from "./subject.js";

/** Mentions the applicant and nobody else, unless the application was decided or withdrawn in the meantime. */
export const postPing: SideEffectHandler<"PingPost", Applications | Discord | Settings> = ({
  payload,
  effect,
  repeated,
}) =>
  Effect.gen(function* () {
    const subject = yield* subjectOf(effect);
    if (Option.isNone(subject)) return yield* gone;
    const { application } = subject.value.facts;
    if (application.status !== "pending" && application.status !== "claimed") return Done("not_needed");
    const { channelId, userId } = payload;
    const message = pingPost(userId, application.code);
    const messageId = yield* sendOnce(channelId, message, { effect, repeated }, message.content);
    return Done(null, { channelId, messageId, mayBeOld: false });
  });
