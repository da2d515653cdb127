import { Array as Arr, Context, Effect, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import type { Application } from "../domain/Application.js";
import type { GuildId, Millis, RoleId, UserId } from "../domain/Ids.js";
import { byHandDetails, heldAfter } from "../domain/RoleByHand.js";
import type { GuildSettings } from "../domain/Settings.js";
import { Discord, type GuildMember } from "../layers/Discord.js";
import { Applications } from "./Applications.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { ApplicationRepo, type RoleRecord } from "./repos/ApplicationRepo.js";
import { Settings } from "./Settings.js";

/** A member as Discord says they are now. */
export interface MemberNow {
  readonly guildId: GuildId;
  readonly userId: UserId;
  readonly roles: ReadonlyArray<RoleId>;
  readonly joinedAt: Millis | null;
}

/** Notices when the accepted role comes or goes without a decision (features.md F6). */
export class RoleWatch extends Context.Tag("app/RoleWatch")<
  RoleWatch,
  {
    /**
     * Compares with what the log says of this person's role; a difference is logged as `role_granted`, by whom Discord's
     * audit log names, and the card is redrawn. Nothing for people who never applied.
     */
    readonly memberUpdated: (member: MemberNow) => Effect.Effect<void>;
    /**
     * The same for many members of one guild at once, of whom it is not known whether anything has changed. Silent about
     * the role of an approved person of whom the log says nothing: that was not a hand.
     */
    readonly compare: (guild: GuildSettings, members: ReadonlyArray<GuildMember>) => Effect.Effect<void>;
  }
>() {}

/** People looked up by one statement. */
const AT_ONCE = 100;

/** Whether a closer look is worth its price. */
const mayDiffer = (
  { status, details, failed }: RoleRecord,
  roles: ReadonlyArray<RoleId>,
  roleId: RoleId,
): boolean => {
  const held = roles.includes(roleId);
  const known = details?.["role"] === roleId;
  if ((known && heldAfter({ details })) === held) return false;
  return known || status !== "approved" || failed === 1;
};

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;
  const applications = yield* Applications;
  const audit = yield* AuditLog;
  const discord = yield* Discord;
  const outbox = yield* Outbox;
  const repo = yield* ApplicationRepo;
  const settings = yield* Settings;

  /** Whether somebody's hand has changed the role since the last row about it. */
  const differs = (application: Application, { roles, joinedAt }: MemberNow, roleId: RoleId) =>
    Effect.gen(function* () {
      const held = roles.includes(roleId);
      const last = yield* actions.newest(application.id, "role_granted");
      const known = Option.filter(last, ({ details }) => details?.["role"] === roleId);
      if (Option.exists(known, heldAfter) === held) return false;
      // Who leaves loses every role; coming back is nobody's doing.
      if (!held && Option.exists(known, ({ at }) => joinedAt !== null && joinedAt > at)) return false;
      const granting = (yield* outbox.ofApplication(application.id)).some(
        ({ kind, state }) => kind === "GrantRole" && state === "waiting",
      );
      return !(held && granting);
    });

  const memberUpdated = (member: MemberNow): Effect.Effect<void> =>
    Effect.gen(function* () {
      const { guildId, userId } = member;
      const guild = yield* settings.get(guildId);
      const application = yield* applications.resolve(guildId, { _tag: "Person", userId });
      const roleId = guild.acceptedRoleId;
      if (!(yield* differs(application, member, roleId))) return;
      // Asked before the transaction: nothing waits for the network inside one.
      const by = yield* Effect.catchAll(discord.roleChangedBy(guildId, userId, roleId), (error) =>
        Effect.as(Effect.logDebug("Who changed a role is not known", { error: error._tag }), null),
      );
      if (by === "the bot") return;
      yield* outbox.commit(
        Effect.gen(function* () {
          if (!(yield* differs(application, member, roleId))) return;
          yield* audit.record({
            guildId,
            name: "role_granted",
            actor: by ?? SYSTEM_ACTOR,
            target: userId,
            applicationId: application.id,
            reason: "by hand",
            details: byHandDetails(roleId, member.roles.includes(roleId), application.code),
          });
          const { application: now } = yield* applications.find(guildId, application.id);
          yield* outbox.drawCard(now, guild.reviewChannelId, "outbox");
        }),
      );
    }).pipe(Effect.catchTags({ ApplicationNotFound: () => Effect.void, GuildNotSetUp: () => Effect.void }));

  return RoleWatch.of({
    memberUpdated,
    compare: ({ guildId, acceptedRoleId }, members) =>
      Effect.gen(function* () {
        const people = new Map(members.map((member) => [member.id, member]));
        for (const ids of Arr.chunksOf(people.keys(), AT_ONCE)) {
          for (const record of yield* repo.roleRecords(guildId, ids)) {
            const member = people.get(record.userId);
            if (member === undefined || !mayDiffer(record, member.roles, acceptedRoleId)) continue;
            const { id: userId, roles, joinedAt } = member;
            yield* memberUpdated({ guildId, userId, roles, joinedAt });
          }
          yield* Effect.yieldNow();
        }
      }),
  });
});

export const layer = Layer.effect(RoleWatch, make);
