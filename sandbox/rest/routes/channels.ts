import { z } from "zod";
import {
  invalidForm,
  missingPermissions,
  requiredByCommunity,
  unknownChannel,
  unknownOverwrite,
  wrongChannelType,
} from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { ChannelType } from "../../world/state.js";
import type { Channel, OverwriteState } from "../../world/state.js";
import { channelPermissions } from "../../world/permissions.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOf, guildOfChannel, may, requireInGuild } from "../access.js";
import { logDeed } from "../audit.js";
import { integer, list, name, permissionBits, snowflake, text } from "../forms/kit.js";
import { CREATED, route } from "../router.js";
import type { Call } from "../router.js";

const OverwriteForm = z.strictObject({
  id: snowflake.optional(),
  type: integer(0, 1).optional(),
  allow: permissionBits.nullish(),
  deny: permissionBits.nullish(),
});
const archiveMinutes = z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10080)]);
const common = {
  topic: text(1024).nullish(),
  position: integer(0, 10_000).nullish(),
  parent_id: snowflake.nullish(),
  nsfw: z.boolean().nullish(),
  rate_limit_per_user: integer(0, 21_600).nullish(),
  permission_overwrites: list(OverwriteForm, 1_000).nullish(),
};
const CreateForm = z.strictObject({ name: name(100), type: integer(0, 15).nullish(), ...common });
const ChannelForm = z.strictObject({ name: name(100).optional(), ...common });
const ThreadForm = z.strictObject({
  name: name(100).optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  invitable: z.boolean().optional(),
  auto_archive_duration: archiveMinutes.optional(),
  rate_limit_per_user: integer(0, 21_600).nullish(),
  flags: z.number().int().optional(),
});

const PositionsForm = list(
  z.strictObject({
    id: snowflake.nullish(),
    position: integer(0, 10_000).nullish(),
    parent_id: snowflake.nullish(),
    lock_permissions: z.boolean().nullish(),
  }),
  500,
);

const KINDS = new Map<number, "text" | "voice" | "category" | "announcement" | "forum">([
  [ChannelType.text, "text"],
  [ChannelType.voice, "voice"],
  [ChannelType.category, "category"],
  [ChannelType.announcement, "announcement"],
  [ChannelType.forum, "forum"],
]);

type OverwriteBody = z.output<typeof OverwriteForm>;

/** Nobody can give in an overwrite what they do not have in the channel. */
function overwriteOf(
  world: World,
  channel: Channel | null,
  guildId: string,
  body: OverwriteBody,
): OverwriteState {
  const { guild, self } = guildOf(world, guildId);
  const allow = body.allow ?? 0n;
  const deny = body.deny ?? 0n;
  if (channel !== null) {
    const had = channelPermissions(guild, channel, self, world.now());
    const before = channel.overwrites.get(body.id ?? "");
    const touched = (allow ^ (before?.allow ?? 0n)) | (deny ^ (before?.deny ?? 0n));
    if ((touched & ~had) !== 0n) throw missingPermissions();
  }
  return { type: body.type === 1 ? "member" : "role", allow, deny };
}

function overwritesOf(
  world: World,
  channel: Channel | null,
  guildId: string,
  bodies: readonly OverwriteBody[],
): Map<string, OverwriteState> {
  return new Map(
    bodies.map((body, index) => {
      if (body.id === undefined)
        throw invalidForm(
          `permission_overwrites.${index}.id`,
          "BASE_TYPE_REQUIRED",
          "This field is required",
        );
      return [body.id, overwriteOf(world, channel, guildId, body)];
    }),
  );
}

function patchThread(call: Call<"channel">, channel: Channel): object {
  const { world } = call;
  const form = call.form(ThreadForm);
  const { thread } = channel;
  if (thread === null) throw wrongChannelType();
  const manages = may(world, channel, "ManageThreads");
  const mine = thread.ownerId === world.bot.id;
  // Locking and what is locked is for those who manage threads; its maker may rename and archive it.
  if (!manages && (!mine || form.locked !== undefined || thread.locked)) throw missingPermissions();
  const before = world.channels.wire(channel);
  world.channels.update(
    channel,
    {
      ...(form.name !== undefined && { name: form.name }),
      ...(form.rate_limit_per_user != null && { slowmode: form.rate_limit_per_user }),
    },
    {
      ...(form.archived !== undefined && { archived: form.archived }),
      ...(form.locked !== undefined && { locked: form.locked }),
      ...(form.invitable !== undefined && { invitable: form.invitable }),
      ...(form.auto_archive_duration !== undefined && { autoArchiveMinutes: form.auto_archive_duration }),
    },
  );
  const after = world.channels.wire(channel);
  logDeed(call, guildOfChannel(world, channel), AuditAction.threadUpdate, channel.id, {
    changes: changesBetween(before, after),
  });
  return after;
}

export const channelRoutes = [
  route("GET /channels/:channel", ({ world, param }) =>
    world.channels.wire(channelOf(world, param("channel"))),
  ),

  route(
    "PATCH /channels/:channel",
    (call) => {
      const { world, param } = call;
      const channel = channelOf(world, param("channel"));
      const guild = guildOfChannel(world, channel);
      if (channel.thread !== null) return patchThread(call, channel);
      if (!may(world, channel, "ManageChannels")) throw missingPermissions();
      const form = call.form(ChannelForm);
      const before = world.channels.wire(channel);
      if (form.permission_overwrites != null) {
        if (!may(world, channel, "ManageRoles")) throw missingPermissions();
        world.channels.setOverwrites(
          channel,
          overwritesOf(world, channel, guild.id, form.permission_overwrites),
        );
      }
      world.channels.update(channel, {
        ...(form.name !== undefined && { name: form.name }),
        ...(form.topic !== undefined && { topic: form.topic }),
        ...(form.position != null && { position: form.position }),
        ...(form.parent_id !== undefined && { parentId: form.parent_id }),
        ...(form.nsfw != null && { nsfw: form.nsfw }),
        ...(form.rate_limit_per_user != null && { slowmode: form.rate_limit_per_user }),
      });
      const after = world.channels.wire(channel);
      const changes = changesBetween(before, after);
      logDeed(call, guild, AuditAction.channelUpdate, channel.id, { changes });
      return after;
    },
    { limit: { requests: 5, perMs: 15_000 } },
  ),

  route("DELETE /channels/:channel", (call) => {
    const { world, param } = call;
    const channel = channelOf(world, param("channel"));
    // A direct channel is only closed: it opens again with the next message.
    if (channel.guildId === null) return world.channels.wire(channel);
    const guild = guildOfChannel(world, channel);
    const thread = channel.thread !== null;
    if (!may(world, channel, thread ? "ManageThreads" : "ManageChannels")) throw missingPermissions();
    if ([guild.rulesChannelId, guild.publicUpdatesChannelId].includes(channel.id))
      throw requiredByCommunity();
    const wire = world.channels.wire(channel);
    world.channels.delete(channel);
    logDeed(call, guild, thread ? AuditAction.threadDelete : AuditAction.channelDelete, channel.id, {
      changes: changesBetween(wire, {}),
    });
    return wire;
  }),

  route("PUT /channels/:channel/permissions/:target", (call) => {
    const { world, param } = call;
    const channel = channelOf(world, param("channel"), "ManageRoles");
    const guild = guildOfChannel(world, channel);
    const body = { ...call.form(OverwriteForm), id: param("target") };
    const fresh = overwriteOf(world, channel, guild.id, body);
    const action = channel.overwrites.has(body.id)
      ? AuditAction.overwriteUpdate
      : AuditAction.overwriteCreate;
    world.channels.setOverwrites(channel, new Map([...channel.overwrites, [body.id, fresh]]));
    const options = { id: body.id, type: fresh.type === "role" ? "0" : "1" };
    logDeed(call, guild, action, channel.id, {
      options: {
        ...options,
        ...(fresh.type === "role" && { role_name: guild.roles.get(body.id)?.name ?? "" }),
      },
    });
    return undefined;
  }),
  route("DELETE /channels/:channel/permissions/:target", (call) => {
    const { world, param } = call;
    const channel = channelOf(world, param("channel"), "ManageRoles");
    const gone = channel.overwrites.get(param("target"));
    if (gone === undefined) throw unknownOverwrite();
    world.channels.setOverwrites(
      channel,
      new Map([...channel.overwrites].filter(([id]) => id !== param("target"))),
    );
    logDeed(call, guildOfChannel(world, channel), AuditAction.overwriteDelete, channel.id, {
      options: { id: param("target"), type: gone.type === "role" ? "0" : "1" },
    });
    return undefined;
  }),

  // All channels, also those the bot cannot look into; threads have their own list.
  route("GET /guilds/:guild/channels", ({ world, param }) =>
    [...guildOf(world, param("guild")).guild.channels.values()]
      .filter((one) => one.thread === null)
      .map((one) => world.channels.wire(one)),
  ),
  route("PATCH /guilds/:guild/channels", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageChannels");
    for (const { id, position, parent_id: parentId, lock_permissions: locked } of call.form(PositionsForm)) {
      const channel = guild.channels.get(id ?? "");
      if (channel === undefined || channel.thread !== null) throw unknownChannel();
      world.channels.update(channel, {
        ...(position != null && { position }),
        ...(parentId !== undefined && { parentId }),
      });
      const parent = guild.channels.get(channel.parentId ?? "");
      if (locked === true && parent !== undefined) world.channels.setOverwrites(channel, parent.overwrites);
    }
    return undefined;
  }),
  route(
    "POST /guilds/:guild/channels",
    (call) => {
      const { world, param, form } = call;
      const { guild, self } = guildOf(world, param("guild"));
      requireInGuild(world, guild, self, "ManageChannels");
      const {
        name: called,
        type,
        topic,
        parent_id: parentId,
        permission_overwrites: overwrites,
      } = form(CreateForm);
      const kind = KINDS.get(type ?? 0);
      if (kind === undefined)
        throw invalidForm(
          "type",
          "BASE_TYPE_CHOICES",
          `Value must be one of {${[...KINDS.keys()].join(", ")}}.`,
        );
      const own = overwritesOf(world, null, guild.id, overwrites ?? []);
      const channel = world.channels.create(guild, {
        name: kind === "text" ? called.toLowerCase().replaceAll(" ", "-") : called,
        type: kind,
        ...(topic != null && { topic }),
        ...(parentId != null && { parentId }),
        overwrites: [...own].map(([id, one]) => ({
          id,
          type: one.type,
          allow: one.allow.toString(),
          deny: one.deny.toString(),
        })),
      });
      const wire = world.channels.wire(channel);
      logDeed(call, guild, AuditAction.channelCreate, channel.id, { changes: changesBetween({}, wire) });
      return wire;
    },
    CREATED,
  ),
];
