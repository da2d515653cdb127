import { Layer } from "effect";
import { applicationsHandlers } from "./Applications.js";
import { authHandlers } from "./Auth.js";
import { configHandlers } from "./Config.js";
import { directoryHandlers } from "./Directory.js";
import { eventsHandlers } from "./Events.js";
import { exportsHandlers } from "./Exports.js";
import { guildHandlers } from "./Guild.js";
import { healthHandlers } from "./Health.js";
import { logsHandlers } from "./Logs.js";
import { metricsHandlers } from "./Metrics.js";
import { queueHandlers } from "./Queue.js";

/** One line a group of the contract. */
export const handlers = Layer.mergeAll(
  applicationsHandlers,
  authHandlers,
  configHandlers,
  directoryHandlers,
  eventsHandlers,
  exportsHandlers,
  guildHandlers,
  healthHandlers,
  logsHandlers,
  metricsHandlers,
  queueHandlers,
);
