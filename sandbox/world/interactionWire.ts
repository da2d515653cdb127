import type { Interaction } from "./interactionState.js";
import { memberWire, userWire } from "./wire.js";
import type { World } from "./World.js";

/** INTERACTION_CREATE. */
export function interactionWire(world: World, interaction: Interaction): object {
  const { guild, channel, user } = interaction;
  const member = guild?.members.get(user.id);
  return {
    id: interaction.id,
    application_id: world.application.id,
    type: interaction.type,
    data: interaction.data,
    token: interaction.token,
    version: 1,
    channel: world.channels.wire(channel),
    channel_id: channel.id,
    ...(interaction.source !== null && { message: world.messages.wire(interaction.source) }),
    ...(guild !== null && member !== undefined
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, locale: "en-US", features: [] },
          guild_locale: "en-US",
          member: {
            ...memberWire(member, user),
            permissions: world.channels.permissionsOf(user.id, channel).toString(),
          },
        }
      : { user: userWire(user) }),
    app_permissions: world.channels.permissionsOf(world.bot.id, channel).toString(),
    locale: "en-US",
    entitlements: [],
    authorizing_integration_owners: { 0: guild?.id ?? "0" },
    context: guild === null ? 1 : 0,
    attachment_size_limit: 10_485_760,
  };
}
