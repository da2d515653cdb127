/** Discord's operations that have no route here, and why. A test holds this list against Discord's own. */

const EMOJIS = "A world has no emojis, stickers or sounds of its own";
const VOICE = "There is no voice";
const EVENTS = "There are no scheduled events";
const AUTOMOD = "There is no AutoMod";
const TEMPLATES = "There are no guild templates";
const INVITES = "There are no invites: people join through the control API";
const COMMUNITY = "No welcome screen, onboarding, membership screening or widget";
const COMMERCE = "Nothing is sold";
const SOCIAL = "The social SDK, lobbies and activities are for games";
const POLLS = "There are no polls";
const SEARCH = "Nothing is indexed for search";
const GROUPS = "A bot is in no group message";
const FOLLOWING = "No channel follows another";
const LINKED = "Linked roles, connections and integrations belong to a person's account";
const PERMISSIONS = "Only a person may set who may use a command, and nobody does here";
const SERVICES = "The sender is GitHub or Slack";
const RAIDS = "Discord's own raid protection is not here";
const OPENID = "There is no OpenID Connect";

/** By operation, as Discord's description names it. */
export const uncovered: ReadonlyMap<string, string> = new Map(
  Object.entries({
    [EMOJIS]: `
      GET /applications/{application_id}/emojis
      POST /applications/{application_id}/emojis
      GET /applications/{application_id}/emojis/{emoji_id}
      PATCH /applications/{application_id}/emojis/{emoji_id}
      DELETE /applications/{application_id}/emojis/{emoji_id}
      GET /guilds/{guild_id}/emojis
      POST /guilds/{guild_id}/emojis
      GET /guilds/{guild_id}/emojis/{emoji_id}
      PATCH /guilds/{guild_id}/emojis/{emoji_id}
      DELETE /guilds/{guild_id}/emojis/{emoji_id}
      GET /guilds/{guild_id}/stickers
      POST /guilds/{guild_id}/stickers
      GET /guilds/{guild_id}/stickers/{sticker_id}
      PATCH /guilds/{guild_id}/stickers/{sticker_id}
      DELETE /guilds/{guild_id}/stickers/{sticker_id}
      GET /sticker-packs
      GET /sticker-packs/{pack_id}
      GET /stickers/{sticker_id}
      GET /guilds/{guild_id}/soundboard-sounds
      POST /guilds/{guild_id}/soundboard-sounds
      GET /guilds/{guild_id}/soundboard-sounds/{sound_id}
      PATCH /guilds/{guild_id}/soundboard-sounds/{sound_id}
      DELETE /guilds/{guild_id}/soundboard-sounds/{sound_id}
      GET /soundboard-default-sounds
      POST /channels/{channel_id}/send-soundboard-sound`,
    [VOICE]: `
      GET /guilds/{guild_id}/regions
      GET /voice/regions
      GET /guilds/{guild_id}/voice-states/@me
      PATCH /guilds/{guild_id}/voice-states/@me
      GET /guilds/{guild_id}/voice-states/{user_id}
      PATCH /guilds/{guild_id}/voice-states/{user_id}
      PUT /channels/{channel_id}/voice-status
      POST /stage-instances
      GET /stage-instances/{channel_id}
      PATCH /stage-instances/{channel_id}
      DELETE /stage-instances/{channel_id}`,
    [EVENTS]: `
      GET /guilds/{guild_id}/scheduled-events
      POST /guilds/{guild_id}/scheduled-events
      GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
      PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
      DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
      GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users
      GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users/counts
      GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/{guild_scheduled_event_exception_id}/users
      POST /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions
      PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions/{exception_id}
      DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions/{exception_id}`,
    [AUTOMOD]: `
      GET /guilds/{guild_id}/auto-moderation/rules
      POST /guilds/{guild_id}/auto-moderation/rules
      GET /guilds/{guild_id}/auto-moderation/rules/{rule_id}
      PATCH /guilds/{guild_id}/auto-moderation/rules/{rule_id}
      DELETE /guilds/{guild_id}/auto-moderation/rules/{rule_id}`,
    [TEMPLATES]: `
      GET /guilds/templates/{code}
      GET /guilds/{guild_id}/templates
      POST /guilds/{guild_id}/templates
      PUT /guilds/{guild_id}/templates/{code}
      PATCH /guilds/{guild_id}/templates/{code}
      DELETE /guilds/{guild_id}/templates/{code}`,
    [INVITES]: `
      GET /channels/{channel_id}/invites
      POST /channels/{channel_id}/invites
      GET /guilds/{guild_id}/invites
      GET /guilds/{guild_id}/vanity-url
      GET /invites/{code}
      DELETE /invites/{code}
      GET /invites/{code}/target-users
      PUT /invites/{code}/target-users
      GET /invites/{code}/target-users/job-status
      PUT /invites/{code}/target-users/{user_id}
      DELETE /invites/{code}/target-users/{user_id}
      POST /invites/{code}/target-users/bulk-add
      POST /invites/{code}/target-users/bulk-delete`,
    [COMMUNITY]: `
      GET /guilds/{guild_id}/new-member-welcome
      GET /guilds/{guild_id}/onboarding
      PUT /guilds/{guild_id}/onboarding
      GET /guilds/{guild_id}/requests
      PATCH /guilds/{guild_id}/requests/{request_id}
      GET /guilds/{guild_id}/welcome-screen
      PATCH /guilds/{guild_id}/welcome-screen
      GET /guilds/{guild_id}/widget
      PATCH /guilds/{guild_id}/widget
      GET /guilds/{guild_id}/widget.json
      GET /guilds/{guild_id}/widget.png`,
    [COMMERCE]: `
      GET /applications/{application_id}/entitlements
      POST /applications/{application_id}/entitlements
      GET /applications/{application_id}/entitlements/{entitlement_id}
      DELETE /applications/{application_id}/entitlements/{entitlement_id}
      POST /applications/{application_id}/entitlements/{entitlement_id}/consume
      GET /skus/{sku_id}/subscriptions
      GET /skus/{sku_id}/subscriptions/{subscription_id}
      GET /users/@me/applications/{application_id}/entitlements`,
    [SOCIAL]: `
      GET /applications/{application_id}/activity-instances/{instance_id}
      POST /applications/{application_id}/attachment
      PUT /lobbies
      POST /lobbies
      GET /lobbies/{lobby_id}
      PATCH /lobbies/{lobby_id}
      DELETE /lobbies/{lobby_id}
      PATCH /lobbies/{lobby_id}/channel-linking
      GET /lobbies/{lobby_id}/messages
      POST /lobbies/{lobby_id}/messages
      PUT /lobbies/{lobby_id}/messages/{message_id}/moderation-metadata
      DELETE /lobbies/{lobby_id}/members/@me
      POST /lobbies/{lobby_id}/members/@me/invites
      POST /lobbies/{lobby_id}/members/bulk
      PUT /lobbies/{lobby_id}/members/{user_id}
      DELETE /lobbies/{lobby_id}/members/{user_id}
      POST /lobbies/{lobby_id}/members/{user_id}/invites
      PUT /partner-sdk/dms/{user_id_1}/{user_id_2}/messages/{message_id}/moderation-metadata
      POST /partner-sdk/provisional-accounts/unmerge
      POST /partner-sdk/provisional-accounts/unmerge/bot
      POST /partner-sdk/token
      POST /partner-sdk/token/bot`,
    [POLLS]: `
      GET /channels/{channel_id}/polls/{message_id}/answers/{answer_id}
      POST /channels/{channel_id}/polls/{message_id}/expire`,
    [SEARCH]: `
      GET /channels/{channel_id}/threads/search
      GET /guilds/{guild_id}/messages/search`,
    [GROUPS]: `
      PUT /channels/{channel_id}/recipients/{user_id}
      DELETE /channels/{channel_id}/recipients/{user_id}`,
    [FOLLOWING]: `
      POST /channels/{channel_id}/followers`,
    [LINKED]: `
      GET /applications/{application_id}/role-connections/metadata
      PUT /applications/{application_id}/role-connections/metadata
      GET /users/@me/applications/{application_id}/role-connection
      PUT /users/@me/applications/{application_id}/role-connection
      DELETE /users/@me/applications/{application_id}/role-connection
      GET /users/@me/connections
      GET /guilds/{guild_id}/integrations
      DELETE /guilds/{guild_id}/integrations/{integration_id}`,
    [PERMISSIONS]: `
      PUT /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions`,
    [SERVICES]: `
      POST /webhooks/{webhook_id}/{webhook_token}/github
      POST /webhooks/{webhook_id}/{webhook_token}/slack`,
    [RAIDS]: `
      PUT /guilds/{guild_id}/incident-actions`,
    [OPENID]: `
      GET /oauth2/keys
      GET /oauth2/userinfo`,
  }).flatMap(([why, operations]) =>
    operations
      .trim()
      .split("\n")
      .map((operation) => [operation.trim(), why] as const),
  ),
);

/** The operation that was asked for, where Discord has it and the sandbox does not. */
export function uncoveredOperation(method: string, path: string): string | undefined {
  const asked = path.split("/");
  for (const operation of uncovered.keys()) {
    const [of, name = ""] = operation.split(" ");
    const segments = name.split("/");
    if (of !== method || segments.length !== asked.length) continue;
    if (segments.every((segment, index) => segment.startsWith("{") || segment === asked[index]))
      return operation;
  }
  return undefined;
}
