import frontDoor from "./0001_front_door.js";
import wrongPasswords from "./0002_wrong_passwords.js";
import settingsVersion from "./0003_settings_version.js";
import welcome from "./0004_welcome.js";
import chainEnd from "./0005_chain_end.js";
import parkedLogPosts from "./0006_parked_log_posts.js";
import raid from "./0007_raid.js";
import applicationStatus from "./0008_application_status.js";
import opsAlerts from "./0009_ops_alerts.js";
import logNotice from "./0010_log_notice.js";
import panicPurge from "./0011_panic_purge.js";
import absence from "./0012_absence.js";
import flags from "./0013_flags.js";
import sessions from "./0014_sessions.js";
import drafts from "./0015_drafts.js";
import joinsByTime from "./0016_joins_by_time.js";
import figures from "./0017_figures.js";
import closedFlags from "./0018_closed_flags.js";

/** Every migration, in order; the key is `<id>_<name>`. A test compares this with the files beside it. */
export const migrations = {
  "0001_front_door": frontDoor,
  "0002_wrong_passwords": wrongPasswords,
  "0003_settings_version": settingsVersion,
  "0004_welcome": welcome,
  "0005_chain_end": chainEnd,
  "0006_parked_log_posts": parkedLogPosts,
  "0007_raid": raid,
  "0008_application_status": applicationStatus,
  "0009_ops_alerts": opsAlerts,
  "0010_log_notice": logNotice,
  "0011_panic_purge": panicPurge,
  "0012_absence": absence,
  "0013_flags": flags,
  "0014_sessions": sessions,
  "0015_drafts": drafts,
  "0016_joins_by_time": joinsByTime,
  "0017_figures": figures,
  "0018_closed_flags": closedFlags,
};
