import { Context, Effect, Layer } from "effect";
import { PERMISSION_NAMES, type PermissionName } from "../domain/DiscordPermission.js";
import { type Finding, subjectOf } from "../domain/Finding.js";
import type { ChannelId, GuildId, RoleId } from "../domain/Ids.js";
import type { SettingsPatch } from "../domain/Settings.js";
import { ALL_SETTINGS, type Setting, type SettingName } from "../domain/SettingsTable.js";
import { Discord } from "../layers/Discord.js";
import type { ChannelHealth, RoleHealth } from "../layers/discord/Guild.js";
import { Settings } from "./Settings.js";

/** Whether accepting somebody would work right now: one answer for set-up, settings, status and warnings (features.md F4). */
export class Preflight extends Context.Tag("app/Preflight")<
  Preflight,
  {
    /** The whole way from the gate to the role: every channel and role of `settings`, and the rights of the bot. */
    readonly check: (guildId: GuildId, settings: SettingsPatch) => Effect.Effect<ReadonlyArray<Finding>>;
    /** Only the channels and roles that `settings` names: to be asked before they are saved. */
    readonly checkValues: (
      guildId: GuildId,
      settings: SettingsPatch,
    ) => Effect.Effect<ReadonlyArray<Finding>>;
    /** What the bot lacks to ban many people at once, with its remedy. */
    readonly bulkBan: (guildId: GuildId) => Effect.Effect<ReadonlyArray<string>>;
    /** Every guild whose problems are others than at the last call, or that has none any more. */
    readonly news: Effect.Effect<ReadonlyArray<News>>;
  }
>() {}

/** What is wrong in a guild now; nothing, where all has been mended. */
export interface News {
  readonly guildId: GuildId;
  readonly problems: ReadonlyArray<string>;
}

const channelProblem = (health: ChannelHealth): string | null => {
  switch (health._tag) {
    case "Ok":
      return null;
    case "Missing":
      return "does not exist, or the bot cannot see it. Choose another channel.";
    case "Elsewhere":
      return "belongs to another server. Choose a channel of this one.";
    case "NotText":
      return "is not a text channel. Choose a text channel.";
    case "Lacks":
      return `the bot lacks ${health.permissions.join(", ")} there. Grant it in the channel's settings.`;
  }
};

const NOT_EVERYONE = "is what everybody holds from the start. Choose a role that newcomers do not have.";

/** Why the bot could not give a role, and what to do. */
export const roleProblem = (health: RoleHealth): string | null => {
  switch (health._tag) {
    case "Ok":
      return null;
    case "Missing":
      return "does not exist. Choose another role.";
    case "Everyone":
      return NOT_EVERYONE;
    case "Managed":
      return `**${health.name}** belongs to an integration and cannot be given. Choose another role.`;
    case "AboveBot":
      return `**${health.name}** stands above the bot's role **${health.botRole}**. Move the bot's role above it.`;
    case "NoManageRoles":
      return `the bot lacks Manage Roles, so it cannot give **${health.name}**. Grant it under Server Settings, Roles.`;
  }
};

/** A role that staff holds need not be one that the bot could give. */
const staffRoleProblem = (health: RoleHealth): string | null => {
  switch (health._tag) {
    case "Missing":
    case "Everyone":
      return roleProblem(health);
    case "Managed":
      return `**${health.name}** belongs to an integration, which decides who holds it. Choose another role.`;
    case "Ok":
    case "AboveBot":
    case "NoManageRoles":
      return null;
  }
};

/** A role that is pinged need not be one that the bot could give. */
const pingedRoleProblem = (health: RoleHealth, mentionable: boolean): string | null => {
  switch (health._tag) {
    case "Missing":
      return roleProblem(health);
    case "Everyone":
      return "would ping the whole server. Choose a role that only some hold.";
    case "Ok":
    case "AboveBot":
    case "Managed":
    case "NoManageRoles":
      return mentionable
        ? null
        : `**${health.name}** would be shown, but nobody pinged. Switch on "Allow anyone to @mention this role" for it.`;
  }
};

const lacksIn = (permission: string): string =>
  `the bot lacks ${permission}. Grant it under Server Settings, Roles.`;

/** Discord asks for both. */
const BULK_BAN = ["BanMembers", "ManageGuild"] as const satisfies ReadonlyArray<PermissionName>;

const make = Effect.gen(function* () {
  const discord = yield* Discord;
  const settings = yield* Settings;
  /** What was last said of each guild. A new process says it again. */
  const told = new Map<GuildId, string>();

  const channel = (
    guildId: GuildId,
    about: SettingName,
    { label }: Setting,
    id: ChannelId,
    needs: ReadonlyArray<PermissionName>,
  ): Effect.Effect<Finding> =>
    Effect.map(discord.channelHealth(guildId, id, needs), (health) => ({
      about,
      label,
      target: { kind: "channel", id },
      problem: channelProblem(health),
    }));
  const role = (
    guildId: GuildId,
    about: SettingName,
    label: string,
    id: RoleId,
    problemOf: (health: RoleHealth) => string | null,
  ): Effect.Effect<Finding> =>
    Effect.map(discord.roleHealth(guildId, id), (health) => ({
      about,
      label,
      target: { kind: "role", id },
      problem: problemOf(health),
    }));

  const pingedRole = (guildId: GuildId, about: SettingName, label: string, id: RoleId) =>
    Effect.flatMap(discord.mentionable(guildId, id), (mentionable) =>
      role(guildId, about, label, id, (health) => pingedRoleProblem(health, mentionable)),
    );

  const findingsOf = (
    guildId: GuildId,
    values: SettingsPatch,
    [name, setting]: readonly [SettingName, Setting],
  ): ReadonlyArray<Effect.Effect<Finding>> => {
    switch (setting.kind) {
      case "channel":
      case "optional_channel": {
        const id = setting.read(values);
        return id == null ? [] : [channel(guildId, name, setting, id, setting.needs)];
      }
      case "role": {
        const id = setting.read(values);
        return id === undefined ? [] : [role(guildId, name, setting.label, id, roleProblem)];
      }
      case "pinged_role": {
        const id = setting.read(values);
        return id == null ? [] : [pingedRole(guildId, name, setting.label, id)];
      }
      case "staff_roles":
        return (setting.read(values) ?? []).map((id) =>
          role(guildId, name, "Reviewer role", id, staffRoleProblem),
        );
      case "number":
      case "optional_number":
      case "switch":
        return [];
    }
  };

  const checkValues = (guildId: GuildId, values: SettingsPatch) =>
    Effect.all(ALL_SETTINGS.flatMap((entry) => findingsOf(guildId, values, entry)));

  const kicking = (guildId: GuildId): Effect.Effect<Finding> =>
    Effect.map(discord.lacks(guildId, "KickMembers"), (lacks) => ({
      about: "server",
      label: "Kicking",
      target: null,
      problem: lacks ? lacksIn(PERMISSION_NAMES.KickMembers) : null,
    }));

  const check = (guildId: GuildId, values: SettingsPatch): Effect.Effect<ReadonlyArray<Finding>> =>
    Effect.gen(function* () {
      const guild = yield* discord.guild(guildId);
      if (guild === null || !guild.available) {
        const problem =
          guild === null
            ? "the bot is not in this server. Invite it again."
            : "Discord does not show this server at the moment. Wait until it does.";
        return [{ about: "server", label: "This server", target: null, problem }];
      }
      return [...(yield* checkValues(guildId, values)), yield* kicking(guildId)];
    });

  return Preflight.of({
    check,
    checkValues,
    bulkBan: (guildId) =>
      Effect.map(
        Effect.filter(BULK_BAN, (permission) => discord.lacks(guildId, permission)),
        (lacking) => lacking.map((permission) => lacksIn(PERMISSION_NAMES[permission])),
      ),
    news: Effect.gen(function* () {
      const news: Array<News> = [];
      for (const guild of yield* settings.all) {
        const problems = (yield* check(guild.guildId, guild)).flatMap((finding) =>
          finding.problem === null ? [] : [`${subjectOf(finding)}: ${finding.problem}`],
        );
        const said = problems.join("\n");
        if (said === (told.get(guild.guildId) ?? "")) continue;
        told.set(guild.guildId, said);
        news.push({ guildId: guild.guildId, problems });
      }
      return news;
    }),
  });
});

export const layer = Layer.effect(Preflight, make);
