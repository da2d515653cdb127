import type { Route } from "../router.js";
import { applicationRoutes } from "./applications.js";
import { banRoutes } from "./bans.js";
import { channelRoutes } from "./channels.js";
import { commandRoutes } from "./commands.js";
import { gatewayRoutes } from "./gateway.js";
import { guildRoutes } from "./guilds.js";
import { interactionRoutes } from "./interactions.js";
import { memberRoutes } from "./members.js";
import { messageRoutes } from "./messages.js";
import { oauthRoutes } from "./oauth.js";
import { pinRoutes } from "./pins.js";
import { reactionRoutes } from "./reactions.js";
import { roleRoutes } from "./roles.js";
import { threadRoutes } from "./threads.js";
import { userRoutes } from "./users.js";
import { webhookRoutes } from "./webhooks.js";

/** Everything the sandbox knows of Discord's REST; the rest is 501. */
export const routes = (gatewayUrl: () => string, shards = (): number => 1): Route[] => [
  ...gatewayRoutes(gatewayUrl, shards),
  ...userRoutes,
  ...applicationRoutes,
  ...guildRoutes,
  ...oauthRoutes,
  ...memberRoutes,
  ...banRoutes,
  ...roleRoutes,
  ...channelRoutes,
  ...threadRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...pinRoutes,
  ...webhookRoutes,
  ...commandRoutes,
  ...interactionRoutes,
];
