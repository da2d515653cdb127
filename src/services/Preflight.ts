import { Context, Effect, Layer } from "effect";
import type { ChannelId, GuildId, RoleId } from "../domain/Ids.js";
import { Discord } from "../layers/Discord.js";
import type { ChannelHealth, PermissionName, RoleHealth } from "../layers/discord/Guild.js";
import type { Setup } from "./Settings.js";

/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  /** What is wrong and what to do; `null` when all is well. */
  readonly problem: string | null;
}

/** Whether accepting somebody would work right now: one answer for set-up, status and warnings (features.md F4). */
export class Preflight extends Context.Tag("app/Preflight")<
  Preflight,
  { readonly check: (guildId: GuildId, setup: Setup) => Effect.Effect<ReadonlyArray<Finding>> }
>() {}

const POST: ReadonlyArray<PermissionName> = ["ViewChannel", "SendMessages", "EmbedLinks"];

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

const roleProblem = (health: RoleHealth): string | null => {
  switch (health._tag) {
    case "Ok":
      return null;
    case "Missing":
      return "does not exist. Choose another role.";
    case "Everyone":
      return "is what everybody holds from the start. Choose a role that newcomers do not have.";
    case "Managed":
      return `**${health.name}** belongs to an integration and cannot be given. Choose another role.`;
    case "AboveBot":
      return `**${health.name}** stands above the bot's role **${health.botRole}**. Move the bot's role above it.`;
    case "NoManageRoles":
      return `the bot lacks Manage Roles, so it cannot give **${health.name}**. Grant it under Server Settings, Roles.`;
  }
};

const make = Effect.gen(function* () {
  const discord = yield* Discord;

  const channel = (guildId: GuildId, subject: string, id: ChannelId, needs: ReadonlyArray<PermissionName>) =>
    Effect.map(discord.channelHealth(guildId, id, needs), (health) => ({
      subject: `${subject} <#${id}>`,
      problem: channelProblem(health),
    }));
  const optional = (
    guildId: GuildId,
    subject: string,
    id: ChannelId | null,
    needs: ReadonlyArray<PermissionName>,
  ) => (id === null ? [] : [channel(guildId, subject, id, needs)]);
  const acceptedRole = (guildId: GuildId, id: RoleId) =>
    Effect.map(discord.roleHealth(guildId, id), (health) => ({
      subject: `Accepted role <@&${id}>`,
      problem: roleProblem(health),
    }));
  const kicking = (guildId: GuildId) =>
    Effect.map(discord.lacks(guildId, "KickMembers"), (lacks) => ({
      subject: "Kicking",
      problem: lacks ? "the bot lacks Kick Members. Grant it under Server Settings, Roles." : null,
    }));

  return Preflight.of({
    check: (guildId, setup) =>
      Effect.all([
        channel(guildId, "Gate channel", setup.gateChannelId, [...POST, "ReadMessageHistory", "PinMessages"]),
        channel(guildId, "Review channel", setup.reviewChannelId, [...POST, "ReadMessageHistory"]),
        channel(guildId, "General channel", setup.generalChannelId, ["ViewChannel", "SendMessages"]),
        ...optional(guildId, "Unverified channel", setup.unverifiedChannelId, [
          "ViewChannel",
          "SendMessages",
        ]),
        ...optional(guildId, "Modmail channel", setup.modmailChannelId, POST),
        ...optional(guildId, "Logging channel", setup.loggingChannelId, POST),
        acceptedRole(guildId, setup.acceptedRoleId),
        kicking(guildId),
      ]),
  });
});

export const layer = Layer.effect(Preflight, make);
