import { missingPermissions, tooManyReactions, unknownEmoji, unknownUser } from "../../errors.js";
import { compareIds } from "../../world/Snowflakes.js";
import { userWire } from "../../world/wire.js";
import { channelOf, may } from "../access.js";
import { route } from "../router.js";
import type { Call } from "../router.js";
import { messageOf } from "./messages.js";
import { limitOf } from "./paging.js";

const MAX_KINDS = 20;
const LIMIT = { requests: 1, perMs: 250 };
/** A pictograph with its modifiers, a flag, a keycap, or `name:id` of a guild's own. */
const EMOJI =
  /^(?:\w{2,32}:\d{15,20}|(?:\p{RI}{2}|[\d#*]\ufe0f?\u20e3|(?:\p{Emoji}\p{EMod}?\ufe0f?\u200d?)*\p{Emoji}\p{EMod}?\ufe0f?)[\u{e0020}-\u{e007f}]*)$/u;

const BASE = "/channels/:channel/messages/:message/reactions";

function at(call: Pick<Call<"channel" | "message">, "world" | "param">) {
  const channel = channelOf(call.world, call.param("channel"));
  return { channel, message: messageOf(call.world, channel, call.param("message")) };
}

function emojiOf(given: string): string {
  if (!EMOJI.test(given) || /^\d+$/.test(given)) throw unknownEmoji();
  return given;
}

export const reactionRoutes = [
  route(`GET ${BASE}/:emoji`, ({ world, param, query }) => {
    const { message } = at({ world, param });
    const after = query.get("after") ?? "0";
    return [...(message.reactions.get(emojiOf(param("emoji"))) ?? [])]
      .filter((id) => compareIds(id, after) > 0)
      .sort(compareIds)
      .slice(0, limitOf(query, 25, 100))
      .map((id) => userWire(world.user(id)));
  }),

  route(
    `PUT ${BASE}/:emoji/@me`,
    ({ world, param }) => {
      const { channel, message } = at({ world, param });
      if (!may(world, channel, "ReadMessageHistory")) throw missingPermissions();
      const emoji = emojiOf(param("emoji"));
      // Whoever joins in with others needs no permission to begin.
      if (!message.reactions.has(emoji)) {
        if (!may(world, channel, "AddReactions")) throw missingPermissions();
        if (message.reactions.size >= MAX_KINDS) throw tooManyReactions();
      }
      world.messages.react(channel, message, world.bot.id, emoji, true);
      return undefined;
    },
    { limit: LIMIT },
  ),
  route(
    `DELETE ${BASE}/:emoji/@me`,
    ({ world, param }) => {
      const { channel, message } = at({ world, param });
      world.messages.react(channel, message, world.bot.id, emojiOf(param("emoji")), false);
      return undefined;
    },
    { limit: LIMIT },
  ),
  route(
    `DELETE ${BASE}/:emoji/:user`,
    ({ world, param }) => {
      const { channel, message } = at({ world, param });
      if (!may(world, channel, "ManageMessages")) throw missingPermissions();
      if (!world.users.all.has(param("user"))) throw unknownUser();
      world.messages.react(channel, message, param("user"), emojiOf(param("emoji")), false);
      return undefined;
    },
    { limit: LIMIT },
  ),
  route(
    `DELETE ${BASE}/:emoji`,
    ({ world, param }) => {
      const { channel, message } = at({ world, param });
      if (!may(world, channel, "ManageMessages")) throw missingPermissions();
      world.messages.clearReactions(channel, message, emojiOf(param("emoji")));
      return undefined;
    },
    { limit: LIMIT },
  ),
  route(
    `DELETE ${BASE}`,
    ({ world, param }) => {
      const { channel, message } = at({ world, param });
      if (!may(world, channel, "ManageMessages")) throw missingPermissions();
      world.messages.clearReactions(channel, message);
      return undefined;
    },
    { limit: LIMIT },
  ),
];
