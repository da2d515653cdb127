import { ButtonStyle, type APIEmbed } from "discord.js";
import { Schema } from "effect";
import {
  type Backup,
  BackupName,
  type BackupReason,
  type Contents,
  readName,
  type Rehearsal,
  type Restored,
} from "../../domain/Backup.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import type { DatabaseReport } from "../../services/Backups.js";
import * as CustomId from "../kit/CustomId.js";
import { button, row } from "./CardButtons.js";
import { chainReport } from "./ChainReport.js";
import { COLORS } from "./Colors.js";
import { passwordForm } from "./PasswordForm.js";
import { ago, size } from "./Words.js";

const OfBackup = Schema.Struct({ backup: BackupName });
/** Opens the form. */
export const RestoreId = CustomId.make("restore", OfBackup);
/** The form. */
export const RestoreFormId = CustomId.make("restore-form", OfBackup);

/** What is typed beside the password. */
export const RESTORE_WORD = "RESTORE";

const REASONS = {
  nightly: "nightly",
  manual: "by hand",
  migration: "before a migration",
  rescued: "rescued when its file was gone",
} as const satisfies Record<BackupReason, string>;

const made = ({ name, bytes }: Backup): string => {
  const { at, reason } = readName(name);
  return `${ago(at)} (${REASONS[reason]}, ${size(bytes)})`;
};

/** A name for a list to choose from; times there are plain text. */
export const backupChoice = ({ name, bytes }: Backup) => {
  const { at, reason } = readName(name);
  const when = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  return { name: `${when} UTC, ${REASONS[reason]}, ${size(bytes)}`, value: name };
};

/** What reading every page of the database came to. */
const verdict = (problems: DatabaseReport["problems"], logsAreWhole: boolean) => {
  if (problems === null) {
    return {
      title: "The database could not be read to its end in time",
      color: COLORS.yellow,
      description:
        "Nothing is known to be wrong with it. `npm run recover -- --verify` with its path, on the server, reads all of it.",
    };
  }
  if (problems.length > 0) {
    return {
      title: "The database is damaged",
      color: COLORS.red,
      description: cut(
        `Every page was read, and this is wrong:\n${problems.map((line) => `- ${plain(line)}`).join("\n")}\n\n` +
          "An owner can go back to a backup with `/database recover`.",
        3_000,
      ),
    };
  }
  return logsAreWhole
    ? { title: "The database is sound", color: COLORS.green }
    : { title: "The log is not what the bot wrote", color: COLORS.red };
};

/** `/database check`, asked in the server `here`. */
export const databaseReport = (
  { problems, logs, size: { databaseBytes, walBytes }, backups }: DatabaseReport,
  here: string,
): MessagePayload => {
  const [newest] = backups;
  const found = verdict(
    problems,
    logs.every(({ first }) => first === null),
  );
  return {
    embeds: [
      {
        ...found,
        color: found.color === COLORS.green && newest === undefined ? COLORS.yellow : found.color,
        fields: [
          { name: "Log", value: chainReport(logs, here) },
          {
            name: "Size",
            value: `${size(databaseBytes)}${walBytes === 0 ? "" : ` and ${size(walBytes)} on its way`}`,
            inline: true,
          },
          {
            name: "Last backup",
            value: newest === undefined ? "none yet; one is made every night" : made(newest),
            inline: true,
          },
          { name: "Backups", value: `${backups.length}`, inline: true },
        ],
      },
    ],
  };
};

const SHOWN = 15;

/** `/database recover` without a choice. */
export const backupList = (backups: ReadonlyArray<Backup>): MessagePayload => ({
  embeds: [
    backups.length === 0
      ? { title: "There are no backups yet", description: "One is made every night.", color: COLORS.grey }
      : {
          title: `${backups.length} ${backups.length === 1 ? "backup" : "backups"}`,
          description: [
            ...backups.slice(0, SHOWN).map((backup) => `- ${made(backup)}\n  \`${backup.name}\``),
            ...(backups.length > SHOWN ? [`and ${backups.length - SHOWN} older ones`] : []),
            "",
            "Choose one under `backup` to have it read from end to end and tried on a copy. Nothing is changed by that.",
          ].join("\n"),
          color: COLORS.blue,
        },
  ],
});

const holdings = ({ rows, bytes, migration }: Contents): string => {
  const of = (table: string) => rows[table] ?? 0;
  return [
    `${of("application")} applications, ${of("action_log")} log entries, ${of("guild_settings")} servers`,
    `${size(bytes)}, version ${migration ?? "none"}`,
  ].join("\n");
};

/** A backup that was read and tried, and the button for going back to it. */
export const rehearsalReport = (backup: BackupName, { contents, pending }: Rehearsal): MessagePayload => {
  const { at } = readName(backup);
  const embed: APIEmbed = {
    title: "This backup is sound",
    description: `\`${backup}\`, made ${ago(at)}. It was read from end to end and tried on a copy; nothing was changed.`,
    color: COLORS.green,
    fields: [
      { name: "Holds", value: holdings(contents) },
      {
        name: "Brought up to date by",
        value: pending.length === 0 ? "nothing, it is up to date" : cut(pending.join(", "), 1_000),
      },
    ],
  };
  return {
    embeds: [embed],
    components: row(button("Restore…", ButtonStyle.Danger, RestoreId.encode({ backup }))),
  };
};

export const restoreForm = (backup: BackupName): ModalPayload =>
  passwordForm({
    customId: RestoreFormId.encode({ backup }),
    title: "Restore a backup",
    warning:
      `The bot goes back to how everything was ${ago(readName(backup).at)}, in **every server** it serves. What happened ` +
      "since is kept in a file on the server, but is not in the bot any more. The bot is away for some seconds.",
    word: RESTORE_WORD,
  });

export const restoreBegun = ({ backup, kept }: Restored): string =>
  `The bot restarts now and comes back with **${backup}**. The database of before stays on the server as \`${kept}\`. ` +
  "Where the bot is not run by PM2, somebody has to start it again.";
