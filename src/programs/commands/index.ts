import type { Command, Requirements } from "../kit/Command.js";
import { accept } from "./Accept.js";
import { config } from "./Config.js";
import { database } from "./Database.js";
import { flag } from "./Flag.js";
import { gate } from "./Gate.js";
import { health } from "./Health.js";
import { kick } from "./Kick.js";
import { listOpen } from "./ListOpen.js";
import { panic } from "./Panic.js";
import { reject } from "./Reject.js";
import { unblock } from "./Unblock.js";
import { unclaim } from "./Unclaim.js";
import { unflag } from "./Unflag.js";

/** One line a slash command. */
const all = [
  accept,
  config,
  database,
  flag,
  gate,
  health,
  kick,
  listOpen,
  panic,
  reject,
  unblock,
  unclaim,
  unflag,
];

export const commands: ReadonlyArray<Command<Requirements<(typeof all)[number]>>> = all;
