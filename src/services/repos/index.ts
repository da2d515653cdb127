import { Layer } from "effect";
import * as ActionRepo from "./ActionRepo.js";
import * as ApplicationRepo from "./ApplicationRepo.js";
import * as ApplicationPageRepo from "./ApplicationPageRepo.js";
import * as BlockRepo from "./BlockRepo.js";
import * as DraftRepo from "./DraftRepo.js";
import * as LogNoticeRepo from "./LogNoticeRepo.js";
import * as LogPageRepo from "./LogPageRepo.js";
import * as OpsAlertRepo from "./OpsAlertRepo.js";
import * as PanicPurgeRepo from "./PanicPurgeRepo.js";
import * as JoinRepo from "./JoinRepo.js";
import * as FlagRepo from "./FlagRepo.js";
import * as MetricRepo from "./MetricRepo.js";
import * as RaidRepo from "./RaidRepo.js";
import * as SessionRepo from "./SessionRepo.js";
import * as SettingsRepo from "./SettingsRepo.js";
import * as SideEffectRepo from "./SideEffectRepo.js";

/** Every repository, on whatever database is provided. */
export const layer = Layer.mergeAll(
  ActionRepo.layer,
  ApplicationRepo.layer,
  ApplicationPageRepo.layer,
  BlockRepo.layer,
  DraftRepo.layer,
  LogNoticeRepo.layer,
  LogPageRepo.layer,
  OpsAlertRepo.layer,
  PanicPurgeRepo.layer,
  JoinRepo.layer,
  FlagRepo.layer,
  MetricRepo.layer,
  RaidRepo.layer,
  SessionRepo.layer,
  SettingsRepo.layer,
  SideEffectRepo.layer,
);
