import { Context, Effect, Layer } from "effect";
import type { Finding } from "../domain/Finding.js";
import type { GuildId, Millis } from "../domain/Ids.js";
import type { GuildNotSetUp } from "../domain/Settings.js";
import { Applications } from "./Applications.js";
import { Outbox } from "./Outbox.js";
import { Preflight } from "./Preflight.js";
import type { StatusCount } from "./repos/ApplicationRepo.js";
import type { KindCount } from "./repos/SideEffectRepo.js";
import { Settings } from "./Settings.js";

export type { KindCount } from "./repos/SideEffectRepo.js";

export interface GateStatusReport {
  readonly counts: ReadonlyArray<StatusCount>;
  /** Since when the longest waiting application waits, claimed or not. */
  readonly oldest: Millis | null;
  /** Side effects that failed for good, by kind. */
  readonly failed: ReadonlyArray<KindCount>;
  readonly findings: ReadonlyArray<Finding>;
}

/** How a guild's gate is doing (features.md F4). */
export class GateStatus extends Context.Tag("app/GateStatus")<
  GateStatus,
  { readonly report: (guildId: GuildId) => Effect.Effect<GateStatusReport, GuildNotSetUp> }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* Applications;
  const outbox = yield* Outbox;
  const preflight = yield* Preflight;
  const settings = yield* Settings;

  return GateStatus.of({
    report: (guildId) =>
      Effect.gen(function* () {
        const guild = yield* settings.get(guildId);
        const [oldest] = yield* applications.queue(guildId, 1);
        return {
          counts: yield* applications.counts(guildId),
          oldest: oldest?.submittedAt ?? null,
          failed: yield* outbox.failedIn(guildId),
          findings: yield* preflight.check(guildId, guild),
        };
      }),
  });
});

export const layer = Layer.effect(GateStatus, make);
