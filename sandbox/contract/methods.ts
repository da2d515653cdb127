/** The control API: one entry a method, shared by the server under `/_sandbox` and by the client. */
import { z } from "zod";
import { Guide } from "./guide.js";
import { Action, Outcome, Until, Upload } from "./interactions.js";
import {
  CdnFault,
  Conditions,
  EventFilter,
  Fault,
  GatewaySession,
  GatewaySettings,
  Outage,
  RateLimitProfile,
  RequestFilter,
  RequestRecord,
  Stats,
  Violation,
  WorldEvent,
} from "./log.js";
import { Person, SeenCommand, Sight } from "./seen.js";
import { VisionFault, VisionRequest, VisionRule } from "./vision.js";
import { WireMessage } from "./wire.js";
import {
  Channel,
  ExampleGuild,
  ExampleOptions,
  Guild,
  Member,
  NewChannel,
  NewGuild,
  NewMember,
  NewRole,
  NewUser,
  Overwrite,
  Permissions,
  Role,
  Seed,
  User,
} from "./world.js";

const nothing = z.object({});
const done = z.null();
const inGuild = z.object({ guildId: z.string() });
const ofMember = z.object({ guildId: z.string(), userId: z.string() });
const ofChannel = z.object({ channelId: z.string() });
const ofMessage = z.object({ channelId: z.string(), messageId: z.string() });
const timeoutMs = z.number().optional();

const methods = {
  hello: {
    args: nothing,
    result: z.object({
      apiBase: z.string(),
      cdnBase: z.string(),
      token: z.string(),
      applicationId: z.string(),
      botId: z.string(),
    }),
  },

  /** Everything but open interactions and gateway sessions, as base64. */
  saveWorld: { args: nothing, result: z.object({ world: z.string() }) },
  /** In the place of this world; the bot has to identify again. */
  loadWorld: { args: z.object({ world: z.string() }), result: done },
  seed: { args: Seed, result: z.array(Guild) },
  exampleGuild: { args: ExampleOptions, result: ExampleGuild },
  createUser: { args: NewUser, result: User },
  updateUser: {
    args: z.object({
      userId: z.string(),
      username: z.string().optional(),
      globalName: z.string().nullish(),
      avatar: z.string().nullish(),
      dmsClosed: z.boolean().optional(),
    }),
    result: User,
  },
  createGuild: { args: NewGuild, result: Guild },
  addBot: { args: inGuild.extend({ permissions: Permissions }), result: z.object({ roleId: z.string() }) },
  removeBot: { args: inGuild, result: done },
  createRole: { args: inGuild.extend({ role: NewRole }), result: Role },
  setRolePosition: { args: inGuild.extend({ roleId: z.string(), position: z.number() }), result: done },
  setRolePermissions: {
    args: inGuild.extend({ roleId: z.string(), permissions: Permissions }),
    result: done,
  },
  deleteRole: { args: inGuild.extend({ roleId: z.string() }), result: done },
  createChannel: { args: inGuild.extend({ channel: NewChannel }), result: Channel },
  setOverwrites: { args: ofChannel.extend({ overwrites: z.array(Overwrite) }), result: done },
  deleteChannel: { args: ofChannel, result: done },
  deleteMessage: { args: ofMessage, result: done },
  addMember: { args: ofMember.extend({ member: NewMember.optional() }), result: Member },
  removeMember: { args: ofMember, result: done },
  updateMember: { args: ofMember.extend({ member: NewMember }), result: Member },
  ban: { args: ofMember.extend({ reason: z.string().optional() }), result: done },

  act: { args: z.object({ action: Action, until: Until.optional(), timeoutMs }), result: Outcome },
  fire: { args: z.object({ actions: z.array(Action).max(5000) }), result: z.array(z.string()) },
  outcomes: {
    args: z.object({ interactionIds: z.array(z.string()), until: Until.optional(), timeoutMs }),
    result: z.array(Outcome),
  },
  say: {
    args: z.object({
      userId: z.string(),
      /** Without a channel it is a direct message to the bot. */
      channelId: z.string().optional(),
      content: z.string(),
      replyTo: z.string().optional(),
      uploads: z.array(Upload).max(10).optional(),
    }),
    result: WireMessage,
  },
  editMessage: { args: ofMessage.extend({ userId: z.string(), content: z.string() }), result: WireMessage },
  deleteOwnMessage: { args: ofMessage.extend({ userId: z.string() }), result: done },
  react: {
    args: ofMessage.extend({ userId: z.string(), emoji: z.string(), remove: z.boolean().optional() }),
    result: done,
  },
  /** The person is typing in a channel, or without one to the bot. */
  type: { args: z.object({ userId: z.string(), channelId: z.string().optional() }), result: done },
  /** With `limit` the newest before `before`. */
  seenBy: {
    args: ofChannel.extend({
      userId: z.string(),
      before: z.string().optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    result: z.array(WireMessage),
  },
  /** Where one person is and what they can look into. */
  sight: { args: z.object({ userId: z.string() }), result: Sight },
  /** Everybody; with a guild also what they are there. */
  people: { args: z.object({ guildId: z.string().optional() }), result: z.array(Person) },
  commandsFor: { args: ofChannel.extend({ userId: z.string() }), result: z.array(SeenCommand) },
  guilds: { args: nothing, result: z.array(Guild) },

  guide: { args: nothing, result: Guide.nullable() },
  /** What the page's first screen tells to try. */
  setGuide: { args: Guide, result: done },

  messages: { args: ofChannel, result: z.array(WireMessage) },
  pins: { args: ofChannel, result: z.array(WireMessage) },
  dmsOf: { args: z.object({ userId: z.string() }), result: z.array(WireMessage) },
  user: { args: z.object({ userId: z.string() }), result: User },
  member: { args: ofMember, result: Member.nullable() },
  guild: { args: inGuild, result: Guild },
  channel: { args: ofChannel, result: Channel.nullable() },
  threads: { args: ofChannel, result: z.array(Channel) },
  bans: { args: inGuild, result: z.array(z.object({ userId: z.string(), reason: z.string().nullable() })) },
  commands: {
    args: z.object({ guildId: z.string().optional() }),
    result: z.array(
      z.object({ id: z.string(), name: z.string(), type: z.number(), description: z.string() }),
    ),
  },

  requests: { args: RequestFilter, result: z.array(RequestRecord) },
  events: { args: EventFilter, result: z.array(WorldEvent) },
  waitFor: {
    args: z.object({ filter: EventFilter, count: z.number().optional(), timeoutMs }),
    result: z.array(WorldEvent),
  },
  waitForRequest: {
    args: z.object({ filter: RequestFilter, count: z.number().optional(), timeoutMs }),
    result: z.array(RequestRecord),
  },
  violations: { args: nothing, result: z.array(Violation) },
  clearViolations: { args: nothing, result: done },
  gatewaySessions: { args: nothing, result: z.array(GatewaySession) },
  stats: { args: nothing, result: Stats },
  /** How many requests and events are remembered; 0 remembers none. */
  setLogLimit: { args: z.object({ limit: z.number().int().min(0).max(1_000_000) }), result: done },

  setLatency: { args: z.object({ ms: z.number().min(0) }), result: done },
  setRateLimits: { args: z.object({ profile: RateLimitProfile }), result: done },
  advance: { args: z.object({ ms: z.number().min(0) }), result: z.object({ now: z.number() }) },
  /** A clock that stands still moves only by `advance`. */
  freezeClock: { args: z.object({ frozen: z.boolean() }), result: z.object({ now: z.number() }) },
  /** All switches of the bad day, as they stand. */
  conditions: { args: nothing, result: Conditions },
  /** So many of the next interactions reach the bot twice. */
  deliverTwice: { args: z.object({ count: z.number().int().min(0) }), result: done },
  addVisionRule: { args: VisionRule, result: done },
  setVision: { args: VisionFault, result: done },
  resetVision: { args: nothing, result: done },
  visionRequests: { args: nothing, result: z.array(VisionRequest) },
  setGateway: { args: GatewaySettings.partial(), result: done },
  setPresence: {
    args: z.object({
      userId: z.string(),
      status: z.enum(["online", "idle", "dnd", "offline"]),
      /** What they are playing or listening to. */
      activity: z.string().optional(),
    }),
    result: done,
  },
  setCdn: { args: CdnFault, result: done },
  addFault: { args: Fault, result: done },
  clearFaults: { args: nothing, result: done },
  setOutage: { args: z.object({ kind: Outage }), result: done },
  dropGateway: { args: z.object({ code: z.number().optional() }), result: z.object({ dropped: z.number() }) },
  requestReconnect: { args: nothing, result: done },
  invalidateSessions: { args: z.object({ resumable: z.boolean() }), result: done },
} as const;

type Methods = typeof methods;
export type Method = keyof Methods;
/** What a caller passes. */
export type Args<M extends Method> = z.input<Methods[M]["args"]>;
export type Result<M extends Method> = z.output<Methods[M]["result"]>;

type Table = {
  readonly [M in Method]: { readonly args: z.ZodType<Args<M>>; readonly result: z.ZodType<Result<M>> };
};
/** The same table, so typed that a method's name leads to its own schemas. */
export const schemas: Table = methods;
