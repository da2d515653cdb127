import { Layer } from "effect";
import * as Absence from "./Absence.js";
import * as Access from "./Access.js";
import * as Applications from "./Applications.js";
import * as AuditChain from "./AuditChain.js";
import * as Changes from "./Changes.js";
import * as Blocks from "./Blocks.js";
import * as AuditLog from "./AuditLog.js";
import * as Backups from "./Backups.js";
import * as Directory from "./Directory.js";
import * as Exports from "./Exports.js";
import * as FirstMessages from "./FirstMessages.js";
import * as Flags from "./Flags.js";
import * as Gate from "./Gate.js";
import * as GateReset from "./GateReset.js";
import * as GateStatus from "./GateStatus.js";
import * as GateTexts from "./GateTexts.js";
import * as GuildReport from "./GuildReport.js";
import * as Health from "./Health.js";
import * as LostCards from "./LostCards.js";
import * as LogFallback from "./LogFallback.js";
import * as LogChannel from "./LogChannel.js";
import * as LogWatch from "./LogWatch.js";
import * as Pings from "./Pings.js";
import * as Metrics from "./Metrics.js";
import * as OpsAlerts from "./OpsAlerts.js";
import * as Outbox from "./Outbox.js";
import * as PanicPurge from "./PanicPurge.js";
import * as Passwords from "./Passwords.js";
import * as Permissions from "./Permissions.js";
import * as Preflight from "./Preflight.js";
import * as Raid from "./Raid.js";
import * as Repos from "./repos/index.js";
import * as Reviews from "./Reviews.js";
import * as RoleWatch from "./RoleWatch.js";
import * as Sessions from "./Sessions.js";
import * as Settings from "./Settings.js";
import * as SettingsEdits from "./SettingsEdits.js";
import * as SignIn from "./SignIn.js";
import * as StaleClaims from "./StaleClaims.js";
import * as Settlement from "./Settlement.js";
import * as Withdrawals from "./Withdrawals.js";

/** Every service, on whatever database, configuration and Discord are provided. */
export const layer = Layer.mergeAll(
  Absence.layer,
  Backups.layer,
  Exports.layer,
  FirstMessages.layer,
  Gate.layer,
  PanicPurge.layer,
  GateReset.layer,
  GateStatus.layer,
  Reviews.layer,
  StaleClaims.layer,
  Blocks.layer,
  Pings.layer,
  LogWatch.layer,
  Metrics.layer,
  Passwords.layer,
  OpsAlerts.layer,
  SignIn.layer,
  Directory.layer,
  GuildReport.layer,
  SettingsEdits.layer,
).pipe(
  Layer.provideMerge(Access.layer),
  Layer.provideMerge(Sessions.layer),
  Layer.provideMerge(AuditChain.layer),
  Layer.provideMerge(Health.layer),
  Layer.provideMerge(Layer.mergeAll(GateTexts.layer, LostCards.layer, RoleWatch.layer)),
  Layer.provideMerge(Permissions.layer),
  Layer.provideMerge(Gate.layer),
  Layer.provideMerge(Preflight.layer),
  Layer.provideMerge(Flags.layer),
  Layer.provideMerge(Withdrawals.layer),
  Layer.provideMerge(Raid.layer),
  Layer.provideMerge(Applications.layer),
  Layer.provideMerge(Settlement.layer),
  Layer.provideMerge(LogFallback.layer),
  Layer.provideMerge(Settings.layer),
  Layer.provideMerge(AuditLog.layer),
  Layer.provideMerge(LogChannel.layer),
  Layer.provideMerge(Outbox.layer),
  Layer.provideMerge(Changes.layer),
  Layer.provideMerge(Repos.layer),
);
