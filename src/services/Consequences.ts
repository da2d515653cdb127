import { Effect } from "effect";
import { type Application, DECIDED_STATUS, type DecisionKind } from "../domain/Application.js";
import type { SideEffectId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import type { Outbox } from "./Outbox.js";

/** What has to happen in Discord after a decision, and in which order (features.md F6). Inside `commit`. */
export const planConsequences = (
  outbox: typeof Outbox.Service,
  application: Application,
  guild: GuildSettings,
  kind: DecisionKind,
  reason: string | null,
) =>
  Effect.gen(function* () {
    const { guildId, id, userId } = application;
    // What is said to an approval is a note among moderators.
    const told = kind === "approve" ? null : reason;
    const message = (after: ReadonlyArray<SideEffectId> = []) =>
      outbox.plan(guildId, id, {
        consequence: { _tag: "DecisionMessage", userId, topic: DECIDED_STATUS[kind], reason: told },
        after,
      });
    switch (kind) {
      case "approve": {
        const role = yield* outbox.plan(guildId, id, {
          consequence: { _tag: "GrantRole", userId, roleId: guild.acceptedRoleId },
        });
        yield* message();
        yield* outbox.plan(guildId, id, {
          consequence: { _tag: "WelcomePost", channelId: guild.generalChannelId, userId },
          needs: [role],
        });
        return;
      }
      case "kick": {
        // Somebody who shares no server with the bot cannot be written to: the message goes first.
        const told = yield* message();
        yield* outbox.plan(guildId, id, {
          consequence: { _tag: "KickMember", userId, reason },
          after: [told],
        });
        return;
      }
      case "reject":
      case "perm_reject":
        yield* message();
    }
  });
