/** What clients send over the gateway. */
import { z } from "zod";

export const Opcode = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presenceUpdate: 3,
  voiceStateUpdate: 4,
  resume: 6,
  reconnect: 7,
  requestGuildMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

export const CloseCode = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSeq: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

export const Envelope = z.object({ op: z.number(), d: z.unknown() });

export const PresenceUpdate = z.object({
  since: z.number().nullable(),
  activities: z.array(z.record(z.string(), z.unknown())),
  status: z.enum(["online", "dnd", "idle", "invisible", "offline"]),
  afk: z.boolean(),
});

export const Identify = z.object({
  token: z.string(),
  intents: z.number(),
  properties: z.record(z.string(), z.unknown()),
  compress: z.boolean().optional(),
  large_threshold: z.number().optional(),
  shard: z.tuple([z.number(), z.number()]).optional(),
  presence: PresenceUpdate.partial({ since: true, afk: true }).optional(),
});

export const Resume = z.object({ token: z.string(), session_id: z.string(), seq: z.number() });

export const RequestGuildMembers = z.object({
  guild_id: z.string(),
  query: z.string().optional(),
  limit: z.number().optional(),
  presences: z.boolean().optional(),
  user_ids: z.union([z.string(), z.array(z.string())]).optional(),
  nonce: z.string().optional(),
});
export type RequestGuildMembers = z.infer<typeof RequestGuildMembers>;
