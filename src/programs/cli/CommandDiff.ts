import type { APIApplicationCommand } from "discord.js";
import type { Definition, Scope } from "../../layers/CommandRegistry.js";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** What Discord fills in when a definition leaves it out, and what it means. */
const COMMAND_DEFAULTS: Fields = {
  type: 1,
  description: "",
  default_member_permissions: null,
  nsfw: false,
  name_localizations: null,
  description_localizations: null,
  contexts: null,
  options: [],
};
const OPTION_DEFAULTS: Fields = {
  type: 1,
  description: "",
  required: false,
  autocomplete: false,
  name_localizations: null,
  description_localizations: null,
  channel_types: null,
  min_value: null,
  max_value: null,
  min_length: null,
  max_length: null,
  choices: [],
  options: [],
};
const CHOICE_DEFAULTS: Fields = { value: "", name_localizations: null };
const DEFAULTS_OF = { options: OPTION_DEFAULTS, choices: CHOICE_DEFAULTS } as const;
type ListKey = keyof typeof DEFAULTS_OF;
const isList = (key: string): key is ListKey => key in DEFAULTS_OF;

/** Lists whose order means nothing. */
const UNORDERED = new Set(["contexts", "channel_types"]);

const words = (value: unknown): string => JSON.stringify(value);

/** One way to write values that mean the same. */
const settled = (key: string, value: unknown): unknown => {
  if (UNORDERED.has(key) && Array.isArray(value))
    return value.map(Number).sort((left, right) => left - right);
  if (key.endsWith("_localizations") && isFields(value)) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return entries.length === 0 ? null : Object.fromEntries(entries);
  }
  return value;
};

const named = (value: unknown): ReadonlyMap<string, Fields> =>
  new Map(
    Array.isArray(value)
      ? value.filter(isFields).map((item) => [typeof item["name"] === "string" ? item["name"] : "", item])
      : [],
  );

const listChanges = (kind: string, key: ListKey, before: unknown, after: unknown): ReadonlyArray<string> => {
  const [old, wanted] = [named(before), named(after)];
  const changes = [
    ...[...wanted.keys()].filter((name) => !old.has(name)).map((name) => `${kind} ${name}: added`),
    ...[...old.keys()].filter((name) => !wanted.has(name)).map((name) => `${kind} ${name}: removed`),
    ...[...wanted].flatMap(([name, item]) => {
      const earlier = old.get(name);
      if (earlier === undefined) return [];
      return fieldChanges(earlier, item, DEFAULTS_OF[key]).map((change) => `${kind} ${name}, ${change}`);
    }),
  ];
  const reordered = changes.length === 0 && [...old.keys()].join("\n") !== [...wanted.keys()].join("\n");
  return reordered ? [`${key}: in another order`] : changes;
};

/** Fields that are not named in `defaults` are Discord's own (ids, versions) and are not looked at. */
const fieldChanges = (before: Fields, after: Fields, defaults: Fields): ReadonlyArray<string> =>
  Object.entries(defaults).flatMap(([key, fallback]) => {
    const [old, wanted] = [before[key] ?? fallback, after[key] ?? fallback];
    if (isList(key)) return listChanges(key === "options" ? "option" : "choice", key, old, wanted);
    const [left, right] = [words(settled(key, old)), words(settled(key, wanted))];
    return left === right ? [] : [`${key}: ${left} → ${right}`];
  });

export interface Difference {
  readonly added: ReadonlyArray<Definition>;
  readonly changed: ReadonlyArray<{ readonly name: string; readonly changes: ReadonlyArray<string> }>;
  readonly removed: ReadonlyArray<string>;
  readonly same: number;
}

/** What registering `wanted` would change, with Discord's defaults filled in on both sides. */
export const difference = (
  registered: ReadonlyArray<APIApplicationCommand>,
  wanted: ReadonlyArray<Definition>,
  scope: Scope,
): Difference => {
  // In a guild a command has no contexts: it is in that guild.
  const defaults =
    scope === null
      ? COMMAND_DEFAULTS
      : Object.fromEntries(Object.entries(COMMAND_DEFAULTS).filter(([key]) => key !== "contexts"));
  const key = ({ type = 1, name }: { readonly type?: number | undefined; readonly name: string }) =>
    `${type} ${name}`;
  const old = new Map(registered.map((command) => [key(command), command]));
  const kept = wanted.flatMap((command) => {
    const earlier = old.get(key(command));
    if (earlier === undefined) return [];
    return [{ name: command.name, changes: fieldChanges({ ...earlier }, { ...command }, defaults) }];
  });
  const changed = kept.filter(({ changes }) => changes.length > 0);
  const names = new Set(wanted.map(key));
  return {
    added: wanted.filter((command) => !old.has(key(command))),
    changed,
    removed: registered.filter((command) => !names.has(key(command))).map(({ name }) => name),
    same: kept.length - changed.length,
  };
};

export const isEmpty = ({ added, changed, removed }: Difference): boolean =>
  added.length + changed.length + removed.length === 0;

/** A line for each command that is not as it was: `+` new, `~` changed with what, `-` gone. */
export const lines = ({ added, changed, removed }: Difference): ReadonlyArray<string> => [
  ...added.map(({ name, description }) => `  + /${name}  ${description}`),
  ...changed.flatMap(({ name, changes }) => [`  ~ /${name}`, ...changes.map((change) => `      ${change}`)]),
  ...removed.map((name) => `  - /${name}`),
];
