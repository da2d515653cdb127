/** The documents that are made from the program itself; `test/unit/documents.test.ts` compares them with what is stored. */
import { HttpApi } from "@effect/platform";
import { format, resolveConfig } from "prettier";
import { RUNGS, type Rung } from "../../src/domain/Permission.js";
import { SETTINGS_DEFAULTS } from "../../src/domain/Settings.js";
import { ALL_SETTINGS, GROUPS, type Setting } from "../../src/domain/SettingsTable.js";
import { PERMISSION_NAMES, type PermissionName } from "../../src/domain/DiscordPermission.js";
import { GuildAdmin, GuildOwner, SignedIn } from "../../src/http/api/Guards.js";
import { Api } from "../../src/http/api/index.js";
import { commands } from "../../src/programs/commands/index.js";
import { components } from "../../src/programs/components/index.js";

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** As `npm run format` would leave it. */
const formatted = async (path: string, lines: ReadonlyArray<string>): Promise<string> =>
  format(lines.join("\n\n"), { ...(await resolveConfig(path)), filepath: path });

interface Guarded {
  readonly name: string;
  readonly rung: Rung;
}

/** Who a guard of the web lets through. */
const GUARDS: ReadonlyMap<string, string> = new Map([
  [SignedIn.key, "signed in"],
  [GuildAdmin.key, "admin"],
  [GuildOwner.key, "owner"],
]);

/** Every route of the contract, with whom its guard lets through; none where anybody may come. */
export const routes: ReadonlyArray<{ readonly route: string; readonly for: string | null }> = (() => {
  const found: Array<{ readonly route: string; readonly for: string | null }> = [];
  HttpApi.reflect(Api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint: { method, path }, middleware }) => {
      const guards = [...middleware].flatMap(({ key }) => GUARDS.get(key) ?? []);
      if (guards.length > 1) throw new Error(`${method} ${path} has more than one guard`);
      found.push({ route: `${method} ${path}`, for: guards[0] ?? null });
    },
  });
  const pathOf = ({ route }: { readonly route: string }) => route.split(" ")[1] ?? "";
  return found.sort((left, right) =>
    pathOf(left) < pathOf(right) ? -1 : pathOf(left) > pathOf(right) ? 1 : 0,
  );
})();

/** Everything that people can use, with the rung it needs. */
export const guarded: {
  readonly commands: ReadonlyArray<Guarded>;
  readonly components: ReadonlyArray<Guarded>;
} = {
  commands: commands.flatMap(({ definition, leaves }) =>
    [...leaves].map(([sub, { rung }]) => ({
      name: `/${definition.name}${sub === null ? "" : ` ${sub}`}`,
      rung,
    })),
  ),
  components: components.map(({ kind, name, rung }) => ({ name: `${name} (${kind})`, rung })),
};

const byName = (left: Guarded, right: Guarded) => (left.name < right.name ? -1 : 1);
const rungTable = (what: string, all: ReadonlyArray<Guarded>) =>
  table(
    [what, ...RUNGS],
    [...all]
      .sort(byName)
      .map(({ name, rung }) => [
        `\`${name}\``,
        ...RUNGS.map((other) => (RUNGS.indexOf(other) >= RUNGS.indexOf(rung) ? "yes" : "")),
      ]),
  );

export const permissionsDocument = (): Promise<string> =>
  formatted("docs/permissions.md", [
    "# Who may do what",
    "Made from the program by `npx vitest run test/unit/documents.test.ts -u`; do not edit it by hand.",
    "Whoever stands on a rung may do everything below it as well:",
    [
      "- **owner**: the people in `OWNER_IDS`",
      "- **admin**: who holds a role of `GATE_ADMIN_ROLE_IDS` or `ADMIN_ROLE_ID`, the owner of the server, and who has **Manage Server** or **Administrator** in it",
      "- **reviewer**: who holds one of the server's `mod_roles` (`/gate setup reviewer_role`, `/config set mod_roles`). Without any, nobody below admin reviews",
      "- **everyone**: every member of the server",
    ].join("\n"),
    "One guard asks before anything else happens. Whoever stands too low is told privately which rung was needed.",
    "## Commands",
    rungTable("Command", guarded.commands),
    "## Buttons and forms",
    "A form is guarded again when it comes in, whoever opened it.",
    rungTable("Button or form", guarded.components),
    "## The web",
    "Whoever is signed in has an admin role in some server of the bot. Routes for admins name their server (`?guild=ID`) and answer 404 to everybody else; an admin who asks for what is the owners' is told so. Every change needs the session's CSRF token.",
    table(
      ["Route", "For"],
      routes.map((route) => [`\`${route.route}\``, route.for ?? "everybody"]),
    ),
  ]);

const needed = (needs: ReadonlyArray<PermissionName>): string =>
  needs.length === 0
    ? ""
    : `, in which the bot has ${needs.map((need) => PERMISSION_NAMES[need]).join(", ")}`;

const valuesOf = (setting: Setting): string => {
  switch (setting.kind) {
    case "channel":
    case "optional_channel":
      return `a text channel of this server${setting.kind === "channel" ? "" : ", or none"}${needed(setting.needs)}`;
    case "role":
      return "a role of this server below the bot's own; not `@everyone`, not one of an integration";
    case "pinged_role":
      return "a role of this server that the bot may mention, or none; not `@everyone`";
    case "staff_roles":
      return `up to ${setting.max} roles of this server, or none; not \`@everyone\`, not one of an integration`;
    case "switch":
      return "on or off";
    case "number":
    case "optional_number":
      return `${setting.min} to ${setting.max} ${setting.unit}`;
  }
};

const defaultOf = (setting: Setting): string => {
  switch (setting.kind) {
    case "channel":
    case "role":
      return "chosen by `/gate setup`";
    case "optional_channel":
    case "pinged_role":
    case "staff_roles":
      return "none";
    case "switch":
      return setting.read(SETTINGS_DEFAULTS) === true ? "on" : "off";
    case "optional_number":
      return `\`${setting.otherwise}\``;
    case "number":
      return `${setting.read(SETTINGS_DEFAULTS) ?? 0}`;
  }
};

export const settingsDocument = (): Promise<string> =>
  formatted("docs/settings.md", [
    "# Settings of a server",
    "Made from the program by `npx vitest run test/unit/documents.test.ts -u`; do not edit it by hand.",
    "`/config view` shows all of them and whether they work. `/config set` changes one or several at once: channels and roles are looked at first, and either all of it is saved or nothing. `/config clear` leaves one without a value. Every change is in the log as `config_change`, with who, what, old and new.",
    "If two admins save in the same moment, the second sees what the first has changed and is asked again.",
    ...GROUPS.flatMap((group) => [
      `## ${group}`,
      table(
        ["Setting", "What it is", "Values", "Default"],
        ALL_SETTINGS.filter(([, setting]) => setting.group === group).map(([name, setting]) => [
          `\`${name}\``,
          setting.purpose,
          valuesOf(setting),
          defaultOf(setting),
        ]),
      ),
    ]),
  ]);
