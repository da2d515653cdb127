import { Schema } from "effect";
import { ActionId, ApplicationId, GuildId, Millis, UserId } from "./Ids.js";

/** features.md F9: a closed list of permanent names. Nothing is ever renamed or removed. */
export const ActionName = Schema.Literal(
  "member_join",
  "app_submitted",
  "claim",
  "unclaim",
  "approve",
  "reject",
  "perm_reject",
  "kick",
  "unblock",
  "withdraw",
  "stale_release",
  "modmail_open",
  "modmail_close",
  "modmail_reopen",
  "flag",
  "unflag",
  "send",
  "purge",
  "config_change",
  "password_failed",
  "metrics_reset",
  "gate_reset",
  "export",
  "login",
  "logout",
  "backup",
  "restore",
  "panic_on",
  "panic_off",
  "role_granted",
  "effect_failed",
);
export type ActionName = typeof ActionName.Type;

/** Who did it when nobody did: the bot itself. */
export const SYSTEM_ACTOR = "system";

export const Details = Schema.Record({
  key: Schema.String,
  value: Schema.Union(Schema.String, Schema.Number, Schema.Boolean, Schema.Null),
});
export type Details = typeof Details.Type;

/** One row of a guild's log. Rows are never changed and are chained by hash. */
export class Action extends Schema.Class<Action>("Action")({
  id: ActionId,
  guildId: GuildId,
  /** 1, 2, 3 … within the guild, without a gap. */
  seq: Schema.Int,
  name: ActionName,
  actor: Schema.Union(UserId, Schema.Literal(SYSTEM_ACTOR)),
  target: Schema.NullOr(UserId),
  applicationId: Schema.NullOr(ApplicationId),
  ticketId: Schema.NullOr(Schema.String),
  reason: Schema.NullOr(Schema.String),
  details: Schema.NullOr(Schema.parseJson(Details)),
  at: Millis,
  prevHash: Schema.String,
  hash: Schema.String,
}) {}

/** Which rows of a guild's log; everything that is there has to hold. */
export interface LogFilter {
  /** One of these. */
  readonly names?: ReadonlyArray<ActionName>;
  readonly actor?: UserId | typeof SYSTEM_ACTOR;
  readonly target?: UserId;
  readonly applicationId?: ApplicationId;
  /** From then on. */
  readonly from?: Millis;
  /** Before then. */
  readonly to?: Millis;
}

/** A place in the log, newest first. It stays a place whatever is written meanwhile. */
export const LogKey = Schema.Struct({ at: Millis, seq: Schema.Int });
export type LogKey = typeof LogKey.Type;

/** What a row's hash covers; `details` as the text that is stored, since the hash covers its bytes. */
export interface Hashed {
  readonly id: string;
  readonly guildId: string;
  readonly seq: number;
  readonly name: string;
  readonly actor: string;
  readonly target: string | null;
  readonly applicationId: string | null;
  readonly ticketId: string | null;
  readonly reason: string | null;
  readonly details: string | null;
  readonly at: number;
  readonly prevHash: string;
}

/** The fields a hash covers, in this order and for ever. */
export const hashInput = (row: { readonly [K in keyof Hashed]: unknown }): string =>
  JSON.stringify([
    row.prevHash,
    row.id,
    row.guildId,
    row.seq,
    row.name,
    row.actor,
    row.target,
    row.applicationId,
    row.ticketId,
    row.reason,
    row.details,
    row.at,
  ]);

/** The hash before a guild's first row. */
export const GENESIS_HASH = "0".repeat(64);
