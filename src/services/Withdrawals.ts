import { Clock, Context, Effect, Layer, Option } from "effect";
import { type SYSTEM_ACTOR } from "../domain/Action.js";
import {
  type Application,
  ApplicationNotFound,
  IllegalTransition,
  transition,
  type TransitionError,
} from "../domain/Application.js";
import { type GuildId, Millis, type ShortCode, type UserId } from "../domain/Ids.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { Settings } from "./Settings.js";

/** Why an application ends without a decision. */
export interface Ending {
  readonly by: UserId | typeof SYSTEM_ACTOR;
  readonly reason: "left the server" | "taken back by the applicant" | "gate reset";
}

/** Applications that end without a decision (features.md F5). */
export class Withdrawals extends Context.Tag("app/Withdrawals")<
  Withdrawals,
  {
    /**
     * Ends one and logs `withdraw`; its card says so. Inside `commit`. Fails with what the application has become where
     * somebody was faster.
     */
    readonly end: (application: Application, ending: Ending) => Effect.Effect<Application, TransitionError>;
    /** An applicant takes the application of that code back; nobody else can. */
    readonly takeBack: (
      guildId: GuildId,
      userId: UserId,
      code: ShortCode,
    ) => Effect.Effect<Application, ApplicationNotFound | TransitionError>;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const end = (application: Application, { by, reason }: Ending) =>
    Effect.gen(function* () {
      const { id, guildId, userId, code, status, decidedBy } = application;
      const now = Millis.make(yield* Clock.currentTimeMillis);
      yield* transition(application, { _tag: "withdraw" });
      const changed = yield* applications.change(application, { status: "withdrawn" }, now);
      if (Option.isNone(changed))
        return yield* new IllegalTransition({ code, status, decidedBy, attempted: "withdraw" });
      if (reason === "left the server") yield* applications.markLeft(id, now);
      yield* audit.record({
        guildId,
        name: "withdraw",
        actor: by,
        target: userId,
        applicationId: id,
        reason,
        details: { code },
      });
      const guild = yield* Effect.option(settings.get(guildId));
      // What was never sent has no card.
      if (status !== "draft" && Option.isSome(guild)) {
        yield* outbox.drawCard(changed.value, guild.value.reviewChannelId, "outbox");
      }
      return changed.value;
    });

  return Withdrawals.of({
    end,
    takeBack: (guildId, userId, code) =>
      outbox.commit(
        Effect.gen(function* () {
          const found = Option.filter(
            yield* applications.findByCode(guildId, code),
            (application) => application.userId === userId,
          );
          if (Option.isNone(found)) return yield* new ApplicationNotFound({ reference: code });
          return yield* end(found.value, { by: userId, reason: "taken back by the applicant" });
        }),
      ),
  });
});

export const layer = Layer.effect(Withdrawals, make);
