import { type z } from "zod";
import { invalidForm, missingAccess, tooManyCommands, unknownCommandPermissions } from "../../errors.js";
import type { CommandParts } from "../../world/Commands.js";
import { commandWire } from "../../world/wire.js";
import { CommandForm, CommandPatchForm } from "../forms/commands.js";
import { list } from "../forms/kit.js";
import { guildOf } from "../access.js";
import { CREATED, route } from "../router.js";
import type { Answer, Asked, Call } from "../router.js";

const MAX_CHAT_INPUT = 100;
const MAX_CONTEXT_MENU = 15;

/** Global commands and those of a guild behave alike. */
const PATHS = [
  "/applications/:application/commands",
  "/applications/:application/guilds/:guild/commands",
] as const;
type Place = Call<"application" | "guild">;

/** The guild's id, or `null` for global ones. */
function scopeOf(call: Place, path: (typeof PATHS)[number]): string | null {
  if (call.param("application") !== call.world.application.id) throw missingAccess();
  return path === PATHS[0] ? null : guildOf(call.world, call.param("guild")).guild.id;
}

function parts(form: z.output<typeof CommandForm>): CommandParts {
  return {
    type: form.type ?? 1,
    name: form.name,
    description: form.description ?? "",
    options: form.options ?? [],
    defaultMemberPermissions: form.default_member_permissions ?? null,
    contexts: form.contexts ?? (form.dm_permission === false ? [0] : null),
    nsfw: form.nsfw ?? false,
    nameLocalizations: form.name_localizations ?? null,
    descriptionLocalizations: form.description_localizations ?? null,
  };
}

function replaceAll(call: Asked, guildId: string | null): Answer {
  const forms = call.form(list(CommandForm, MAX_CHAT_INPUT + 2 * MAX_CONTEXT_MENU));
  const seen = new Set<string>();
  forms.forEach((form, index) => {
    const key = `${form.type ?? 1}:${form.name}`;
    if (seen.has(key))
      throw invalidForm(
        String(index),
        "APPLICATION_COMMANDS_DUPLICATE_NAME",
        "Application command names must be unique",
      );
    seen.add(key);
  });
  for (const type of [1, 2, 3]) {
    const limit = type === 1 ? MAX_CHAT_INPUT : MAX_CONTEXT_MENU;
    if (forms.filter((form) => (form.type ?? 1) === type).length > limit) throw tooManyCommands(limit);
  }
  return call.world.commands
    .replaceAll(guildId, forms.map(parts))
    .map((command) => commandWire(command, call.world.application.id));
}

/** Who may use which command is nowhere restricted here: only a person with a bearer token can. */
const permissionRoutes = [
  route("GET /applications/:application/guilds/:guild/commands/permissions", (call) => {
    scopeOf(call, PATHS[1]);
    return [];
  }),
  route("GET /applications/:application/guilds/:guild/commands/:command/permissions", (call) => {
    call.world.commands.anywhere(scopeOf(call, PATHS[1]), call.param("command"));
    throw unknownCommandPermissions();
  }),
];

const scopedRoutes = PATHS.flatMap((path) => [
  route(`GET ${path}`, (call) => {
    return call.world.commands
      .list(scopeOf(call, path))
      .map((command) => commandWire(command, call.world.application.id));
  }),
  route(`PUT ${path}`, (call) => {
    return replaceAll(call, scopeOf(call, path));
  }),
  route(
    `POST ${path}`,
    (call) => {
      const scope = scopeOf(call, path);
      const fresh = parts(call.form(CommandForm));
      const limit = fresh.type === 1 ? MAX_CHAT_INPUT : MAX_CONTEXT_MENU;
      const same = call.world.commands.list(scope).filter(({ type }) => type === fresh.type);
      if (same.length >= limit && !same.some(({ name }) => name === fresh.name)) throw tooManyCommands(limit);
      const { command } = call.world.commands.upsert(scope, fresh);
      return commandWire(command, call.world.application.id);
    },
    CREATED,
  ),
  route(`GET ${path}/:command`, (call) => {
    return commandWire(
      call.world.commands.get(scopeOf(call, path), call.param("command")),
      call.world.application.id,
    );
  }),
  route(`PATCH ${path}/:command`, (call) => {
    const command = call.world.commands.get(scopeOf(call, path), call.param("command"));
    const form = call.form(CommandPatchForm);
    call.world.commands.update(command, {
      ...(form.name !== undefined && { name: form.name }),
      ...(form.description !== undefined && { description: form.description }),
      ...(form.options !== undefined && { options: form.options }),
      ...(form.default_member_permissions !== undefined && {
        defaultMemberPermissions: form.default_member_permissions,
      }),
      ...(form.contexts !== undefined && { contexts: form.contexts }),
      ...(form.nsfw !== undefined && { nsfw: form.nsfw }),
    });
    return commandWire(command, call.world.application.id);
  }),
  route(`DELETE ${path}/:command`, (call) => {
    call.world.commands.delete(call.world.commands.get(scopeOf(call, path), call.param("command")));
    return undefined;
  }),
]);

export const commandRoutes = [...permissionRoutes, ...scopedRoutes];
