import type { ApplicationNotFound, TransitionError } from "../../domain/Application.js";
import type { NotBlocked } from "../../domain/Block.js";
import type { BackupFailed, BackupRefused } from "../../domain/Backup.js";
import type { FlagRefusal, NotFlagged } from "../../domain/Flag.js";
import type { Refusal } from "../../domain/Gate.js";
import type { PurgeRefusal } from "../../domain/PanicPurge.js";
import type { PasswordError } from "../../domain/Password.js";
import type { PingRefusal } from "../../domain/Ping.js";
import type { NotAllowed } from "../../domain/Permission.js";
import type { QuestionsChanged, QuestionsInvalid } from "../../domain/Questions.js";
import type { GuildNotSetUp, ResetOutdated, SettingsChanged } from "../../domain/Settings.js";
import type { TemplateChanged, TemplateInvalid } from "../../domain/Template.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import type {
  NoPerson,
  NotConfirmed,
  NoTarget,
  OnlyInGuild,
  StaleCommand,
  UnknownComponent,
  UnknownCommand,
} from "./Errors.js";

/** Everything a handler may fail with; `views/ErrorText` has words for each, and the compiler sees to it. */
export type AppError =
  | ApplicationNotFound
  | BackupFailed
  | BackupRefused
  | DiscordError
  | FlagRefusal
  | GuildNotSetUp
  | NotAllowed
  | NoPerson
  | NotBlocked
  | NotConfirmed
  | NotFlagged
  | NoTarget
  | OnlyInGuild
  | PasswordError
  | PingRefusal
  | PurgeRefusal
  | QuestionsChanged
  | QuestionsInvalid
  | Refusal
  | ResetOutdated
  | SettingsChanged
  | StaleCommand
  | TemplateChanged
  | TemplateInvalid
  | TransitionError
  | UnknownCommand
  | UnknownComponent;
