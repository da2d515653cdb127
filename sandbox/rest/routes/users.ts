import { z } from "zod";
import { cannotMessageUser } from "../../errors.js";
import { guildPermissions } from "../../world/permissions.js";
import { userWire } from "../../world/wire.js";
import type { World } from "../../world/World.js";
import { name, snowflake, text } from "../forms/kit.js";
import { route } from "../router.js";
import { limitOf } from "./messages.js";

const SelfForm = z.strictObject({
  username: name(32).optional(),
  avatar: text(11_000_000).nullish(),
  banner: text(11_000_000).nullish(),
});
const OpenForm = z.strictObject({ recipient_id: snowflake });

const self = (world: World): object => ({
  ...userWire(world.bot),
  verified: true,
  mfa_enabled: true,
  email: null,
  locale: "en-US",
  premium_type: 0,
});

const application = (world: World) => ({
  id: world.application.id,
  name: world.application.name,
  icon: null,
  description: "",
  type: null,
  bot: userWire(world.bot),
  summary: "",
  bot_public: true,
  bot_require_code_grant: false,
  verify_key: "0".repeat(64),
  flags: 0,
  flags_new: "0",
  owner: userWire(world.application.owner),
  team: null,
  redirect_uris: [],
  interactions_endpoint_url: null,
  role_connections_verification_url: null,
  approximate_guild_count: [...world.guilds.withBot()].length,
  approximate_user_install_count: 0,
  approximate_user_authorization_count: 0,
  explicit_content_filter: 0,
  eligible_oauth2_scopes: [],
  integration_types_config: { 0: {} },
});

export const userRoutes = [
  route("GET /users/@me", ({ world }) => self(world)),
  route(
    "PATCH /users/@me",
    ({ world, form }) => {
      const { username, avatar } = form(SelfForm);
      world.users.update(world.bot, {
        ...(username !== undefined && { username }),
        ...(avatar !== undefined && { avatar: avatar === null ? null : "a".repeat(32) }),
      });
      return self(world);
    },
    { limit: { requests: 2, perMs: 60_000 } },
  ),
  route("GET /users/@me/guilds", ({ world, query }) =>
    [...world.guilds.withBot()].slice(0, limitOf(query, 200, 200)).flatMap((guild) => {
      const member = guild.members.get(world.bot.id);
      if (member === undefined) return [];
      return [
        {
          id: guild.id,
          name: guild.name,
          icon: null,
          banner: null,
          features: [],
          owner: guild.ownerId === world.bot.id,
          permissions: guildPermissions(guild, member, world.now()).toString(),
        },
      ];
    }),
  ),
  route(
    "POST /users/@me/channels",
    ({ world, form }) => {
      const user = world.user(form(OpenForm).recipient_id);
      if (user.id === world.bot.id) throw cannotMessageUser();
      return world.channels.wire(world.channels.openDirect(user));
    },
    { limit: { requests: 10, perMs: 10_000 } },
  ),
  route("GET /users/:user", ({ world, param }) => userWire(world.user(param("user")))),

  route("GET /applications/@me", ({ world }) => application(world)),
  route("GET /oauth2/applications/@me", ({ world }) => application(world)),
];
