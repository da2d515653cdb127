import { control, useFresh } from "./control.js";
import { useHere } from "./world.js";

export function Guide() {
  const { go, people } = useHere();
  const { value: guide } = useFresh(
    () => control.call("guide", {}),
    "guide",
    ({ event }) => event === "guild_created",
  );
  return (
    <>
      <h2>{guide?.title ?? "A local Discord"}</h2>
      <p>
        You can be anybody: choose who you are on the top left. Press buttons, fill in forms, type{" "}
        <kbd>/</kbd> for commands, right-click messages. Open a second window to be two people at once.
      </p>
      <ol className="tips">
        {guide?.tips.map(({ text, userId, channelId }, index) => (
          <li key={index}>
            {text}
            {userId !== undefined && (
              <button
                type="button"
                className="button secondary"
                onClick={() => go({ as: userId, ...(channelId !== undefined && { channel: channelId }) })}
              >
                Be {people.find((person) => person.userId === userId)?.name ?? "them"}
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
