import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import { Directory } from "../../services/Directory.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";

export const directoryHandlers = HttpApiBuilder.group(Api, "directory", (handlers) =>
  Effect.map(Directory, (directory) =>
    handlers
      .handle("users", ({ payload: { ids } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          return { users: Object.fromEntries(yield* directory.people(guildId, ids)) };
        }),
      )
      .handle("rolesById", ({ payload: { ids } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const roles = new Map((yield* directory.roles(guildId)).map((role) => [role.id, role]));
          return { roles: Object.fromEntries(ids.map((id) => [id, roles.get(id) ?? null])) };
        }),
      )
      .handle("roles", () =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          return { roles: yield* directory.roles(guildId) };
        }),
      )
      .handle("channels", () =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          return { channels: yield* directory.channels(guildId) };
        }),
      ),
  ),
);
