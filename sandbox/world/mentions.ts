import type { Guild, User } from "./state.js";

export interface AllowedMentions {
  readonly parse?: readonly string[] | undefined;
  readonly users?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
}

interface Mentions {
  readonly mentions: User[];
  readonly mentionRoles: string[];
  readonly mentionEveryone: boolean;
}

/** Who a text calls, as far as `allowed_mentions` lets it; without that, everybody named. */
export function mentionsIn(
  content: string,
  allowed: AllowedMentions | null,
  users: ReadonlyMap<string, User>,
  guild: Guild | undefined,
): Mentions {
  if (!content.includes("@")) return { mentions: [], mentionRoles: [], mentionEveryone: false };
  const may = (kind: "users" | "roles", id: string): boolean =>
    allowed === null || (allowed.parse?.includes(kind) ?? false) || (allowed[kind]?.includes(id) ?? false);
  const found = new Map<string, User>();
  for (const [, id = ""] of content.matchAll(/<@!?(\d{15,20})>/g)) {
    const user = users.get(id);
    if (user !== undefined && may("users", id)) found.set(id, user);
  }
  const roles = new Set<string>();
  for (const [, id = ""] of content.matchAll(/<@&(\d{15,20})>/g)) {
    if (guild?.roles.has(id) === true && may("roles", id)) roles.add(id);
  }
  const everyone =
    /@(everyone|here)\b/.test(content) &&
    (allowed === null || (allowed.parse?.includes("everyone") ?? false));
  return { mentions: [...found.values()], mentionRoles: [...roles], mentionEveryone: everyone };
}
