import { Clock, Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { render } from "../../domain/Template.js";
import { cut } from "../../domain/Text.js";
import type { Discord } from "../../layers/Discord.js";
import type { Applications } from "../../services/Applications.js";
import type { Settings } from "../../services/Settings.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { tokenValues } from "../views/Tokens.js";
import { gone, subjectOf } from "./subject.js";

/** The one message that pings: the person it welcomes, and nobody else. */
export const welcomePost: SideEffectHandler<"WelcomePost", Discord | Applications | Settings> = ({
  payload,
  effect,
  repeated,
}) =>
  Effect.gen(function* () {
    const subject = yield* subjectOf(effect);
    if (Option.isNone(subject)) return yield* gone;
    const { guild, settings, facts } = subject.value;
    const values = tokenValues(
      guild,
      { ...facts.application, id: payload.userId },
      yield* Clock.currentTimeMillis,
    );
    const content = cut(render(settings.welcomeTemplate, values), 2_000);
    yield* sendOnce(payload.channelId, { content, pings: [payload.userId] }, { effect, repeated }, content);
    return Done();
  });
