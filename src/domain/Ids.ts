import { Schema } from "effect";

/** A Discord id: 17 to 20 decimal digits, kept as text because it does not fit a JavaScript number. */
const Snowflake = Schema.String.pipe(Schema.pattern(/^\d{17,20}$/));

export const GuildId = Snowflake.pipe(Schema.brand("GuildId"));
export type GuildId = typeof GuildId.Type;

export const UserId = Snowflake.pipe(Schema.brand("UserId"));
export type UserId = typeof UserId.Type;

export const ChannelId = Snowflake.pipe(Schema.brand("ChannelId"));
export type ChannelId = typeof ChannelId.Type;

export const RoleId = Snowflake.pipe(Schema.brand("RoleId"));
export type RoleId = typeof RoleId.Type;

export const MessageId = Snowflake.pipe(Schema.brand("MessageId"));
export type MessageId = typeof MessageId.Type;

export const InteractionId = Snowflake.pipe(Schema.brand("InteractionId"));
export type InteractionId = typeof InteractionId.Type;

/** A sortable id of our own: 26 characters of Crockford's base 32. */
const Ulid = Schema.String.pipe(Schema.pattern(/^[0-9A-HJKMNP-TV-Z]{26}$/));

export const ApplicationId = Ulid.pipe(Schema.brand("ApplicationId"));
export type ApplicationId = typeof ApplicationId.Type;

export const ActionId = Ulid.pipe(Schema.brand("ActionId"));
export type ActionId = typeof ActionId.Type;

export const SideEffectId = Ulid.pipe(Schema.brand("SideEffectId"));
export type SideEffectId = typeof SideEffectId.Type;

export const PurgeId = Ulid.pipe(Schema.brand("PurgeId"));
export type PurgeId = typeof PurgeId.Type;

export const SessionId = Ulid.pipe(Schema.brand("SessionId"));
export type SessionId = typeof SessionId.Type;

export const FlagId = Ulid.pipe(Schema.brand("FlagId"));
export type FlagId = typeof FlagId.Type;

/** What people call an application by: six hexadecimal characters, unique in its guild. */
export const ShortCode = Schema.String.pipe(Schema.pattern(/^[0-9a-f]{6}$/), Schema.brand("ShortCode"));
export type ShortCode = typeof ShortCode.Type;

/** Milliseconds since 1970-01-01 UTC. */
export const Millis = Schema.Int.pipe(Schema.nonNegative(), Schema.brand("Millis"));
export type Millis = typeof Millis.Type;

const DISCORD_EPOCH = 1_420_070_400_000n;

/** When Discord made the thing this id names; for a user: the age of the account. */
export const createdAt = (snowflake: string): number => Number((BigInt(snowflake) >> 22n) + DISCORD_EPOCH);

/** The smallest snowflake of a moment, for 'messages after …'. */
export const snowflakeAt = (millis: number): MessageId =>
  MessageId.make(
    ((BigInt(Math.max(millis, Number(DISCORD_EPOCH))) - DISCORD_EPOCH) << 22n).toString().padStart(17, "0"),
  );
