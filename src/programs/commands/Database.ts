import { pipe } from "effect";
import * as Command from "../kit/Command.js";
import { databaseCheck } from "./DatabaseCheck.js";
import { databaseRecover } from "./DatabaseRecover.js";

/** One line a subcommand. */
export const database = pipe(
  Command.group("database", "The bot's database and its backups"),
  Command.add(databaseCheck),
  Command.add(databaseRecover),
);
