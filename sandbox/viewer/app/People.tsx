import type { Person } from "../../contract/seen.js";
import { rolesOf, useHere } from "./world.js";

/** Chooses who one is. */
export function People() {
  const { me, people, guild, go } = useHere();
  const label = (person: Person): string => {
    const [role] = rolesOf(guild, person);
    const what =
      person.member === null ? "not in the server" : person.member.owner ? "owner" : role?.name.toLowerCase();
    return what === undefined ? person.name : `${person.name} (${what})`;
  };
  return (
    <label className="who">
      <img
        src={people.find(({ userId }) => userId === me.user.id)?.avatarUrl}
        alt=""
        width={40}
        height={40}
      />
      <span>
        <small>You are</small>
        <select value={me.user.id} onChange={({ target }) => go({ as: target.value })} aria-label="You are">
          {people
            .filter(({ bot }) => !bot)
            .map((person) => (
              <option key={person.userId} value={person.userId}>
                {label(person)}
              </option>
            ))}
        </select>
      </span>
    </label>
  );
}
