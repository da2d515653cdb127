import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer } from "effect";
import { AlertState } from "../../domain/OpsAlert.js";
import { rows, run } from "./Repo.js";

export class OpsAlertRepo extends Context.Tag("app/OpsAlertRepo")<
  OpsAlertRepo,
  {
    readonly all: Effect.Effect<ReadonlyArray<AlertState>>;
    readonly put: (state: AlertState) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const many = rows(AlertState);
  return OpsAlertRepo.of({
    all: many(sql`SELECT * FROM ops_alert`),
    put: ({ kind, state, since, calmSince, toldAt, value, tries }) =>
      run(sql`INSERT INTO ops_alert ${sql.insert({ kind, state, since, calmSince, toldAt, value, tries })}
              ON CONFLICT (kind) DO UPDATE SET
                state = excluded.state, since = excluded.since, calm_since = excluded.calm_since,
                told_at = excluded.told_at, value = excluded.value, tries = excluded.tries`),
  });
});

export const layer = Layer.effect(OpsAlertRepo, make);
