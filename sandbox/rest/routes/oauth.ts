/** OAuth2: from a code to tokens, and what a person's bearer token may ask. */
import { z } from "zod";
import { missingPermissions, OAuthError, unauthorized, unknownMember } from "../../errors.js";
import { iso, memberWire, userWire } from "../../world/wire.js";
import { guildPermissions } from "../../world/permissions.js";
import { compareIds } from "../../world/Snowflakes.js";
import type { Flaw, Grant } from "../../world/Grants.js";
import type { World } from "../../world/World.js";
import { guildOf, requireInGuild } from "../access.js";
import { snowflake, text } from "../forms/kit.js";
import { CREATED, route } from "../router.js";
import type { Answer, Asked } from "../router.js";
import { applicationWire } from "./applications.js";
import { limitOf } from "./paging.js";

const credentials = { client_id: z.string().optional(), client_secret: z.string().optional() };
const TokenForm = z.strictObject({
  ...credentials,
  grant_type: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});
const RevokeForm = z.strictObject({
  ...credentials,
  token: z.string(),
  token_type_hint: z.string().optional(),
});
const JoinForm = z.strictObject({
  access_token: z.string(),
  nick: text(32).nullish(),
  roles: z.array(snowflake).nullish(),
  mute: z.boolean().nullish(),
  deaf: z.boolean().nullish(),
});

/** Id and secret, by HTTP Basic or in the form. */
function requireClient(call: Asked, form: z.output<typeof RevokeForm> | z.output<typeof TokenForm>): void {
  const basic = /^Basic (.+)$/.exec(call.authorization ?? "")?.[1];
  const [id, secret] =
    basic === undefined
      ? [form.client_id, form.client_secret]
      : Buffer.from(basic, "base64").toString().split(":");
  const { application } = call.world;
  if (id !== application.id || secret !== application.clientSecret)
    throw new OAuthError(401, "invalid_client");
}

function tokens(call: Asked): Answer {
  const { world } = call;
  const form = call.form(TokenForm);
  switch (form.grant_type) {
    case "authorization_code": {
      requireClient(call, form);
      const { code, redirect_uri: redirectUri } = form;
      if (code === undefined) throw missing("code");
      if (redirectUri === undefined) throw missing("redirect_uri");
      return tokenWire(world, world.grants.redeem(code, redirectUri, form.code_verifier));
    }
    case "refresh_token": {
      requireClient(call, form);
      if (form.refresh_token === undefined) throw missing("refresh_token");
      const grant = world.grants.refresh(form.refresh_token);
      if (grant === undefined) throw new OAuthError(400, "invalid_grant");
      return tokenWire(world, grant);
    }
    default:
      throw new OAuthError(
        400,
        "unsupported_grant_type",
        `Grant type ${form.grant_type ?? "None"} is not supported`,
      );
  }
}

const missing = (field: string): OAuthError =>
  new OAuthError(400, "invalid_request", `Missing "${field}" in request.`);

function tokenWire(world: World, grant: Grant | Flaw): object {
  if (typeof grant === "string") throw new OAuthError(400, "invalid_grant", `Invalid "${grant}" in request.`);
  return {
    token_type: "Bearer",
    access_token: grant.accessToken,
    refresh_token: grant.refreshToken,
    expires_in: Math.floor((grant.expiresAt - world.now()) / 1_000),
    scope: grant.scopes.join(" "),
  };
}

const TOKENS = { open: true, encoded: true, limit: { requests: 30, perMs: 60_000 } } as const;

export const oauthRoutes = [
  route("POST /oauth2/token", tokens, TOKENS),
  route(
    "POST /oauth2/token/revoke",
    (call) => {
      const form = call.form(RevokeForm);
      requireClient(call, form);
      call.world.grants.revoke(form.token);
      return {};
    },
    TOKENS,
  ),

  route(
    "GET /oauth2/@me",
    ({ world, grant }) => {
      if (grant === null) throw unauthorized();
      const { id, name, icon, description, summary, verify_key, flags, type } = applicationWire(world);
      return {
        application: {
          id,
          name,
          icon,
          description,
          summary,
          verify_key,
          flags,
          flags_new: String(flags),
          type,
          bot_public: true,
          bot_require_code_grant: false,
        },
        scopes: grant.scopes,
        expires: iso(grant.expiresAt),
        ...(grant.scopes.includes("identify") && { user: userWire(world.user(grant.userId)) }),
      };
    },
    { bearer: "" },
  ),

  route(
    "GET /users/@me/guilds/:guild/member",
    ({ world, param, grant }) => {
      if (grant === null) throw unauthorized();
      const guild = world.guild(param("guild"));
      const member = guild.members.get(grant.userId);
      if (member === undefined) throw unknownMember();
      return memberWire(member, world.user(member.userId));
    },
    { bearer: "guilds.members.read" },
  ),

  // The bot brings in a person who allowed it.
  route(
    "PUT /guilds/:guild/members/:user",
    ({ world, param, form }) => {
      const { guild, self } = guildOf(world, param("guild"));
      requireInGuild(world, guild, self, "CreateInstantInvite");
      const { access_token: token, nick, roles } = form(JoinForm);
      const grant = world.grants.find(token);
      if (grant?.userId !== param("user") || !grant.scopes.includes("guilds.join"))
        throw new OAuthError(403, "invalid_token");
      if (guild.bans.has(grant.userId)) throw missingPermissions();
      if (guild.members.has(grant.userId)) return undefined;
      const member = world.members.add(guild, grant.userId, {
        ...(nick != null && { nick }),
        ...(roles != null && { roles }),
      });
      return memberWire(member, world.user(member.userId));
    },
    CREATED,
  ),
];

/** The guilds of whoever asks, oldest first; with what they may do there. */
export function guildsOf(world: World, userId: string, query: URLSearchParams): object[] {
  const limit = limitOf(query, 200, 200);
  const [before, after] = [query.get("before"), query.get("after")];
  const found = [...world.guilds.all.values()]
    .sort((one, other) => compareIds(one.id, other.id))
    .flatMap((guild) => {
      const member = guild.members.get(userId);
      return member === undefined ||
        (before !== null && compareIds(guild.id, before) >= 0) ||
        (after !== null && compareIds(guild.id, after) <= 0)
        ? []
        : [{ guild, member }];
    });
  const page = before === null ? found.slice(0, limit) : found.slice(-limit);
  return page.map(({ guild, member }) => ({
    id: guild.id,
    name: guild.name,
    icon: guild.icon,
    banner: guild.banner,
    features: guild.features,
    owner: guild.ownerId === userId,
    permissions: guildPermissions(guild, member, world.now()).toString(),
    ...(query.get("with_counts") === "true" && {
      approximate_member_count: guild.members.size,
      approximate_presence_count: world.guilds.presenceCount(guild),
    }),
  }));
}
