import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Clock, Context, Effect, Either, Layer, Redacted } from "effect";
import type { GuildId, UserId } from "../domain/Ids.js";
import { type Via, viaDetails } from "../domain/Moderator.js";
import {
  lockedUntil,
  PASSWORD_TRIES,
  PasswordLocked,
  type PasswordError,
  PasswordProof,
  recentTries,
  WrongPassword,
} from "../domain/Password.js";
import { AppConfig } from "../layers/Config.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";

/** One try at the shared password. */
export interface PasswordTry {
  readonly guildId: GuildId;
  readonly by: UserId;
  readonly typed: Redacted.Redacted;
  /** What it is to allow, as the log says it: `gate reset`. */
  readonly purpose: string;
  /** Where it was typed, if not in Discord: so say the rows of wrong tries, and the proof. */
  readonly via?: Via;
}

/** The shared `RESET_PASSWORD` (features.md F3), before anything that cannot be undone. */
export class Passwords extends Context.Tag("app/Passwords")<
  Passwords,
  {
    /**
     * Compares, in a transaction of its own. A wrong try is a `password_failed` row; five of them by one person in one
     * guild within 15 minutes keep that person out for 15 minutes, also after a restart. A try in that time is logged
     * too (reason `locked out`), but is not compared and does not prolong the pause. Tries at the same instant are
     * counted one after the other.
     */
    readonly check: (attempt: PasswordTry) => Effect.Effect<PasswordProof, PasswordError>;
  }
>() {}

export const LOCKED_OUT = "locked out";

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const actions = yield* ActionRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;

  // Digests have one length whatever was typed, and a key of this process keeps them from being guessed at.
  const key = randomBytes(32);
  const digest = (password: Redacted.Redacted) =>
    createHmac("sha256", key).update(Redacted.value(password)).digest();
  const expected = digest(config.resetPassword);
  const right = (typed: Redacted.Redacted) => timingSafeEqual(digest(typed), expected);

  return Passwords.of({
    check: ({ guildId, by, typed, purpose, via = "command" }) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const failed = (reason: string | null) =>
          audit.record({
            guildId,
            name: "password_failed",
            actor: by,
            reason,
            details: { purpose, ...viaDetails(via) },
          });
        const wrong = yield* actions.wrongPasswords(guildId, by, PASSWORD_TRIES);
        const until = lockedUntil(wrong, now);
        if (until !== null) {
          yield* failed(LOCKED_OUT);
          return Either.left(new PasswordLocked({ until }));
        }
        if (right(typed)) return Either.right(PasswordProof({ password: "given", ...viaDetails(via) }));
        yield* failed(null);
        const locked = lockedUntil(yield* actions.wrongPasswords(guildId, by, PASSWORD_TRIES), now);
        return Either.left(
          locked === null
            ? new WrongPassword({ left: PASSWORD_TRIES - 1 - recentTries(wrong, now) })
            : new PasswordLocked({ until: locked }),
        );
        // A wrong try is a success of the transaction: its row has to stay.
      }).pipe(outbox.commit, Effect.flatten),
  });
});

export const layer = Layer.effect(Passwords, make);
