/** What the sandbox saw. `at` is `performance.now()` of the sandbox process, in milliseconds. */
import { z } from "zod";
import { VisionFault } from "./vision.js";

export const RequestRecord = z.object({
  seq: z.number(),
  at: z.number(),
  method: z.string(),
  /** The route's name, such as `/channels/:channel/messages`; `unknown` where there is none. */
  route: z.string(),
  path: z.string(),
  status: z.number(),
  /** Discord's error code when refused. */
  code: z.number().optional(),
  /** From arrival to the last byte written, with the artificial latency. */
  ms: z.number(),
  body: z.unknown().optional(),
  /** The audit-log reason. */
  reason: z.string().optional(),
});
export type RequestRecord = z.infer<typeof RequestRecord>;

export const RequestFilter = z.object({
  since: z.number().optional(),
  method: z.string().optional(),
  /** A route's name or a real path. */
  route: z.string().optional(),
  status: z.number().optional(),
});
export type RequestFilter = z.infer<typeof RequestFilter>;

export const WorldEventName = z.enum([
  "message_created",
  "message_edited",
  "message_deleted",
  "message_pinned",
  "message_unpinned",
  "reaction_added",
  "reaction_removed",
  "reactions_cleared",
  "typing_started",
  "role_added",
  "role_removed",
  "member_joined",
  "member_left",
  "member_kicked",
  "member_updated",
  "member_banned",
  "member_unbanned",
  "role_created",
  "role_updated",
  "role_deleted",
  "channel_created",
  "channel_updated",
  "channel_deleted",
  "thread_created",
  "thread_updated",
  "thread_deleted",
  "thread_member_added",
  "thread_member_removed",
  "dm_opened",
  "guild_created",
  "guild_updated",
  "bot_added",
  "bot_removed",
  "user_updated",
  "commands_changed",
  "webhooks_changed",
  "presence_changed",
  "interaction_sent",
  "interaction_acknowledged",
  "interaction_failed",
  "gateway_ready",
  "gateway_resumed",
  "gateway_closed",
]);
export type WorldEventName = z.infer<typeof WorldEventName>;

/** One real change: doing again what is already so is none. */
export const WorldEvent = z.object({
  seq: z.number(),
  at: z.number(),
  event: WorldEventName,
  guildId: z.string().optional(),
  channelId: z.string().optional(),
  messageId: z.string().optional(),
  /** Whom it happened to; for messages the author, for interactions the invoker. */
  userId: z.string().optional(),
  roleId: z.string().optional(),
  interactionId: z.string().optional(),
  /** Only the invoker sees this message. */
  ephemeral: z.boolean().optional(),
  /** The message's text with that of its embeds, or what else is worth reading. */
  text: z.string().optional(),
  reason: z.string().optional(),
});
export type WorldEvent = z.infer<typeof WorldEvent>;

export const EventFilter = z.object({
  /** Only events with a greater `seq`. */
  since: z.number().optional(),
  event: WorldEventName.optional(),
  guildId: z.string().optional(),
  channelId: z.string().optional(),
  messageId: z.string().optional(),
  userId: z.string().optional(),
  roleId: z.string().optional(),
  interactionId: z.string().optional(),
  /** Part of the text. */
  text: z.string().optional(),
});
export type EventFilter = z.infer<typeof EventFilter>;

export const Violation = z.object({
  seq: z.number(),
  kind: z.enum(["unknown_route", "unknown_field", "request", "answer", "gateway"]),
  method: z.string(),
  route: z.string(),
  /** The field, such as `components.0.label`. */
  path: z.string(),
  message: z.string(),
});
export type Violation = z.infer<typeof Violation>;

export const GatewaySession = z.object({
  id: z.string(),
  connected: z.boolean(),
  intents: z.number(),
  /** Its index and how many there are. */
  shard: z.array(z.number()),
  seq: z.number(),
  resumes: z.number(),
});
export type GatewaySession = z.infer<typeof GatewaySession>;

export const Stats = z.object({
  requests: z.number(),
  refused: z.number(),
  rateLimited: z.number(),
  dispatched: z.number(),
  messages: z.number(),
  interactions: z.number(),
  acknowledged: z.number(),
  failedInteractions: z.number(),
  violations: z.number(),
  lastRequest: z.number(),
  lastEvent: z.number(),
  /** Of the sandbox's process, in bytes, as `process.memoryUsage()` tells it. */
  memory: z.object({
    rss: z.number(),
    heapTotal: z.number(),
    heapUsed: z.number(),
    external: z.number(),
    arrayBuffers: z.number(),
  }),
  /** `performance.now()` and the world clock. */
  at: z.number(),
  now: z.number(),
});
export type Stats = z.infer<typeof Stats>;

export const RateLimitProfile = z.enum(["off", "discord"]);
export type RateLimitProfile = z.infer<typeof RateLimitProfile>;

/** Faults that hit the next `count` requests that match; without a filter any bot request. */
export const Fault = z.object({
  method: z.string().optional(),
  /** A route's name or a real path. */
  route: z.string().optional(),
  count: z.number(),
  /** Refuse before doing it, or do it and then answer badly. */
  when: z.enum(["before", "after"]).optional(),
  effect: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("status"), status: z.number() }),
    z.object({ kind: z.literal("drop") }),
    z.object({ kind: z.literal("rateLimit"), retryAfterMs: z.number(), global: z.boolean().optional() }),
    z.object({ kind: z.literal("delay"), ms: z.number() }),
  ]),
});
export type Fault = z.infer<typeof Fault>;

export const Outage = z.enum(["none", "status503", "drop"]);
export type Outage = z.infer<typeof Outage>;

/** How the CDN behaves: every file comes late, or as this status. */
export const CdnFault = z.object({
  delayMs: z.number().min(0),
  /** 200 serves the files. */
  status: z.number().int(),
});
export type CdnFault = z.infer<typeof CdnFault>;

export const GatewaySettings = z.object({
  /** Asked of the client in HELLO; a client silent for half as long again is closed with 4009. */
  heartbeatMs: z.number().int().min(50),
  /** Without the acknowledgement a client should take the connection for dead. */
  acknowledgeHeartbeats: z.boolean(),
  /** How many shards `GET /gateway/bot` recommends. */
  shards: z.number().int().min(1),
  /** Whoever identifies without shards is closed with 4011. */
  shardingRequired: z.boolean(),
});
export type GatewaySettings = z.infer<typeof GatewaySettings>;

export const Conditions = z.object({
  vision: VisionFault,
  gateway: GatewaySettings,
  latencyMs: z.number(),
  rateLimits: RateLimitProfile,
  outage: Outage,
  /** Those that are still to hit something. */
  faults: z.array(Fault),
  cdn: CdnFault,
  deliverTwice: z.number(),
  now: z.number(),
  frozen: z.boolean(),
});
export type Conditions = z.infer<typeof Conditions>;
