import { Context, Effect, Layer, Option } from "effect";
import { NotBlocked } from "../domain/Block.js";
import type { GuildId, UserId } from "../domain/Ids.js";
import { type Moderator, viaDetails } from "../domain/Moderator.js";
import type { GuildNotSetUp } from "../domain/Settings.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { BlockRepo } from "./repos/BlockRepo.js";
import { Settings } from "./Settings.js";

/** People who may not apply here again (features.md F5). */
export class Blocks extends Context.Tag("app/Blocks")<
  Blocks,
  {
    /**
     * Lifts what a permanent rejection or a kick left behind, logs it as `unblock` and has the card of that application
     * redrawn. The person need not be in the guild.
     */
    readonly lift: (
      guildId: GuildId,
      userId: UserId,
      by: Pick<Moderator, "id" | "via">,
      reason: string,
    ) => Effect.Effect<void, NotBlocked | GuildNotSetUp>;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const blocks = yield* BlockRepo;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  return Blocks.of({
    lift: (guildId, userId, by, reason) =>
      outbox.commit(
        Effect.gen(function* () {
          const { reviewChannelId } = yield* settings.get(guildId);
          const lifted = yield* blocks.remove(guildId, userId);
          if (Option.isNone(lifted)) return yield* new NotBlocked({ userId });
          const { applicationId } = lifted.value;
          const application = yield* applications.find(guildId, applicationId);
          yield* audit.record({
            guildId,
            name: "unblock",
            actor: by.id,
            target: userId,
            applicationId,
            reason,
            details: {
              ...Option.match(application, { onNone: () => ({}), onSome: ({ code }) => ({ code }) }),
              ...viaDetails(by.via),
            },
          });
          if (Option.isSome(application)) {
            yield* outbox.drawCard(application.value, reviewChannelId, "outbox");
          }
        }),
      ),
  });
});

export const layer = Layer.effect(Blocks, make);
