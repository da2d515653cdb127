import { Layer } from "effect";
import { applicationsHandlers } from "./Applications.js";
import { adminHandlers } from "./Admin.js";
import { authHandlers } from "./Auth.js";
import { bannerHandlers } from "./Banner.js";
import { configHandlers } from "./Config.js";
import { directoryHandlers } from "./Directory.js";
import { eventsHandlers } from "./Events.js";
import { exportsHandlers } from "./Exports.js";
import { flagsHandlers } from "./Flags.js";
import { guildHandlers } from "./Guild.js";
import { healthHandlers } from "./Health.js";
import { logsHandlers } from "./Logs.js";
import { metricsHandlers } from "./Metrics.js";
import { queueHandlers } from "./Queue.js";

/** One line a group of the contract. */
export const handlers = Layer.mergeAll(
  applicationsHandlers,
  authHandlers,
  adminHandlers,
  bannerHandlers,
  configHandlers,
  directoryHandlers,
  eventsHandlers,
  exportsHandlers,
  flagsHandlers,
  guildHandlers,
  healthHandlers,
  logsHandlers,
  metricsHandlers,
  queueHandlers,
);
