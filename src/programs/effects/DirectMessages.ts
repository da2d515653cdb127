import { Clock, Effect, Option } from "effect";
import type { Application } from "../../domain/Application.js";
import type { UserId } from "../../domain/Ids.js";
import { type ConsequenceKind, Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import type { GuildFacts } from "../../layers/discord/Guild.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { Applications } from "../../services/Applications.js";
import type { Settings } from "../../services/Settings.js";
import { sendOnce, type SideEffectHandler, type Work } from "../kit/SideEffectHandler.js";
import * as DirectMessages from "../views/DirectMessages.js";
import { tokenValues } from "../../domain/TokenValues.js";
import { gone, guildOf, subjectOf } from "./subject.js";

/** Closed direct messages are a recorded outcome, not an error. */
const deliver = (
  userId: UserId,
  payload: MessagePayload,
  work: Pick<Work<ConsequenceKind>, "effect" | "repeated">,
  marker: string,
) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const channel = yield* discord.openDm(userId);
    yield* sendOnce(channel, payload, work, marker);
    return Done();
  }).pipe(
    Effect.catchTag("CannotMessageUser", () => Effect.succeed(Done("dm_closed"))),
    Effect.catchIf(
      (error) => error._tag === "UnknownTarget" && error.target === "user",
      () => Effect.succeed(Done("left")),
    ),
  );

type MessageHandler<K extends ConsequenceKind> = SideEffectHandler<K, Discord | Applications | Settings>;

/** A message that depends on nothing but the application it is about. */
const notice = (
  userId: UserId,
  work: Pick<Work<ConsequenceKind>, "effect" | "repeated">,
  about: string,
  view: (guild: GuildFacts, application: Application) => MessagePayload,
) =>
  Effect.flatMap(
    subjectOf(work.effect),
    Option.match({
      onNone: () => gone,
      onSome: ({ guild, facts: { application } }) =>
        deliver(userId, view(guild, application), work, DirectMessages.dmMarker(application, about)),
    }),
  );

export const receivedMessage: MessageHandler<"ReceivedMessage"> = (work) =>
  notice(work.payload.userId, work, "received", DirectMessages.received);

export const resetMessage: MessageHandler<"ResetMessage"> = (work) =>
  notice(work.payload.userId, work, "reset", DirectMessages.reset);

export const decisionMessage: MessageHandler<"DecisionMessage"> = (work) =>
  Effect.gen(function* () {
    const subject = yield* subjectOf(work.effect);
    if (Option.isNone(subject)) return yield* gone;
    const { guild, settings, facts } = subject.value;
    const { application, reapplyAt } = facts;
    const { userId, topic, reason } = work.payload;
    const values = tokenValues(
      guild,
      settings,
      { ...application, id: userId },
      yield* Clock.currentTimeMillis,
    );
    const message = DirectMessages.decision(guild, settings, application, topic, reason, reapplyAt, values);
    return yield* deliver(userId, message, work, DirectMessages.dmMarker(application, topic));
  });

export const releasedMessage: SideEffectHandler<"ReleasedMessage", Discord | Settings> = (work) =>
  Effect.gen(function* () {
    const found = yield* guildOf(work.effect.guildId);
    if (Option.isNone(found)) return yield* gone;
    const { guild, settings } = found.value;
    const { userId, codes } = work.payload;
    return yield* deliver(
      userId,
      DirectMessages.released(guild, settings, codes),
      work,
      DirectMessages.releasedMarker(codes),
    );
  });
