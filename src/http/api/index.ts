import { ApplicationsGroup } from "./Applications.js";
import { AdminGroup } from "./Admin.js";
import { AuthGroup } from "./Auth.js";
import { BannerGroup } from "./Banner.js";
import { ConfigGroup } from "./Config.js";
import { described } from "./Description.js";
import { DirectoryGroup } from "./Directory.js";
import { EventsGroup } from "./Events.js";
import { ExportsGroup } from "./Exports.js";
import { FlagsGroup } from "./Flags.js";
import { GuildGroup } from "./Guild.js";
import { LogsGroup } from "./Logs.js";
import { MetricsGroup } from "./Metrics.js";
import { HealthGroup } from "./Health.js";
import { QueueGroup } from "./Queue.js";

/** The whole contract; one line a group. */
export const Api = described
  .add(HealthGroup)
  .add(AuthGroup)
  .add(ApplicationsGroup)
  .add(ConfigGroup)
  .add(DirectoryGroup)
  .add(EventsGroup)
  .add(ExportsGroup)
  .add(AdminGroup)
  .add(BannerGroup)
  .add(FlagsGroup)
  .add(GuildGroup)
  .add(LogsGroup)
  .add(MetricsGroup)
  .add(QueueGroup);
