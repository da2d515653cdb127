import { type APIEmbed, ButtonStyle } from "discord.js";
import { Schema } from "effect";
import type { Application } from "../../domain/Application.js";
import { ApplicationId } from "../../domain/Ids.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { button, row } from "./CardButtons.js";
import { COLORS } from "./Colors.js";

/** Turns the pages of what was answered. */
export const AnswersPageId = CustomId.make(
  "answers-page",
  Schema.Struct({
    application: ApplicationId,
    page: Schema.NumberFromString.pipe(Schema.int(), Schema.between(0, 99)),
  }),
);

/** Discord's limits for the text of an embed, and for all embeds of a message. */
const DESCRIPTION = 4_000;
const MESSAGE = 5_800;

const embedOf = (title: string, text: string): APIEmbed => ({
  title,
  description: cut(text, DESCRIPTION),
  color: COLORS.blue,
});
const lengthOf = ({ title = "", description = "" }: APIEmbed) => title.length + description.length;

/** An answer has at most 1 000 characters and a question 500: escaped they fit one embed in full. */
const embedsOf = ({ code, answers, status, reason }: Application): ReadonlyArray<APIEmbed> => [
  ...answers.map(({ question, text }, index) =>
    embedOf(
      `#${code}, question ${index + 1} of ${answers.length}`,
      `**${plain(question)}**\n\n${text.trim() === "" ? "No answer" : plain(text)}`,
    ),
  ),
  ...(reason === null
    ? []
    : [embedOf(`#${code}, ${status === "approved" ? "note" : "reason"} of the decision`, plain(reason))]),
];

/** As many embeds a page as Discord takes in one message. */
const pagesOf = (application: Application): ReadonlyArray<ReadonlyArray<APIEmbed>> => {
  const pages: Array<Array<APIEmbed>> = [];
  let room = 0;
  for (const embed of embedsOf(application)) {
    if (lengthOf(embed) > room) {
      pages.push([]);
      room = MESSAGE;
    }
    pages.at(-1)?.push(embed);
    room -= lengthOf(embed);
  }
  return pages;
};

/** Everything somebody answered, whole, a page at a time. */
export const fullAnswers = (application: Application, wanted: number): MessagePayload => {
  const pages = pagesOf(application);
  const page = Math.min(Math.max(wanted, 0), Math.max(pages.length - 1, 0));
  const embeds = pages[page];
  if (embeds === undefined) return { content: "There are no answers.", components: [] };
  const turn = (label: string, to: number) =>
    to < 0 || to >= pages.length
      ? []
      : [
          button(
            label,
            ButtonStyle.Secondary,
            AnswersPageId.encode({ application: application.id, page: to }),
          ),
        ];
  return {
    ...(pages.length === 1 ? {} : { content: `Page ${page + 1} of ${pages.length}` }),
    embeds,
    components: row(...turn("Previous", page - 1), ...turn("Next", page + 1)),
  };
};
