import { control, useFresh } from "./control.js";
import { useHere } from "./world.js";

export function Guide() {
  const { me, go, people } = useHere();
  const myName = people.find(({ userId }) => userId === me.user.id)?.name ?? me.user.username;
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
      {guide?.dashboardUrl !== undefined && (
        <a
          className="button primary wide"
          href={guide.dashboardUrl}
          target="_blank"
          rel="noreferrer"
          // The page that asks who one is then offers this person.
          onClick={() => (document.cookie = `sandbox_as=${me.user.id}; path=/; samesite=lax`)}
        >
          Open the dashboard as {myName} ↗
        </a>
      )}
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
