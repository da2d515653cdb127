import type { ApplicationNotFound, TransitionError } from "../../domain/Application.js";
import type { Refusal } from "../../domain/Gate.js";
import type { PasswordError } from "../../domain/Password.js";
import type { PingRefusal } from "../../domain/Ping.js";
import type { NotAllowed } from "../../domain/Permission.js";
import type { GuildNotSetUp, SettingsChanged } from "../../domain/Settings.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import type {
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
  | DiscordError
  | GuildNotSetUp
  | NotAllowed
  | NotConfirmed
  | NoTarget
  | OnlyInGuild
  | PasswordError
  | PingRefusal
  | Refusal
  | SettingsChanged
  | StaleCommand
  | TransitionError
  | UnknownCommand
  | UnknownComponent;
