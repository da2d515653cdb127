import { z } from "zod";
import { invalidForm, missingPermissions, needsBoosts } from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { ChannelType } from "../../world/state.js";
import type { Guild } from "../../world/state.js";
import { auditWire, guildWire, userWire } from "../../world/wire.js";
import { guildOf, requireInGuild } from "../access.js";
import { logDeed } from "../audit.js";
import { length } from "../../characters.js";
import { integer, snowflake, text } from "../forms/kit.js";
import { picture } from "../pictures.js";
import { route } from "../router.js";
import { guildsOf } from "./oauth.js";
import { limitOf } from "./paging.js";

const image = z.string().nullish();
const GuildForm = z.strictObject({
  name: z
    .string()
    .refine((name) => length(name.trim()) >= 2 && length(name.trim()) <= 100, {
      error: "BASE_TYPE_BAD_LENGTH|Must be between 2 and 100 in length.",
    })
    .optional(),
  description: text(300).nullish(),
  region: z.string().nullish(),
  icon: image,
  banner: image,
  splash: image,
  discovery_splash: image,
  home_header: image,
  owner_id: snowflake.optional(),
  verification_level: integer(0, 4).nullish(),
  default_message_notifications: integer(0, 1).nullish(),
  explicit_content_filter: integer(0, 2).nullish(),
  preferred_locale: z.string().nullish(),
  afk_timeout: z
    .union([z.literal(60), z.literal(300), z.literal(900), z.literal(1800), z.literal(3600)])
    .nullish(),
  afk_channel_id: snowflake.nullish(),
  system_channel_id: snowflake.nullish(),
  system_channel_flags: z.number().int().nullish(),
  rules_channel_id: snowflake.nullish(),
  safety_alerts_channel_id: snowflake.nullish(),
  public_updates_channel_id: snowflake.nullish(),
  features: z.array(z.string().nullable()).nullish(),
  premium_progress_bar_enabled: z.boolean().nullish(),
});
type GuildForm = z.output<typeof GuildForm>;

/** Pictures that a guild may only have with a feature it gets from boosts. */
const FEATURES = { banner: "BANNER", splash: "INVITE_SPLASH" } as const;

function requireFeatures(guild: Guild, form: GuildForm): void {
  for (const field of ["banner", "splash"] as const) {
    if (form[field] != null && !guild.features.includes(FEATURES[field])) throw needsBoosts();
  }
}

function requireTextChannels(guild: Guild, form: GuildForm): void {
  for (const field of ["system_channel_id", "rules_channel_id", "public_updates_channel_id"] as const) {
    const id = form[field];
    if (id == null) continue;
    const type = guild.channels.get(id)?.type;
    if (type !== ChannelType.text && type !== ChannelType.announcement)
      throw invalidForm(field, "CHANNEL_INVALID", "Invalid channel");
  }
}

export const guildRoutes = [
  route("GET /guilds/:guild", ({ world, param, query }) => {
    const { guild } = guildOf(world, param("guild"));
    return {
      ...guildWire(guild),
      ...(query.get("with_counts") === "true" && {
        approximate_member_count: guild.members.size,
        approximate_presence_count: world.guilds.presenceCount(guild),
      }),
    };
  }),

  route("PATCH /guilds/:guild", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageGuild");
    const form = call.form(GuildForm);
    if (form.owner_id !== undefined) {
      if (guild.ownerId !== world.bot.id) throw missingPermissions();
      world.members.get(guild, form.owner_id);
    }
    requireFeatures(guild, form);
    requireTextChannels(guild, form);
    const before = guildWire(guild);
    world.guilds.update(guild, {
      ...(form.name !== undefined && { name: form.name.trim() }),
      ...(form.owner_id !== undefined && { ownerId: form.owner_id }),
      ...(form.description !== undefined && { description: form.description }),
      ...(form.icon !== undefined && { icon: picture(world, "icons", guild.id, "icon", form.icon) }),
      ...(form.banner !== undefined && {
        banner: picture(world, "banners", guild.id, "banner", form.banner),
      }),
      ...(form.splash !== undefined && {
        splash: picture(world, "splashes", guild.id, "splash", form.splash),
      }),
      ...(form.verification_level != null && { verificationLevel: form.verification_level }),
      ...(form.default_message_notifications != null && {
        defaultNotifications: form.default_message_notifications,
      }),
      ...(form.explicit_content_filter != null && { contentFilter: form.explicit_content_filter }),
      ...(form.preferred_locale != null && { locale: form.preferred_locale }),
      ...(form.afk_timeout != null && { afkTimeout: form.afk_timeout }),
      ...(form.afk_channel_id !== undefined && { afkChannelId: form.afk_channel_id }),
      ...(form.system_channel_id !== undefined && { systemChannelId: form.system_channel_id }),
      ...(form.system_channel_flags != null && { systemChannelFlags: form.system_channel_flags }),
      ...(form.rules_channel_id !== undefined && { rulesChannelId: form.rules_channel_id }),
      ...(form.safety_alerts_channel_id !== undefined && {
        safetyAlertsChannelId: form.safety_alerts_channel_id,
      }),
      ...(form.public_updates_channel_id !== undefined && {
        publicUpdatesChannelId: form.public_updates_channel_id,
      }),
      ...(form.premium_progress_bar_enabled != null && { boostBar: form.premium_progress_bar_enabled }),
    });
    const after = guildWire(guild);
    logDeed(call, guild, AuditAction.guildUpdate, guild.id, { changes: changesBetween(before, after) });
    return after;
  }),

  route("GET /guilds/:guild/preview", ({ world, param }) => {
    const { guild } = guildOf(world, param("guild"));
    const { id, name, icon, description, splash, features } = guild;
    return {
      id,
      name,
      icon,
      description,
      splash,
      features,
      home_header: null,
      discovery_splash: null,
      approximate_member_count: guild.members.size,
      approximate_presence_count: world.guilds.presenceCount(guild),
      emojis: [],
      stickers: [],
    };
  }),

  route("GET /guilds/:guild/audit-logs", ({ world, param, query }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ViewAuditLog");
    const action = query.get("action_type");
    const entries = world.audit.find(guild, {
      userId: query.get("user_id"),
      action: action === null ? null : Number(action),
      before: query.get("before"),
      after: query.get("after"),
      limit: limitOf(query, 50, 100),
    });
    const ids = new Set(entries.flatMap(({ userId, targetId }) => [userId, targetId ?? ""]));
    return {
      audit_log_entries: entries.map(auditWire),
      users: [...ids].flatMap((id) => world.users.all.get(id) ?? []).map(userWire),
      webhooks: world.webhooks
        .of({ guildId: guild.id })
        .filter(({ id }) => ids.has(id))
        .map((webhook) => world.webhooks.wire(webhook)),
      threads: [...guild.channels.values()]
        .filter(({ id, thread }) => thread !== null && ids.has(id))
        .map((thread) => world.channels.wire(thread)),
      integrations: [],
      application_commands: [],
      auto_moderation_rules: [],
      guild_scheduled_events: [],
    };
  }),

  // The bot leaves.
  route("DELETE /users/@me/guilds/:guild", ({ world, param }) => {
    const { guild } = guildOf(world, param("guild"));
    if (guild.ownerId === world.bot.id) throw missingPermissions();
    world.guilds.removeBot(guild);
    return undefined;
  }),

  route(
    "GET /users/@me/guilds",
    ({ world, query, grant }) => guildsOf(world, grant?.userId ?? world.bot.id, query),
    { bearer: "guilds" },
  ),
];
