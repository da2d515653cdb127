/** The typed driver: sets the world up, acts as its people and watches what the bot does, over the control API. */
import { Actor } from "./client/Actor.js";
import { Expectation } from "./client/Expectation.js";
import { Faults } from "./client/Faults.js";
import { Control } from "./client/control.js";
import type { Guide } from "./contract/guide.js";
import { VisionSays } from "./client/VisionSays.js";
import type { Action, Outcome } from "./contract/interactions.js";
import type {
  EventFilter,
  GatewaySession,
  RateLimitProfile,
  RequestFilter,
  RequestRecord,
  Stats,
  Violation,
  WorldEvent,
} from "./contract/log.js";
import type { Args, Result } from "./contract/methods.js";
import type { Person, SeenCommand, Sight } from "./contract/seen.js";
import type { WireMessage } from "./contract/wire.js";
import type {
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
} from "./contract/world.js";

export type { Action, AckType, Choice, Modal, Outcome, Upload } from "./contract/interactions.js";
export type * from "./contract/log.js";
export type * from "./contract/seen.js";
export type { Guide, Tip } from "./contract/guide.js";
export type * from "./contract/vision.js";
export type * from "./contract/wire.js";
export type * from "./contract/world.js";
export type { ActOptions, Actor, Answered } from "./client/Actor.js";
export type { Expectation } from "./client/Expectation.js";
export type { OpenModal } from "./client/OpenModal.js";
export type { Seat } from "./client/Seat.js";
export { renderMessage, renderMessages, renderModal } from "./client/render.js";

export interface WaitOptions {
  /** How many matching ones to wait for; 1 by default. */
  readonly count?: number;
  /** 5 s by default. */
  readonly timeoutMs?: number;
}

export class SandboxClient {
  /** What goes wrong on a bad day, on demand. */
  readonly faults: Faults;
  /** What Google Vision answers about pictures. */
  readonly vision: VisionSays;
  readonly clock: {
    readonly advance: (ms: number) => Promise<{ now: number }>;
    /** Time stands still, but for `advance`. */
    readonly freeze: () => Promise<{ now: number }>;
    readonly unfreeze: () => Promise<{ now: number }>;
  };

  private constructor(
    private readonly control: Control,
    readonly connection: Result<"hello">,
  ) {
    this.faults = new Faults(control);
    this.vision = new VisionSays(control);
    this.clock = {
      advance: (ms) => control.call("advance", { ms }),
      freeze: () => control.call("freezeClock", { frozen: true }),
      unfreeze: () => control.call("freezeClock", { frozen: false }),
    };
  }

  static async connect(controlUrl: string): Promise<SandboxClient> {
    const control = new Control(controlUrl);
    return new SandboxClient(control, await control.call("hello", {}));
  }

  /** Acts as one person; `guildId` says where, for slash commands and presses in a guild. */
  as(userId: string, guildId?: string): Actor {
    return new Actor(this.control, userId, guildId);
  }

  /** What a channel should come to show: `await driver.expect(gate).toOffer("Verify")`. */
  expect(channelId: string): Expectation {
    return new Expectation(this.control, "the channel", channelId, () => this.messages(channelId));
  }

  // The world

  /** To go on from here later with `loadWorld`: all but open interactions and gateway sessions. */
  async saveWorld(): Promise<string> {
    return (await this.control.call("saveWorld", {})).world;
  }
  /** Puts a saved world in the place of this one; the bot has to identify again. */
  loadWorld(world: string): Promise<null> {
    return this.control.call("loadWorld", { world });
  }
  seed(seed: Seed): Promise<Guild[]> {
    return this.control.call("seed", seed);
  }
  exampleGuild(options: ExampleOptions = {}): Promise<ExampleGuild> {
    return this.control.call("exampleGuild", options);
  }
  createUser(user: NewUser): Promise<User> {
    return this.control.call("createUser", user);
  }
  updateUser(userId: string, change: Omit<Args<"updateUser">, "userId">): Promise<User> {
    return this.control.call("updateUser", { userId, ...change });
  }
  createGuild(guild: NewGuild): Promise<Guild> {
    return this.control.call("createGuild", guild);
  }
  /** Invites the bot: its own managed role carries the permissions, and it hears GUILD_CREATE. */
  addBot(guildId: string, permissions: Permissions): Promise<{ roleId: string }> {
    return this.control.call("addBot", { guildId, permissions });
  }
  /** The bot is thrown out and hears GUILD_DELETE. */
  removeBot(guildId: string): Promise<null> {
    return this.control.call("removeBot", { guildId });
  }
  createRole(guildId: string, role: NewRole): Promise<Role> {
    return this.control.call("createRole", { guildId, role });
  }
  setRolePosition(guildId: string, roleId: string, position: number): Promise<null> {
    return this.control.call("setRolePosition", { guildId, roleId, position });
  }
  setRolePermissions(guildId: string, roleId: string, permissions: Permissions): Promise<null> {
    return this.control.call("setRolePermissions", { guildId, roleId, permissions });
  }
  deleteRole(guildId: string, roleId: string): Promise<null> {
    return this.control.call("deleteRole", { guildId, roleId });
  }
  createChannel(guildId: string, channel: NewChannel): Promise<Channel> {
    return this.control.call("createChannel", { guildId, channel });
  }
  setOverwrites(channelId: string, overwrites: Overwrite[]): Promise<null> {
    return this.control.call("setOverwrites", { channelId, overwrites });
  }
  deleteChannel(channelId: string): Promise<null> {
    return this.control.call("deleteChannel", { channelId });
  }
  deleteMessage(channelId: string, messageId: string): Promise<null> {
    return this.control.call("deleteMessage", { channelId, messageId });
  }
  /** The person joins: the bot hears GUILD_MEMBER_ADD. */
  addMember(guildId: string, userId: string, member: NewMember = {}): Promise<Member> {
    return this.control.call("addMember", { guildId, userId, member });
  }
  setPresence(userId: string, status: Args<"setPresence">["status"], activity?: string): Promise<null> {
    return this.control.call("setPresence", { userId, status, ...(activity !== undefined && { activity }) });
  }
  removeMember(guildId: string, userId: string): Promise<null> {
    return this.control.call("removeMember", { guildId, userId });
  }
  updateMember(guildId: string, userId: string, member: NewMember): Promise<Member> {
    return this.control.call("updateMember", { guildId, userId, member });
  }
  ban(guildId: string, userId: string, reason?: string): Promise<null> {
    return this.control.call("ban", reason === undefined ? { guildId, userId } : { guildId, userId, reason });
  }

  /** Where a person is and what they can look into. */
  sight(userId: string): Promise<Sight> {
    return this.control.call("sight", { userId });
  }
  /** Everybody; with a guild also what they are there. */
  people(guildId?: string): Promise<Person[]> {
    return this.control.call("people", guildId === undefined ? {} : { guildId });
  }
  /** The commands a person finds in a channel. */
  commandsFor(userId: string, channelId: string): Promise<SeenCommand[]> {
    return this.control.call("commandsFor", { userId, channelId });
  }

  // Many at once

  /** Sends all interactions in one go, waits for none, and gives back their ids. */
  fire(actions: readonly Action[]): Promise<string[]> {
    return this.control.call("fire", { actions: [...actions] });
  }
  outcome(interactionId: string): Promise<Outcome> {
    return this.control.call("outcomes", { interactionIds: [interactionId] }).then((outcomes) => {
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error(`No interaction ${interactionId}`);
      return outcome;
    });
  }
  /** With `until`, waits until each is answered (or failed). */
  outcomes(
    ids: readonly string[],
    options: Omit<Args<"outcomes">, "interactionIds"> = {},
  ): Promise<Outcome[]> {
    return this.control.call("outcomes", { interactionIds: [...ids], ...options });
  }

  // What is so

  /** All messages of a channel, oldest first, without ephemeral ones. */
  messages(channelId: string): Promise<WireMessage[]> {
    return this.control.call("messages", { channelId });
  }
  pins(channelId: string): Promise<WireMessage[]> {
    return this.control.call("pins", { channelId });
  }
  /** The direct messages between this person and the bot, oldest first. */
  dmsOf(userId: string): Promise<WireMessage[]> {
    return this.control.call("dmsOf", { userId });
  }
  user(userId: string): Promise<User> {
    return this.control.call("user", { userId });
  }
  /** Null when not a member. */
  member(guildId: string, userId: string): Promise<Member | null> {
    return this.control.call("member", { guildId, userId });
  }
  guild(guildId: string): Promise<Guild> {
    return this.control.call("guild", { guildId });
  }
  channel(channelId: string): Promise<Channel | null> {
    return this.control.call("channel", { channelId });
  }
  threads(channelId: string): Promise<Channel[]> {
    return this.control.call("threads", { channelId });
  }
  bans(guildId: string): Promise<Result<"bans">> {
    return this.control.call("bans", { guildId });
  }
  /** Global commands, or those of one guild. */
  commands(guildId?: string): Promise<Result<"commands">> {
    return this.control.call("commands", guildId === undefined ? {} : { guildId });
  }

  // What happened

  requests(filter: RequestFilter = {}): Promise<RequestRecord[]> {
    return this.control.call("requests", filter);
  }
  events(filter: EventFilter = {}): Promise<WorldEvent[]> {
    return this.control.call("events", filter);
  }
  /** Resolves with the first matching events, also past ones (`since` leaves older ones out); rejects in time. */
  waitFor(filter: EventFilter, options: WaitOptions = {}): Promise<WorldEvent[]> {
    return this.control.call("waitFor", { filter, ...options });
  }
  waitForRequest(filter: RequestFilter, options: WaitOptions = {}): Promise<RequestRecord[]> {
    return this.control.call("waitForRequest", { filter, ...options });
  }
  /** Everything the bot did that Discord does not know, and with `checks` every mismatch with Discord's description. */
  violations(): Promise<Violation[]> {
    return this.control.call("violations", {});
  }
  clearViolations(): Promise<null> {
    return this.control.call("clearViolations", {});
  }
  gatewaySessions(): Promise<GatewaySession[]> {
    return this.control.call("gatewaySessions", {});
  }
  stats(): Promise<Stats> {
    return this.control.call("stats", {});
  }
  setLogLimit(limit: number): Promise<null> {
    return this.control.call("setLogLimit", { limit });
  }

  /** What the page's first screen tells to try. */
  setGuide(guide: Guide): Promise<null> {
    return this.control.call("setGuide", guide);
  }

  setLatency(ms: number): Promise<null> {
    return this.control.call("setLatency", { ms });
  }
  setRateLimits(profile: RateLimitProfile): Promise<null> {
    return this.control.call("setRateLimits", { profile });
  }
}
