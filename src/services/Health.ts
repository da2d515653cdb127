import { Clock, Context, Effect, Layer } from "effect";
import * as SqlClient from "@effect/sql/SqlClient";
import { Discord } from "../layers/Discord.js";
import { Settlement } from "./Settlement.js";

export interface HealthReport {
  readonly ok: boolean;
  readonly database: boolean;
  readonly gateway: boolean;
  readonly pingMillis: number | null;
  readonly uptimeSeconds: number;
  /** Side effects that are still to be done, and those that failed for good. */
  readonly effects: { readonly waiting: number; readonly failed: number };
}

/** Whether the bot can do its work at this moment. */
export class Health extends Context.Tag("app/Health")<
  Health,
  { readonly report: Effect.Effect<HealthReport> }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const discord = yield* Discord;
  const settlement = yield* Settlement;
  const started = yield* Clock.currentTimeMillis;

  return Health.of({
    report: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      const database = yield* Effect.isSuccess(sql`SELECT 1`);
      const { connected, pingMillis } = yield* discord.health;
      const counts = database ? yield* settlement.counts : [];
      const count = (state: string) => counts.find((row) => row.state === state)?.count ?? 0;
      return {
        ok: database && connected,
        database,
        gateway: connected,
        pingMillis,
        uptimeSeconds: Math.floor((now - started) / 1000),
        effects: { waiting: count("waiting"), failed: count("failed") },
      };
    }),
  });
});

export const layer = Layer.effect(Health, make);
