import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import { type Backup, type BackupFailed, readName } from "../../domain/Backup.js";
import { VERSION } from "../../domain/Version.js";
import { Backups } from "../../services/Backups.js";
import { GateReset } from "../../services/GateReset.js";
import { Health } from "../../services/Health.js";
import { Outbox } from "../../services/Outbox.js";
import { Passwords } from "../../services/Passwords.js";
import { BackupsFailed, BotHealth } from "../api/Admin.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";

const rowOf = ({ name, bytes }: Backup) => ({ name, bytes, ...readName(name) });

/** Why is for whoever reads the log: it names files of this machine. */
const untold = (error: BackupFailed) =>
  Effect.zipRight(
    Effect.logWarning("The backups could not be used from the web", error),
    Effect.fail(new BackupsFailed()),
  );

export const adminHandlers = HttpApiBuilder.group(Api, "admin", (handlers) =>
  Effect.gen(function* () {
    const backups = yield* Backups;
    const health = yield* Health;
    const outbox = yield* Outbox;
    const passwords = yield* Passwords;
    const resets = yield* GateReset;

    return handlers
      .handle("resetData", ({ payload: { password, version } }) =>
        Effect.gen(function* () {
          const { guildId, session } = yield* CurrentAdmin;
          const by = session.userId;
          // Before the password: a second press costs no try.
          yield* resets.stillAs(guildId, version);
          const purpose = "gate reset";
          const proof = yield* passwords.check({ guildId, by, typed: password, purpose, via: "web" });
          const { withdrawn } = yield* resets.reset(guildId, by, proof, version);
          return { withdrawn };
        }),
      )
      .handle("health", () =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const { gateway, ...report } = yield* health.report;
          return BotHealth.make({
            ...report,
            version: VERSION,
            gateway: { connected: gateway.connected, pingMillis: gateway.pingMillis },
            failedHere: yield* outbox.failedIn(guildId),
          });
        }),
      )
      .handle("backups", () =>
        backups.list.pipe(
          Effect.catchAll(untold),
          Effect.map((all) => ({ backups: all.map(rowOf) })),
        ),
      )
      .handle("backUp", () =>
        Effect.gen(function* () {
          const { session } = yield* CurrentAdmin;
          return rowOf(yield* Effect.catchAll(backups.byHand(session.userId, "web"), untold));
        }),
      );
  }),
);
