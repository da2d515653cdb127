/** Who may do what where, computed as Discord does. */
import { BIT } from "./permissionNames.js";
import type { KnownPermission } from "./permissionNames.js";
import type { Channel, Guild, Member, Role } from "./state.js";
import type { Permissions } from "../contract/world.js";

export function bits(permissions: Permissions): bigint {
  if (typeof permissions === "string") return BigInt(permissions);
  return permissions.reduce((all, name) => all | bit(name), 0n);
}

export function bit(name: KnownPermission): bigint {
  return BIT.get(name) ?? 0n;
}

export const ALL = [...BIT.values()].reduce((all, one) => all | one, 0n);

/** What `@everyone` may do in a guild made today. */
export const EVERYONE = bits([
  "CreateInstantInvite",
  "AddReactions",
  "Stream",
  "ViewChannel",
  "SendMessages",
  "EmbedLinks",
  "AttachFiles",
  "ReadMessageHistory",
  "MentionEveryone",
  "UseExternalEmojis",
  "Connect",
  "Speak",
  "UseVAD",
  "ChangeNickname",
  "UseApplicationCommands",
  "RequestToSpeak",
  "CreatePublicThreads",
  "CreatePrivateThreads",
  "UseExternalStickers",
  "SendMessagesInThreads",
  "UseEmbeddedActivities",
  "UseSoundboard",
  "UseExternalSounds",
  "SendVoiceMessages",
  "SendPolls",
  "UseExternalApps",
]);

const ADMINISTRATOR = bit("Administrator");
const VIEW = bit("ViewChannel");
const SEND = bit("SendMessages");
const SEND_IN_THREADS = bit("SendMessagesInThreads");
const MANAGE_THREADS = bit("ManageThreads");
const NEEDS_SEND = bits(["MentionEveryone", "SendTTSMessages", "AttachFiles", "EmbedLinks"]);
const DURING_TIMEOUT = bits(["ViewChannel", "ReadMessageHistory"]);

/** In a direct channel the bot may do all that makes sense there. */
export const IN_DIRECT_CHANNEL = bits([
  "ViewChannel",
  "SendMessages",
  "EmbedLinks",
  "AttachFiles",
  "ReadMessageHistory",
  "AddReactions",
  "MentionEveryone",
]);

/** Permissions in the whole guild, without channel overwrites. */
export function guildPermissions(guild: Guild, member: Member, now: number): bigint {
  if (guild.ownerId === member.userId) return ALL;
  let granted = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) granted |= guild.roles.get(id)?.permissions ?? 0n;
  if ((granted & ADMINISTRATOR) !== 0n) return ALL;
  return isTimedOut(member, now) ? granted & DURING_TIMEOUT : granted;
}

/** Permissions in one channel or thread; 0 where the channel cannot be seen. */
export function channelPermissions(guild: Guild, channel: Channel, member: Member, now: number): bigint {
  const base = guildPermissions(guild, member, now);
  if (base === ALL) return ALL;
  const place = channel.thread === null ? channel : guild.channels.get(channel.parentId ?? "");
  if (place === undefined) return 0n;

  const everyone = place.overwrites.get(guild.id);
  let granted = everyone === undefined ? base : (base & ~everyone.deny) | everyone.allow;
  let allow = 0n;
  let deny = 0n;
  for (const id of member.roles) {
    const overwrite = place.overwrites.get(id);
    if (overwrite === undefined) continue;
    allow |= overwrite.allow;
    deny |= overwrite.deny;
  }
  granted = (granted & ~deny) | allow;
  const own = place.overwrites.get(member.userId);
  if (own !== undefined) granted = (granted & ~own.deny) | own.allow;

  if (isTimedOut(member, now)) granted &= DURING_TIMEOUT;
  if ((granted & VIEW) === 0n) return 0n;
  if (channel.thread !== null) {
    if (
      channel.type === 12 &&
      !channel.thread.members.has(member.userId) &&
      (granted & MANAGE_THREADS) === 0n
    )
      return 0n;
    granted = (granted & SEND_IN_THREADS) === 0n ? granted & ~SEND : granted | SEND;
  }
  return (granted & SEND) === 0n ? granted & ~NEEDS_SEND : granted;
}

export function isTimedOut(member: Member, now: number): boolean {
  return member.timeoutUntil !== null && member.timeoutUntil > now;
}

export function topRole(guild: Guild, member: Member): Role | undefined {
  let top = guild.roles.get(guild.id);
  for (const id of member.roles) {
    const role = guild.roles.get(id);
    if (role !== undefined && (top === undefined || stands(role, top))) top = role;
  }
  return top;
}

/** Whether role `a` stands above `b`: by position, the older first among equals. */
export function stands(a: Role, b: Role): boolean {
  return (
    a.position > b.position ||
    (a.position === b.position && (a.id.length < b.id.length || (a.id.length === b.id.length && a.id < b.id)))
  );
}

/** Whether the member's highest role stands above this role. */
export function outranksRole(guild: Guild, member: Member, role: Role): boolean {
  if (guild.ownerId === member.userId) return true;
  const top = topRole(guild, member);
  return top !== undefined && top.id !== role.id && stands(top, role);
}

/** Whether the member may moderate the other: never the owner, nor anybody as high or higher. */
export function outranksMember(guild: Guild, member: Member, other: Member): boolean {
  if (guild.ownerId === other.userId) return false;
  if (guild.ownerId === member.userId) return true;
  const theirs = topRole(guild, other);
  return theirs !== undefined && outranksRole(guild, member, theirs);
}
