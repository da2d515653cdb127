import type { Application } from "../../domain/Application.js";
import { cut, plain } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { link, row } from "./CardButtons.js";
import { COLORS } from "./Colors.js";

/** Nothing but the id: a long press on a phone copies it. */
export const copyUid = ({ userId }: Application): MessagePayload => ({ content: userId });

const LARGE = 1_024;

/** The same picture in its largest size. */
const large = (url: string): string => {
  const parsed = new URL(url);
  if (parsed.searchParams.has("size")) parsed.searchParams.set("size", `${LARGE}`);
  return parsed.href;
};

/** The picture large, with ways to open it and to look where else it is used. */
export const avatar = ({ displayName, username }: Application, url: string): MessagePayload => {
  const picture = large(url);
  return {
    embeds: [
      {
        title: cut(`Avatar of ${plain(displayName)} (${plain(username)})`, 250),
        color: COLORS.blue,
        image: { url: picture },
      },
    ],
    components: row(
      link("Open", picture),
      link("Search by image", `https://lens.google.com/uploadbyurl?url=${encodeURIComponent(picture)}`),
    ),
  };
};
