/** Which of Discord's own schemas a route's body and answer must fit. Loaded only when checking is on. */
import * as spec from "discord-api-spec/zod";
import * as z from "zod/mini";

type Schema = z.ZodMiniType;

export interface Expected {
  /** Missing where a route takes no body, or Discord describes none. */
  readonly body?: Schema;
  /** Of a success; `nothing` is 204. */
  readonly answer: Schema | "nothing";
}

const nothing = "nothing";
const message = spec.MessageResponseSchema;
const channel = z.union([
  spec.PrivateChannelResponseSchema,
  spec.GuildChannelResponseSchema,
  spec.ThreadResponseSchema,
]);
const webhook = spec.GuildIncomingWebhookResponseSchema;
const command = spec.ApplicationCommandResponseSchema;
const member = spec.GuildMemberResponseSchema;
const role = spec.GuildRoleResponseSchema;
const callback = z.union([
  spec.PongInteractionCallbackRequestSchema,
  spec.CreateMessageInteractionCallbackRequestSchema,
  spec.UpdateMessageInteractionCallbackRequestSchema,
  spec.ApplicationCommandAutocompleteCallbackRequestSchema,
  spec.ModalInteractionCallbackRequestSchema,
]);

const commandsAt = (path: string): [string, Expected][] => [
  [`GET ${path}`, { answer: z.array(command) }],
  [`PUT ${path}`, { body: z.array(spec.ApplicationCommandUpdateRequestSchema), answer: z.array(command) }],
  [`POST ${path}`, { body: spec.ApplicationCommandCreateRequestSchema, answer: command }],
  [`GET ${path}/:command`, { answer: command }],
  [`PATCH ${path}/:command`, { body: spec.ApplicationCommandPatchRequestPartialSchema, answer: command }],
  [`DELETE ${path}/:command`, { answer: nothing }],
];

export const table: ReadonlyMap<string, Expected> = new Map<string, Expected>([
  ["GET /gateway", { answer: spec.GatewayResponseSchema }],
  ["GET /gateway/bot", { answer: spec.GatewayBotResponseSchema }],

  ["GET /users/@me", { answer: spec.UserPIIResponseSchema }],
  // The description asks for a username, which Discord does not.
  ["PATCH /users/@me", { answer: spec.UserPIIResponseSchema }],
  ["GET /users/@me/guilds", { answer: z.array(spec.MyGuildResponseSchema) }],
  [
    "POST /users/@me/channels",
    { body: spec.CreatePrivateChannelRequestSchema, answer: spec.PrivateChannelResponseSchema },
  ],
  ["DELETE /users/@me/guilds/:guild", { answer: nothing }],
  ["GET /users/:user", { answer: spec.UserResponseSchema }],
  ...["/applications/@me", "/applications/:application"].flatMap((path): [string, Expected][] => [
    [`GET ${path}`, { answer: spec.PrivateApplicationResponseSchema }],
    [`PATCH ${path}`, { answer: spec.PrivateApplicationResponseSchema }],
  ]),
  ["GET /oauth2/applications/@me", { answer: spec.PrivateApplicationResponseSchema }],

  // OAuth2's own endpoints are documented, but not described.
  [
    "POST /oauth2/token",
    { answer: z.looseObject({ token_type: z.literal("Bearer"), access_token: z.string() }) },
  ],
  ["POST /oauth2/token/revoke", { answer: z.object({}) }],
  ["GET /oauth2/@me", { answer: spec.OAuth2GetAuthorizationResponseSchema }],
  ["GET /users/@me/guilds/:guild/member", { answer: spec.PrivateGuildMemberResponseSchema }],
  [
    "PUT /guilds/:guild/members/:user",
    { body: spec.BotAddGuildMemberRequestSchema, answer: z.optional(spec.GuildMemberResponseSchema) },
  ],

  ["GET /guilds/:guild", { answer: spec.GuildWithCountsResponseSchema }],
  ["PATCH /guilds/:guild", { body: spec.GuildPatchRequestPartialSchema, answer: spec.GuildResponseSchema }],
  ["GET /guilds/:guild/preview", { answer: spec.GuildPreviewResponseSchema }],
  ["GET /guilds/:guild/audit-logs", { answer: spec.GuildAuditLogResponseSchema }],
  ["GET /guilds/:guild/members", { answer: z.array(member) }],
  ["GET /guilds/:guild/members/search", { answer: z.array(member) }],
  ["GET /guilds/:guild/members/:user", { answer: member }],
  ["PATCH /guilds/:guild/members/@me", { answer: spec.PrivateGuildMemberResponseSchema }],
  ["PATCH /guilds/:guild/members/:user", { answer: member }],
  ["DELETE /guilds/:guild/members/:user", { answer: nothing }],
  ["PUT /guilds/:guild/members/:user/roles/:role", { answer: nothing }],
  ["DELETE /guilds/:guild/members/:user/roles/:role", { answer: nothing }],
  ["GET /guilds/:guild/prune", { answer: spec.GuildPruneResponseSchema }],
  [
    "POST /guilds/:guild/prune",
    { body: spec.PruneGuildRequestSchema, answer: spec.GuildPruneResponseSchema },
  ],
  [
    "POST /guilds/:guild/bulk-ban",
    { body: spec.BulkBanUsersRequestSchema, answer: spec.BulkBanUsersResponseSchema },
  ],
  ["GET /guilds/:guild/bans", { answer: z.array(spec.GuildBanResponseSchema) }],
  ["GET /guilds/:guild/bans/:user", { answer: spec.GuildBanResponseSchema }],
  ["PUT /guilds/:guild/bans/:user", { body: spec.BanUserFromGuildRequestSchema, answer: nothing }],
  ["DELETE /guilds/:guild/bans/:user", { answer: nothing }],
  ["GET /guilds/:guild/roles", { answer: z.array(role) }],
  ["GET /guilds/:guild/roles/member-counts", { answer: z.record(z.string(), z.number()) }],
  [
    "PATCH /guilds/:guild/roles",
    { body: z.array(spec.UpdateRolePositionsRequestSchema), answer: z.array(role) },
  ],
  ["GET /guilds/:guild/roles/:role", { answer: role }],
  ["POST /guilds/:guild/roles", { body: spec.CreateRoleRequestSchema, answer: role }],
  ["PATCH /guilds/:guild/roles/:role", { body: spec.UpdateRoleRequestPartialSchema, answer: role }],
  ["DELETE /guilds/:guild/roles/:role", { answer: nothing }],
  ["GET /guilds/:guild/channels", { answer: z.array(spec.GuildChannelResponseSchema) }],
  [
    "POST /guilds/:guild/channels",
    { body: spec.CreateGuildChannelRequestSchema, answer: spec.GuildChannelResponseSchema },
  ],

  ["PATCH /guilds/:guild/channels", { answer: nothing }],

  ["GET /channels/:channel", { answer: channel }],
  [
    "PATCH /channels/:channel",
    {
      body: z.union([spec.UpdateGuildChannelRequestPartialSchema, spec.UpdateThreadRequestPartialSchema]),
      answer: channel,
    },
  ],
  ["DELETE /channels/:channel", { answer: channel }],
  ["PUT /channels/:channel/permissions/:target", { answer: nothing }],
  ["DELETE /channels/:channel/permissions/:target", { answer: nothing }],
  ["POST /channels/:channel/typing", { answer: nothing }],

  [
    "POST /channels/:channel/threads",
    { body: spec.CreateTextThreadWithoutMessageRequestSchema, answer: spec.CreatedThreadResponseSchema },
  ],
  [
    "POST /channels/:channel/messages/:message/threads",
    { body: spec.CreateTextThreadWithMessageRequestSchema, answer: spec.ThreadResponseSchema },
  ],
  ["GET /channels/:thread/thread-members", { answer: z.array(spec.ThreadMemberResponseSchema) }],
  ["GET /channels/:thread/thread-members/:user", { answer: spec.ThreadMemberResponseSchema }],
  ["PUT /channels/:thread/thread-members/@me", { answer: nothing }],
  ["PUT /channels/:thread/thread-members/:user", { answer: nothing }],
  ["DELETE /channels/:thread/thread-members/@me", { answer: nothing }],
  ["DELETE /channels/:thread/thread-members/:user", { answer: nothing }],
  ["GET /guilds/:guild/threads/active", { answer: spec.ThreadsResponseSchema }],
  ["GET /channels/:channel/threads/archived/public", { answer: spec.ThreadsResponseSchema }],
  ["GET /channels/:channel/threads/archived/private", { answer: spec.ThreadsResponseSchema }],

  ["GET /channels/:channel/users/@me/threads/archived/private", { answer: spec.ThreadsResponseSchema }],

  ["GET /channels/:channel/messages", { answer: z.array(message) }],
  ["POST /channels/:channel/messages", { body: spec.MessageCreateRequestSchema, answer: message }],
  ["GET /channels/:channel/messages/:message", { answer: message }],
  [
    "PATCH /channels/:channel/messages/:message",
    { body: spec.MessageEditRequestPartialSchema, answer: message },
  ],
  ["DELETE /channels/:channel/messages/:message", { answer: nothing }],
  ["POST /channels/:channel/messages/bulk-delete", { answer: nothing }],
  ["POST /channels/:channel/messages/:message/crosspost", { answer: message }],
  ["PUT /channels/:channel/messages/pins/:message", { answer: nothing }],
  ["DELETE /channels/:channel/messages/pins/:message", { answer: nothing }],
  ["GET /channels/:channel/messages/pins", { answer: spec.PinnedMessagesResponseSchema }],
  ["PUT /channels/:channel/pins/:message", { answer: nothing }],
  ["DELETE /channels/:channel/pins/:message", { answer: nothing }],
  ["GET /channels/:channel/pins", { answer: z.array(message) }],
  ["GET /channels/:channel/messages/:message/reactions/:emoji", { answer: z.array(spec.UserResponseSchema) }],
  ["DELETE /channels/:channel/messages/:message/reactions", { answer: nothing }],
  ["DELETE /channels/:channel/messages/:message/reactions/:emoji", { answer: nothing }],
  ["DELETE /channels/:channel/messages/:message/reactions/:emoji/:user", { answer: nothing }],
  ["PUT /channels/:channel/messages/:message/reactions/:emoji/@me", { answer: nothing }],
  ["DELETE /channels/:channel/messages/:message/reactions/:emoji/@me", { answer: nothing }],

  [
    "GET /applications/:application/guilds/:guild/commands/permissions",
    { answer: z.array(spec.CommandPermissionsResponseSchema) },
  ],
  [
    "GET /applications/:application/guilds/:guild/commands/:command/permissions",
    { answer: spec.CommandPermissionsResponseSchema },
  ],
  ...commandsAt("/applications/:application/commands"),
  ...commandsAt("/applications/:application/guilds/:guild/commands"),

  [
    "POST /interactions/:interaction/:token/callback",
    { body: callback, answer: z.optional(spec.InteractionCallbackResponseSchema) },
  ],
  ["POST /channels/:channel/webhooks", { answer: webhook }],
  ["GET /channels/:channel/webhooks", { answer: z.array(webhook) }],
  ["GET /guilds/:guild/webhooks", { answer: z.array(webhook) }],
  ...["/webhooks/:webhook", "/webhooks/:webhook/:token"].flatMap((path): [string, Expected][] => [
    [`GET ${path}`, { answer: webhook }],
    [`PATCH ${path}`, { answer: webhook }],
    [`DELETE ${path}`, { answer: nothing }],
  ]),
  [
    "POST /webhooks/:webhook/:token",
    { body: spec.IncomingWebhookRequestPartialSchema, answer: z.optional(message) },
  ],
  ["GET /webhooks/:webhook/:token/messages/:message", { answer: message }],
  [
    "PATCH /webhooks/:webhook/:token/messages/:message",
    { body: spec.IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema, answer: message },
  ],
  ["DELETE /webhooks/:webhook/:token/messages/:message", { answer: nothing }],
]);

/** OAuth2 has words of its own. */
export const refusal: Schema = z.union([spec.ErrorSchema, z.looseObject({ error: z.string() })]);
