import { useHere } from "./world.js";

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join("")
    .slice(0, 3);

/** The servers one is in, where there is more than one. */
export function Guilds() {
  const { me, guild, go } = useHere();
  if (me.guilds.length < 2) return null;
  return (
    <div className="guilds" role="group" aria-label="Servers">
      {me.guilds.map(({ id, name, iconUrl }) => (
        <button
          key={id}
          type="button"
          title={name}
          aria-label={name}
          aria-current={id === guild?.id ? "page" : undefined}
          onClick={() => go({ guild: id, channel: "" })}
        >
          {iconUrl === null ? initials(name) : <img src={iconUrl} alt="" />}
        </button>
      ))}
    </div>
  );
}
