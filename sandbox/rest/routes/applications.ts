import { z } from "zod";
import { missingAccess } from "../../errors.js";
import { userWire } from "../../world/wire.js";
import type { World } from "../../world/World.js";
import { text } from "../forms/kit.js";
import { picture } from "../pictures.js";
import { route } from "../router.js";

const ApplicationForm = z.strictObject({
  description: text(400).optional(),
  icon: z.string().nullish(),
  tags: z.array(text(20)).max(5).nullish(),
  flags: z.number().int().nullish(),
  custom_install_url: z.string().nullish(),
  interactions_endpoint_url: z.literal("").nullish(),
});

/** Flags of an application in fewer than 100 guilds that may have a privileged intent. */
const LIMITED_FLAGS = [
  [1 << 8, 1 << 13],
  [1 << 1, 1 << 15],
  [1 << 15, 1 << 19],
] as const;

const applicationFlags = (intents: number): number =>
  LIMITED_FLAGS.reduce((all, [intent, flag]) => ((intents & intent) === 0 ? all : all | flag), 0);

export const applicationWire = ({ application, bot, guilds }: World) => ({
  id: application.id,
  name: application.name,
  icon: application.icon,
  description: application.description,
  tags: application.tags,
  type: null,
  bot: userWire(bot),
  summary: "",
  bot_public: true,
  bot_require_code_grant: false,
  verify_key: "0".repeat(64),
  flags: applicationFlags(application.privilegedIntents),
  flags_new: String(applicationFlags(application.privilegedIntents)),
  owner: userWire(application.owner),
  team: null,
  redirect_uris: application.redirectUris,
  interactions_endpoint_url: null,
  role_connections_verification_url: null,
  approximate_guild_count: [...guilds.withBot()].length,
  approximate_user_install_count: 0,
  approximate_user_authorization_count: 0,
  explicit_content_filter: 0,
  eligible_oauth2_scopes: [],
  integration_types_config: { 0: {} },
});

const PATHS = ["/applications/@me", "/applications/:application"] as const;

export const applicationRoutes = [
  ...PATHS.flatMap((path) => [
    route(`GET ${path}`, ({ world, param }) => {
      if (path !== PATHS[0] && param("application") !== world.application.id) throw missingAccess();
      return applicationWire(world);
    }),
    route(`PATCH ${path}`, ({ world, param, form }) => {
      if (path !== PATHS[0] && param("application") !== world.application.id) throw missingAccess();
      const { description, icon, tags } = form(ApplicationForm);
      const { application } = world;
      if (description !== undefined) application.description = description;
      if (tags !== undefined) application.tags = tags ?? [];
      if (icon !== undefined) application.icon = picture(world, "icons", application.id, "icon", icon);
      return applicationWire(world);
    }),
  ]),
  route("GET /oauth2/applications/@me", ({ world }) => applicationWire(world)),
];
