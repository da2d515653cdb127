/** What each method of the control API does. */
import type { Guide } from "../contract/guide.js";
import type { Args, Method, Result } from "../contract/methods.js";
import type { Gateway } from "../gateway/Gateway.js";
import { act } from "../people/act.js";
import { outcomeOf, outcomeWhen } from "../people/outcome.js";
import { refuse } from "../people/refusal.js";
import { direct, ownMessage, say, seenBy, writable } from "../people/say.js";
import { matchesRequest } from "../rest/RequestLog.js";
import type { Rest } from "../rest/Rest.js";
import type { Vision } from "../vision/Vision.js";
import type { Violations } from "../Violations.js";
import { overwriteState } from "../world/Channels.js";
import { matches } from "../world/EventLog.js";
import type { Interaction } from "../world/interactionState.js";
import { bits } from "../world/permissions.js";
import { compareIds } from "../world/Snowflakes.js";
import type { Channel, Message } from "../world/state.js";
import { loadWorld, saveWorld } from "../world/Snapshot.js";
import type { World } from "../world/World.js";
import { exampleGuild, seedWorld } from "./seed.js";
import { commandsFor, peopleOf, sightOf } from "./sight.js";
import { channelView, guildView, memberView, roleView, userView } from "./views.js";
import { collect } from "./wait.js";

export interface Parts {
  readonly world: World;
  readonly rest: Rest;
  readonly gateway: Gateway;
  readonly violations: Violations;
  readonly vision: Vision;
  readonly addresses: () => { apiBase: string; cdnBase: string };
}

export type Handlers = { readonly [M in Method]: (args: Args<M>) => Result<M> | Promise<Result<M>> };

const DONE = null;

export function handlers({ world, rest, gateway, violations, vision, addresses }: Parts): Handlers {
  const wire = (message: Message) => world.messages.wire(message);
  const channelOf = (id: string): Channel =>
    world.channels.all.get(id) ?? refuse(`There is no channel ${id}`);
  const interactionOf = (id: string): Interaction =>
    world.interactions.get(id) ?? refuse(`There is no interaction ${id}`);
  const guildResult = (id: string) => guildView(world.guild(id), world.guilds.hasBot(world.guild(id)));
  const shown = (channel: Channel | undefined) =>
    [...(channel?.messages.values() ?? [])].filter((message) => message.ephemeralFor === null).map(wire);

  let guide: Guide | null = null;

  return {
    hello: () => ({
      ...addresses(),
      token: world.application.token,
      applicationId: world.application.id,
      botId: world.bot.id,
    }),

    saveWorld: () => ({ world: saveWorld(world).toString("base64") }),
    loadWorld: ({ world: saved }) => {
      loadWorld(world, Buffer.from(saved, "base64"));
      gateway.invalidate(false);
      return DONE;
    },
    seed: (seed) => seedWorld(world, seed).map((guild) => guildView(guild, world.guilds.hasBot(guild))),
    exampleGuild: (options) => exampleGuild(world, options),
    createUser: (user) => userView(world.users.create(user)),
    updateUser: ({ userId, username, globalName, avatar, dmsClosed }) => {
      const user = world.user(userId);
      world.users.update(user, {
        ...(username !== undefined && { username }),
        ...(globalName !== undefined && { globalName }),
        ...(avatar !== undefined && { avatar }),
        ...(dmsClosed !== undefined && { dmsClosed }),
      });
      return userView(user);
    },
    createGuild: (guild) => guildResult(world.guilds.create(guild).id),
    addBot: ({ guildId, permissions }) => ({
      roleId: world.guilds.addBot(world.guild(guildId), permissions).id,
    }),
    removeBot: ({ guildId }) => (world.guilds.removeBot(world.guild(guildId)), DONE),
    createRole: ({ guildId, role }) => roleView(world.roles.create(world.guild(guildId), role)),
    setRolePosition: ({ guildId, roleId, position }) => {
      const guild = world.guild(guildId);
      world.roles.update(guild, world.roles.get(guild, roleId), { position });
      return DONE;
    },
    setRolePermissions: ({ guildId, roleId, permissions }) => {
      const guild = world.guild(guildId);
      world.roles.update(guild, world.roles.get(guild, roleId), { permissions: bits(permissions) });
      return DONE;
    },
    deleteRole: ({ guildId, roleId }) => {
      const guild = world.guild(guildId);
      world.roles.delete(guild, world.roles.get(guild, roleId));
      return DONE;
    },
    createChannel: ({ guildId, channel }) =>
      channelView(world.channels.create(world.guild(guildId), channel)),
    setOverwrites: ({ channelId, overwrites }) => {
      world.channels.setOverwrites(
        channelOf(channelId),
        new Map(overwrites.map((one) => [one.id, overwriteState(one)])),
      );
      return DONE;
    },
    deleteChannel: ({ channelId }) => (world.channels.delete(channelOf(channelId)), DONE),
    deleteMessage: ({ channelId, messageId }) => {
      const channel = channelOf(channelId);
      world.messages.delete(channel, world.messages.get(channel, messageId));
      return DONE;
    },
    addMember: ({ guildId, userId, member }) =>
      memberView(world.members.add(world.guild(guildId), userId, member ?? {})),
    removeMember: ({ guildId, userId }) => {
      const guild = world.guild(guildId);
      world.members.remove(guild, world.members.get(guild, userId), "member_left");
      return DONE;
    },
    updateMember: ({ guildId, userId, member: { nick, roles, timeoutUntil } }) => {
      const guild = world.guild(guildId);
      const member = world.members.get(guild, userId);
      world.members.update(
        guild,
        member,
        { ...(nick !== undefined && { nick }), ...(timeoutUntil !== undefined && { timeoutUntil }) },
        roles,
      );
      return memberView(member);
    },
    ban: ({ guildId, userId, reason }) => (world.members.ban(world.guild(guildId), userId, reason), DONE),

    act: ({ action, until = "acknowledged", timeoutMs }) =>
      outcomeWhen(world, act(world, action), until, timeoutMs),
    fire: ({ actions }) => actions.map((action) => act(world, action).id),
    outcomes: ({ interactionIds, until, timeoutMs }) => {
      const all = interactionIds.map(interactionOf);
      if (until === undefined) return all.map((one) => outcomeOf(world, one));
      return Promise.all(all.map((one) => outcomeWhen(world, one, until, timeoutMs)));
    },
    say: (said) => wire(say(world, said)),
    editMessage: ({ userId, channelId, messageId, content }) => {
      const { channel, message } = ownMessage(world, userId, channelId, messageId);
      world.messages.edit(channel, message, { content });
      return wire(message);
    },
    deleteOwnMessage: ({ userId, channelId, messageId }) => {
      const { channel, message } = ownMessage(world, userId, channelId, messageId);
      world.messages.delete(channel, message);
      return DONE;
    },
    react: ({ userId, channelId, messageId, emoji, remove = false }) => {
      const channel = channelOf(channelId);
      world.messages.react(channel, world.messages.get(channel, messageId), userId, emoji, !remove);
      return DONE;
    },
    type: ({ userId, channelId }) => {
      const channel = channelId === undefined ? direct(world, userId) : writable(world, userId, channelId);
      world.messages.typing(channel, world.user(userId));
      return DONE;
    },
    seenBy: ({ userId, channelId, before, limit }) => {
      const all = seenBy(world, userId, channelId);
      const older = before === undefined ? all : all.filter(({ id }) => compareIds(id, before) < 0);
      return older
        .slice(limit === undefined ? 0 : -limit)
        .map((message) => world.messages.wire(message, userId));
    },
    sight: ({ userId }) => sightOf(world, userId),
    people: ({ guildId }) => peopleOf(world, guildId),
    commandsFor: ({ userId, channelId }) => commandsFor(world, userId, channelId),
    guilds: () => [...world.guilds.all.values()].map((guild) => guildView(guild, world.guilds.hasBot(guild))),

    guide: () => guide,
    setGuide: (fresh) => ((guide = fresh), DONE),

    messages: ({ channelId }) => shown(channelOf(channelId)),
    pins: ({ channelId }) => shown(channelOf(channelId)).filter((message) => message.pinned),
    dmsOf: ({ userId }) => [...(world.channels.directWith(userId)?.messages.values() ?? [])].map(wire),
    user: ({ userId }) => userView(world.user(userId)),
    member: ({ guildId, userId }) => {
      const member = world.guild(guildId).members.get(userId);
      return member === undefined ? null : memberView(member);
    },
    guild: ({ guildId }) => guildResult(guildId),
    channel: ({ channelId }) => {
      const channel = world.channels.all.get(channelId);
      return channel === undefined ? null : channelView(channel);
    },
    threads: ({ channelId }) =>
      [...world.channels.all.values()]
        .filter((one) => one.thread !== null && one.parentId === channelId)
        .map(channelView),
    bans: ({ guildId }) => [...world.guild(guildId).bans].map(([userId, reason]) => ({ userId, reason })),
    commands: ({ guildId }) =>
      world.commands
        .list(guildId ?? null)
        .map(({ id, name, type, description }) => ({ id, name, type, description })),

    requests: (filter) => rest.log.find(filter),
    events: (filter) => world.log.find(filter),
    waitFor: ({ filter, count, timeoutMs }) =>
      collect({
        what: `event ${JSON.stringify(filter)}`,
        past: world.log.find(filter),
        count,
        timeoutMs,
        subscribe: (add) => world.log.subscribe((event) => matches(event, filter) && add(event)),
      }),
    waitForRequest: ({ filter, count, timeoutMs }) =>
      collect({
        what: `request ${JSON.stringify(filter)}`,
        past: rest.log.find(filter),
        count,
        timeoutMs,
        subscribe: (add) => rest.log.subscribe((record) => matchesRequest(record, filter) && add(record)),
      }),
    violations: () => violations.all(),
    clearViolations: () => (violations.clear(), DONE),
    gatewaySessions: () => gateway.list(),
    stats: () => ({
      requests: rest.log.seq,
      refused: rest.log.refused,
      rateLimited: rest.log.rateLimited,
      dispatched: gateway.dispatched,
      messages: world.messages.created,
      interactions: world.interactions.sent,
      acknowledged: world.interactions.acknowledged,
      failedInteractions: world.interactions.failures,
      violations: violations.count,
      lastRequest: rest.log.seq,
      lastEvent: world.log.seq,
      memory: process.memoryUsage(),
      at: performance.now(),
      now: world.now(),
    }),
    setLogLimit: ({ limit }) => {
      rest.log.setLimit(limit);
      world.log.setLimit(limit);
      return DONE;
    },

    setLatency: ({ ms }) => ((rest.latencyMs = ms), DONE),
    setRateLimits: ({ profile }) => (rest.limits.use(profile), DONE),
    advance: ({ ms }) => {
      world.clock.advance(ms);
      world.interactions.expire();
      return { now: world.now() };
    },
    freezeClock: ({ frozen }) => {
      if (frozen) world.clock.freeze();
      else world.clock.unfreeze();
      return { now: world.now() };
    },
    conditions: () => ({
      vision: vision.fault,
      gateway: { ...gateway.settings },
      latencyMs: rest.latencyMs,
      rateLimits: rest.limits.profile,
      outage: rest.faults.outage,
      faults: rest.faults.pending,
      cdn: rest.faults.cdn,
      deliverTwice: world.interactions.deliverTwice,
      now: world.now(),
      frozen: world.clock.frozen,
    }),
    deliverTwice: ({ count }) => ((world.interactions.deliverTwice = count), DONE),
    addVisionRule: (rule) => (vision.add(rule), DONE),
    setVision: (fault) => ((vision.fault = fault), DONE),
    resetVision: () => (vision.reset(), DONE),
    visionRequests: () => [...vision.requests],
    setGateway: (change) => (Object.assign(gateway.settings, change), DONE),
    setPresence: ({ userId, status, activity }) => {
      const activities = activity === undefined ? [] : [{ name: activity, type: 0 }];
      world.users.setPresence(world.user(userId), { status, activities });
      return DONE;
    },
    setCdn: (fault) => ((rest.faults.cdn = fault), DONE),
    addFault: (fault) => (rest.faults.add(fault), DONE),
    clearFaults: () => (rest.faults.clear(), DONE),
    setOutage: ({ kind }) => ((rest.faults.outage = kind), DONE),
    dropGateway: ({ code }) => ({ dropped: gateway.drop(code) }),
    requestReconnect: () => (gateway.requestReconnect(), DONE),
    invalidateSessions: ({ resumable }) => (gateway.invalidate(resumable), DONE),
  };
}
