import type { Choice } from "../../contract/interactions.js";
import { membersOf, useHere } from "./world.js";

/** What one may choose by name: the people, roles and channels one sees. */
export function useChoices(): {
  readonly people: readonly Choice[];
  readonly roles: readonly Choice[];
  /** Of these types, or with none of any. */
  readonly channels: (types: readonly number[]) => readonly Choice[];
} {
  const { guild, people } = useHere();
  return {
    people: membersOf(people).map(({ userId, name }) => ({ name, value: userId })),
    roles:
      guild?.roles.map(({ id, name }) => ({ name: name.startsWith("@") ? name : `@${name}`, value: id })) ??
      [],
    channels: (types) =>
      guild?.channels
        .filter(({ type }) => types.length === 0 || types.includes(type))
        .map(({ id, name }) => ({ name: `#${name}`, value: id })) ?? [],
  };
}
