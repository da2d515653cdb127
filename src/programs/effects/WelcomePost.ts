import { Clock, Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import type { Discord } from "../../layers/Discord.js";
import type { Applications } from "../../services/Applications.js";
import type { Settings } from "../../services/Settings.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { tokenValues } from "../../domain/TokenValues.js";
import { isWelcomeOf, welcome } from "../views/Welcome.js";
import { gone, subjectOf } from "./subject.js";

/** The one message that pings: the person it welcomes and the ping role, and nobody else. */
export const welcomePost: SideEffectHandler<"WelcomePost", Discord | Applications | Settings> = ({
  payload,
  effect,
  repeated,
}) =>
  Effect.gen(function* () {
    const subject = yield* subjectOf(effect);
    if (Option.isNone(subject)) return yield* gone;
    const { guild, settings, facts } = subject.value;
    const { channelId, userId } = payload;
    const applicant = { ...facts.application, id: userId };
    const values = tokenValues(guild, settings, applicant, yield* Clock.currentTimeMillis);
    yield* sendOnce(channelId, welcome(settings, userId, values), { effect, repeated }, isWelcomeOf(userId));
    return Done();
  });
