import { roleMention, userMention } from "discord.js";
import type { UserId } from "../../domain/Ids.js";
import type { GuildSettings } from "../../domain/Settings.js";
import { render, type TokenValues } from "../../domain/Template.js";
import { cut } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";

const CONTENT_MAX = 2_000;

/**
 * The welcome of one person. It always mentions that person, whatever the template says: a welcome that names nobody
 * welcomes nobody, and the mention is what this post is known by when it has to be found again.
 */
export const welcome = (
  { welcomeTemplate, pingRoleId }: Pick<GuildSettings, "welcomeTemplate" | "pingRoleId">,
  userId: UserId,
  values: TokenValues,
): MessagePayload => {
  const person = userMention(userId);
  const role = pingRoleId === null ? "" : roleMention(pingRoleId);
  const text = cut(render(welcomeTemplate, values), CONTENT_MAX - person.length - role.length - 2);
  return {
    content: [...(text.includes(person) ? [] : [person]), text, ...(text.includes(role) ? [] : [role])].join(
      "\n",
    ),
    pings: [userId],
    ...(pingRoleId === null ? {} : { pingsRoles: [pingRoleId] }),
  };
};

/** Tells the welcome of somebody among the bot's messages, whatever its words were then. */
export const isWelcomeOf =
  (userId: UserId) =>
  ({ content }: { readonly content: string }): boolean =>
    content.includes(userMention(userId));
