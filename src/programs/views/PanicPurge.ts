import { ButtonStyle, userMention } from "discord.js";
import { Schema } from "effect";
import { PurgeId } from "../../domain/Ids.js";
import { PURGE_MAX, type PurgeBegun, type PurgeProgress, type Spared } from "../../domain/PanicPurge.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import type { PurgePreview } from "../../services/PanicPurge.js";
import * as CustomId from "../kit/CustomId.js";
import { button, row } from "./CardButtons.js";
import { COLORS } from "./Colors.js";
import { passwordForm } from "./PasswordForm.js";
import { ago } from "./Words.js";

const OfPurge = Schema.Struct({ purge: PurgeId });
/** Opens the form. */
export const PurgeButtonId = CustomId.make("panic-purge", OfPurge);
/** The form. */
export const PurgeFormId = CustomId.make("panic-purge-form", OfPurge);

const people = (count: number): string => (count === 1 ? "1 person" : `${count} people`);
const minutes = (count: number): string => (count === 1 ? "1 minute" : `${count} minutes`);

const SPARED_WORDS = {
  accepted: "accepted already",
  staff: "staff",
  bot: "bots",
  "being removed already": "being removed already",
} as const satisfies Record<Spared, string>;

/** As many are named in a preview. */
const NAMED = 20;

/** Who would be removed, and who would not; with the button for it. */
export const purgePreview = ({ purge, people: them, spared, left, more }: PurgePreview): MessagePayload => {
  const total = them.length;
  const stay = Object.entries(SPARED_WORDS).flatMap(([why, words]) => {
    const count = Object.entries(spared).find(([name]) => name === why)?.[1] ?? 0;
    return count === 0 ? [] : [`${words}: ${count}`];
  });
  const names = them.slice(0, NAMED).map(({ displayName }) => plain(displayName));
  return {
    embeds: [
      {
        title: total === 0 ? "There is nobody to remove" : `${people(total)} would be removed`,
        color: total === 0 ? COLORS.grey : COLORS.red,
        description: cut(
          [
            `Who joined within the last ${minutes(purge.minutes)}${total === 0 ? "." : ", the newest first:"}`,
            ...(total === 0
              ? []
              : [`${names.join(", ")}${total > NAMED ? ` and ${total - NAMED} more` : ""}`]),
            "",
            ...(stay.length === 0 ? [] : [`**They stay:** ${stay.join(", ")}`]),
            ...(left === 0 ? [] : [`**Left by themselves:** ${left}`]),
            ...(more
              ? [`More than ${PURGE_MAX} joined; these are the newest. Remove them, then look again.`]
              : []),
            ...(total === 0
              ? []
              : [
                  "They are banned, so that they cannot come back; what they wrote stays. Nothing has happened yet.",
                ]),
          ].join("\n"),
          4_000,
        ),
      },
    ],
    components:
      total === 0
        ? []
        : row(
            button(`Remove ${people(total)}…`, ButtonStyle.Danger, PurgeButtonId.encode({ purge: purge.id })),
          ),
  };
};

export const purgeForm = (purge: PurgeId, count: number, within: number): ModalPayload =>
  passwordForm({
    customId: PurgeFormId.encode({ purge }),
    title: `Remove ${people(count)}?`,
    warning:
      `**${people(count)}** who joined within ${minutes(within)} will be banned, and their open applications withdrawn. ` +
      "An admin can lift a ban under Server Settings, Bans.",
  });

/** How a removal fares, a line each. */
export const purgeLines = ({ purge, counts, failures }: PurgeProgress): ReadonlyArray<string> => {
  const total = counts.planned + counts.banned + counts.failed + counts.spared;
  return [
    `**${counts.planned > 0 ? "Removing" : "Removed"} ${counts.banned} of ${total}** who joined within ${minutes(purge.minutes)}, begun by ${userMention(purge.actor)} ${ago(purge.begunAt ?? purge.shownAt)}`,
    ...(counts.planned === 0 ? [] : [`Still to do: ${counts.planned}`]),
    ...(counts.spared === 0 ? [] : [`Spared after all: ${counts.spared}`]),
    ...(counts.failed === 0
      ? []
      : [
          `❌ Not removed: ${counts.failed}. ${failures.map(({ userId }) => userMention(userId)).join(" ")}${counts.failed > failures.length ? " …" : ""}`,
          ...[...new Set(failures.flatMap(({ reason }) => (reason === null ? [] : [cut(reason, 300)])))],
        ]),
  ];
};

/** Begun, and by how much it is less than was shown. */
export const purgeBegun = ({ people: count, spared }: PurgeBegun): MessagePayload => ({
  content: [
    `**Removing ${people(count)}.** It goes on by itself, also after a restart; \`/panic status\` shows how far it is.`,
    ...(spared === 0
      ? []
      : [
          `That is ${spared} fewer than was shown: they were accepted meanwhile, or are being removed already.`,
        ]),
  ].join("\n"),
});

export const purgeProgress = (progress: PurgeProgress): MessagePayload => ({
  content: cut(purgeLines(progress).join("\n"), 2_000),
});
