import type { Route } from "../router.js";
import { channelRoutes } from "./channels.js";
import { commandRoutes } from "./commands.js";
import { gatewayRoutes } from "./gateway.js";
import { guildRoutes } from "./guilds.js";
import { interactionRoutes } from "./interactions.js";
import { messageRoutes } from "./messages.js";
import { threadRoutes } from "./threads.js";
import { userRoutes } from "./users.js";

/** Everything the sandbox knows of Discord's REST; the rest is 501. */
export const routes = (gatewayUrl: () => string): Route[] => [
  ...gatewayRoutes(gatewayUrl),
  ...userRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...threadRoutes,
  ...messageRoutes,
  ...commandRoutes,
  ...interactionRoutes,
];
