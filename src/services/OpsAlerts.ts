import * as SqlClient from "@effect/sql/SqlClient";
import { Clock, Context, Effect, Equal, Layer } from "effect";
import { Millis } from "../domain/Ids.js";
import { type AlertState, judge, type Judgement, type OpsAlert } from "../domain/OpsAlert.js";
import { AppConfig } from "../layers/Config.js";
import * as Instruments from "../layers/Instruments.js";
import { Machine } from "../layers/Machine.js";
import { Health } from "./Health.js";
import { OpsAlertRepo } from "./repos/OpsAlertRepo.js";
import { transaction } from "./repos/Repo.js";

/** Something to tell operators, counted as tried. */
export interface DueAlert extends Judgement {
  readonly alert: OpsAlert;
}

/** Trouble that operators should hear of without asking (features.md F14). */
export class OpsAlerts extends Context.Tag("app/OpsAlerts")<
  OpsAlerts,
  {
    /**
     * Measures, and says what to tell now. Each is counted as tried before it is handed out, so that a process which
     * dies while telling does not tell for ever; one that was tried too often is logged and waits for the cool-down.
     */
    readonly due: Effect.Effect<ReadonlyArray<DueAlert>>;
    /** These were told: they are quiet until the cool-down is over. */
    readonly told: (alerts: ReadonlyArray<DueAlert>) => Effect.Effect<void>;
  }
>() {}

/** Over which time answers are measured. */
const ANSWER_MINUTES = 15;

const isDue = (judgement: Judgement): judgement is DueAlert => judgement.alert !== null;

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const { alerts: limits } = yield* AppConfig;
  const health = yield* Health;
  const machine = yield* Machine;
  const repo = yield* OpsAlertRepo;

  const readings = Effect.gen(function* () {
    const { effects, gateway } = yield* health.report;
    const { count, value } = yield* Instruments.responseP95(ANSWER_MINUTES);
    const { databaseBytes, walBytes, fallbackBytes, freeBytes } = yield* machine.storage;
    return {
      waitingEffects: effects.waiting,
      failedEffects: effects.failed,
      answers: { count, p95Millis: value },
      pingMillis: gateway.pingMillis,
      fallbackBytes,
      databaseBytes: databaseBytes + walBytes,
      freeBytes,
    };
  });

  /** Most checks find nothing new and write nothing. */
  const remember = (states: ReadonlyArray<AlertState>) =>
    Effect.gen(function* () {
      const stored = yield* repo.all;
      const changed = states.filter((state) => !stored.some((one) => Equal.equals(one, state)));
      if (changed.length === 0) return;
      yield* transaction(sql)(Effect.forEach(changed, repo.put, { discard: true }));
    });

  return OpsAlerts.of({
    due: Effect.gen(function* () {
      const stored = yield* repo.all;
      const now = Millis.make(yield* Clock.currentTimeMillis);
      const judged = judge(yield* readings, limits, stored, now);
      yield* remember(judged.map(({ until }) => until));
      for (const { givenUp, until } of judged) {
        if (givenUp) {
          yield* Effect.logError(
            "An alert could not be told to operators, and was tried often enough for now. Check HEALTH_ALERT_WEBHOOK, or LOGGING_CHANNEL without one",
            { alert: until.kind },
          );
        }
      }
      return judged.filter(isDue);
    }),
    told: (alerts) => remember(alerts.map(({ then }) => then)),
  });
});

export const layer = Layer.effect(OpsAlerts, make);
