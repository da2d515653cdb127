import type { WireMessage } from "../../contract/wire.js";
import { control } from "./control.js";
import { useHere } from "./world.js";

type Reaction = NonNullable<WireMessage["reactions"]>[number];

/** As the control API names an emoji: its character, or `name:id` of a guild's own. */
const keyOf = ({ emoji: { id, name } }: Reaction): string =>
  id == null ? (name ?? "") : `${name ?? ""}:${id}`;

/** Adds a reaction of whoever one is, or takes it back. */
export const react = (userId: string, message: WireMessage, emoji: string, remove: boolean): Promise<null> =>
  control.call("react", { userId, channelId: message.channel_id, messageId: message.id, emoji, remove });

export function Reactions({ message }: { readonly message: WireMessage }) {
  const { me, channel, say } = useHere();
  return (
    <div slot="reactions" className="reactions">
      {message.reactions?.map((reaction) => (
        <button
          key={keyOf(reaction)}
          type="button"
          aria-pressed={reaction.me}
          disabled={!reaction.me && channel?.canReact === false}
          onClick={() =>
            void react(me.user.id, message, keyOf(reaction), reaction.me).catch((error: unknown) =>
              say(error instanceof Error ? error.message : String(error)),
            )
          }
        >
          {reaction.emoji.name} <b>{reaction.count}</b>
        </button>
      ))}
    </div>
  );
}
