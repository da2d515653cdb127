import { Array as Arr, Clock, Context, Effect, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import { type GuildId, Millis, PurgeId, type SideEffectId, type UserId } from "../domain/Ids.js";
import {
  type Fate,
  NobodyToRemove,
  PanicPurge as Purge,
  PREVIEW_LIFETIME_MILLIS,
  PURGE_MAX,
  PURGE_STEP,
  type PurgeBegun,
  PurgeBegunAlready,
  PurgeImpossible,
  PurgeOutdated,
  type PurgeProgress,
  type PurgeRefusal,
  type Spared,
} from "../domain/PanicPurge.js";
import type { PasswordProof } from "../domain/Password.js";
import { atLeast } from "../domain/Permission.js";
import type { Member } from "../domain/Person.js";
import type { GuildNotSetUp } from "../domain/Settings.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordError } from "../layers/discord/Errors.js";
import { AuditLog } from "./AuditLog.js";
import { freshId } from "./Identity.js";
import { Outbox } from "./Outbox.js";
import { Permissions } from "./Permissions.js";
import { Preflight } from "./Preflight.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { PanicPurgeRepo } from "./repos/PanicPurgeRepo.js";
import { Settings } from "./Settings.js";
import { Withdrawals } from "./Withdrawals.js";

/** What a purge would do, before anything is done. */
export interface PurgePreview {
  readonly purge: Purge;
  /** Who would be removed, the newest first. */
  readonly people: ReadonlyArray<Member>;
  readonly spared: Readonly<Record<Spared, number>>;
  /** How many have left again by themselves. */
  readonly left: number;
  /** There are more than fit into one purge. */
  readonly more: boolean;
}

/** Who of one step goes now, and who does not after all. */
export interface StepPlan {
  readonly people: ReadonlyArray<UserId>;
  readonly spared: ReadonlyArray<readonly [UserId, Spared]>;
}

/** What has come of one step. */
export interface StepOutcome extends Pick<StepPlan, "spared"> {
  readonly banned: ReadonlyArray<UserId>;
  readonly failed: ReadonlyArray<UserId>;
  /** Why those failed. */
  readonly reason: string;
}

/** Removing those who joined in a window (features.md F16, docs/decisions/0010). */
export class PanicPurge extends Context.Tag("app/PanicPurge")<
  PanicPurge,
  {
    /**
     * Who joined within the last `minutes` and would be removed. Staff (reviewers and above), bots, and whoever holds the
     * accepted role or was approved are spared. What is shown is stored: nobody else can be removed by confirming it.
     */
    readonly preview: (
      guildId: GuildId,
      by: UserId,
      minutes: number,
    ) => Effect.Effect<PurgePreview, GuildNotSetUp | PurgeRefusal | DiscordError>;
    /** A preview that can still be confirmed, and how many people it is about. */
    readonly confirmable: (
      guildId: GuildId,
      id: PurgeId,
    ) => Effect.Effect<{ readonly purge: Purge; readonly people: number }, PurgeRefusal>;
    /**
     * Begins what was shown, once: in one transaction the `purge` row of the log and a step of the outbox for each 200
     * people. Whoever was approved since, or is removed by another purge, is left out.
     */
    readonly begin: (
      guildId: GuildId,
      id: PurgeId,
      by: UserId,
      proof: PasswordProof,
    ) => Effect.Effect<PurgeBegun, PurgeRefusal>;
    /** Who of a step is still to be removed, asked of Discord anew. */
    readonly step: (guildId: GuildId, effectId: SideEffectId) => Effect.Effect<StepPlan, DiscordError>;
    /**
     * Stores what has come of a step, withdraws the open applications of those who are gone, and logs the result after
     * the last step.
     */
    readonly settle: (guildId: GuildId, id: PurgeId, outcome: StepOutcome) => Effect.Effect<void>;
    readonly progress: (guildId: GuildId, id: PurgeId) => Effect.Effect<Option.Option<PurgeProgress>>;
    /** The one that was begun last. */
    readonly latest: (guildId: GuildId) => Effect.Effect<Option.Option<PurgeProgress>>;
  }
>() {}

/** As many of those who could not be removed are named. */
const FAILURES_NAMED = 10;

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const discord = yield* Discord;
  const outbox = yield* Outbox;
  const permissions = yield* Permissions;
  const preflight = yield* Preflight;
  const repo = yield* PanicPurgeRepo;
  const settings = yield* Settings;
  const withdrawals = yield* Withdrawals;

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));

  /** Why a member is not removed, by what Discord says of them. */
  const sparedAs = (guildId: GuildId, member: Member): Effect.Effect<Spared | null> =>
    Effect.gen(function* () {
      if (member.bot) return "bot";
      if (atLeast(yield* permissions.rungOf(guildId, member), "reviewer")) return "staff";
      const guild = yield* Effect.option(settings.get(guildId));
      return Option.exists(guild, ({ acceptedRoleId }) => member.roles.includes(acceptedRoleId))
        ? "accepted"
        : null;
    });

  const countsOf = (id: PurgeId): Effect.Effect<Record<Fate, number>> =>
    Effect.map(repo.counts(id), (found) => ({
      shown: 0,
      planned: 0,
      banned: 0,
      failed: 0,
      spared: 0,
      ...Object.fromEntries(found.map(({ state, count }) => [state, count])),
    }));

  const find = (guildId: GuildId, id: PurgeId): Effect.Effect<Purge, PurgeRefusal> =>
    Effect.gen(function* () {
      const found = yield* repo.find(guildId, id);
      if (Option.isNone(found)) return yield* new PurgeOutdated();
      const { state, actor, shownAt, begunAt } = found.value;
      if (state === "begun") return yield* new PurgeBegunAlready({ by: actor, at: begunAt ?? shownAt });
      if ((yield* now) - shownAt > PREVIEW_LIFETIME_MILLIS) return yield* new PurgeOutdated();
      return found.value;
    });

  const progressOf = (purge: Purge): Effect.Effect<PurgeProgress> =>
    Effect.gen(function* () {
      return {
        purge,
        counts: yield* countsOf(purge.id),
        failures: yield* repo.failures(purge.id, FAILURES_NAMED),
      };
    });

  return PanicPurge.of({
    preview: (guildId, by, minutes) =>
      Effect.gen(function* () {
        yield* settings.get(guildId);
        const problems = yield* preflight.bulkBan(guildId);
        if (problems.length > 0) return yield* new PurgeImpossible({ problems });
        const at = yield* now;
        const since = Millis.make(Math.max(at - minutes * 60_000, 0));
        const found = yield* repo.joiners(guildId, since, PURGE_MAX + 1);
        const spared = { staff: 0, bot: 0, accepted: 0, "being removed already": 0 };
        const candidates: Array<UserId> = [];
        for (const { userId, approved, elsewhere } of found.slice(0, PURGE_MAX)) {
          if (elsewhere === 1) spared["being removed already"] += 1;
          else if (approved === 1) spared.accepted += 1;
          else candidates.push(userId);
        }
        // Asked before the transaction: nothing waits for the network inside one.
        const members = yield* discord.members(guildId, candidates);
        const people: Array<Member> = [];
        for (const userId of candidates) {
          const member = members.get(userId);
          if (member === undefined) continue;
          const why = yield* sparedAs(guildId, member);
          if (why === null) people.push(member);
          else spared[why] += 1;
        }
        const purge = Purge.make({
          id: yield* freshId(PurgeId),
          guildId,
          state: "shown",
          minutes,
          actor: by,
          shownAt: at,
          begunAt: null,
        });
        yield* outbox.commit(
          Effect.gen(function* () {
            yield* repo.forget(guildId, Millis.make(Math.max(at - PREVIEW_LIFETIME_MILLIS, 0)));
            yield* repo.show(
              purge,
              people.map(({ id }) => id),
            );
          }),
        );
        const left = candidates.filter((userId) => !members.has(userId)).length;
        return { purge, people, spared, left, more: found.length > PURGE_MAX };
      }),
    confirmable: (guildId, id) =>
      Effect.gen(function* () {
        const purge = yield* find(guildId, id);
        return { purge, people: (yield* countsOf(id)).shown };
      }),
    begin: (guildId, id, by, proof) =>
      outbox.commit(
        Effect.gen(function* () {
          const shown = yield* find(guildId, id);
          const at = yield* now;
          if (!(yield* repo.begin(id, by, at))) return yield* new PurgeBegunAlready({ by: shown.actor, at });
          const found = yield* repo.shown(shown);
          const accepted = found.filter(({ approved }) => approved === 1);
          const elsewhere = found.filter(({ approved, elsewhere }) => approved === 0 && elsewhere === 1);
          const people = found.filter(({ approved, elsewhere }) => approved === 0 && elsewhere === 0);
          if (people.length === 0) return yield* new NobodyToRemove();
          const ids = (some: typeof found) => some.map(({ userId }) => userId);
          yield* repo.setFate(id, ids(accepted), "spared", "accepted" satisfies Spared);
          yield* repo.setFate(id, ids(elsewhere), "spared", "being removed already" satisfies Spared);
          yield* audit.record({
            guildId,
            name: "purge",
            actor: by,
            details: {
              ...proof,
              purge: id,
              people: people.length,
              shown: found.length,
              joined_within_minutes: shown.minutes,
            },
          });
          const steps: Array<SideEffectId> = [];
          for (const some of Arr.chunksOf(ids(people), PURGE_STEP)) {
            const effectId = yield* outbox.plan(guildId, null, {
              consequence: { _tag: "BulkBan", purgeId: id },
            });
            yield* repo.plan(id, some, effectId);
            steps.push(effectId);
          }
          return {
            purge: Purge.make({ ...shown, state: "begun", actor: by, begunAt: at }),
            people: people.length,
            spared: found.length - people.length,
            steps,
          };
        }),
      ),
    step: (guildId, effectId) =>
      Effect.gen(function* () {
        const planned = yield* repo.planned(effectId);
        const members = yield* discord.members(
          guildId,
          planned.map(({ userId }) => userId),
        );
        const people: Array<UserId> = [];
        const spared: Array<readonly [UserId, Spared]> = [];
        for (const { userId, approved } of planned) {
          const member = members.get(userId);
          const why =
            approved === 1 ? "accepted" : member === undefined ? null : yield* sparedAs(guildId, member);
          // Whoever has left meanwhile is kept out too.
          if (why === null) people.push(userId);
          else spared.push([userId, why]);
        }
        return { people, spared };
      }),
    settle: (guildId, id, { banned, failed, reason, spared }) =>
      outbox.commit(
        Effect.gen(function* () {
          yield* repo.setFate(id, banned, "banned", null);
          yield* repo.setFate(id, failed, "failed", reason);
          for (const [userId, why] of spared) yield* repo.setFate(id, [userId], "spared", why);
          for (const userId of banned) {
            const open = yield* applications.findOpenOf(guildId, userId);
            if (Option.isNone(open)) continue;
            // Nobody can be faster inside a transaction.
            yield* Effect.orDie(withdrawals.end(open.value, { by: SYSTEM_ACTOR, reason: "left the server" }));
          }
          const counts = yield* countsOf(id);
          if (counts.planned > 0) return;
          yield* audit.record({
            guildId,
            name: "purge",
            actor: SYSTEM_ACTOR,
            details: {
              purge: id,
              removed: counts.banned,
              not_removed: counts.failed,
              spared: counts.spared,
            },
          });
        }),
      ),
    progress: (guildId, id) => Effect.flatMap(repo.find(guildId, id), Effect.transposeMapOption(progressOf)),
    latest: (guildId) => Effect.flatMap(repo.latest(guildId), Effect.transposeMapOption(progressOf)),
  });
});

export const layer = Layer.effect(PanicPurge, make);
