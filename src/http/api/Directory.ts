import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { ListedChannel, ListedRole, LOOKED_UP_AT_ONCE, NamedPerson } from "../../domain/Directory.js";
import { RoleId, UserId } from "../../domain/Ids.js";
import { GuildAdmin, InGuild } from "./Guards.js";

const batchOf = <A extends string>(id: Schema.Schema<A, string>) =>
  Schema.Struct({
    ids: Schema.Array(id)
      .pipe(Schema.maxItems(LOOKED_UP_AT_ONCE))
      .annotations({
        description: `At most ${LOOKED_UP_AT_ONCE}.`,
      }),
  });

const foundOf = <A extends string, B, I>(id: Schema.Schema<A, string>, value: Schema.Schema<B, I>) =>
  Schema.Record({ key: id, value: Schema.NullOr(value) });

/** What ids stand for, and what can be chosen from. */
export const DirectoryGroup = HttpApiGroup.make("directory")
  .add(
    HttpApiEndpoint.post("users", "/api/users/resolve")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(batchOf(UserId))
      .addSuccess(Schema.Struct({ users: foundOf(UserId, NamedPerson) }))
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "Who these ids are, also those who left; `null` for whom nobody knows at the moment. A POST because ids are long; it changes nothing.",
      ),
  )
  .add(
    HttpApiEndpoint.post("rolesById", "/api/roles/resolve")
      .setUrlParams(Schema.Struct(InGuild))
      .setPayload(batchOf(RoleId))
      .addSuccess(Schema.Struct({ roles: foundOf(RoleId, ListedRole) }))
      .middleware(GuildAdmin)
      .annotate(OpenApi.Description, "What these roles are; `null` for those that are none of this guild."),
  )
  .add(
    HttpApiEndpoint.get("roles", "/api/roles")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(Schema.Struct({ roles: Schema.Array(ListedRole) }))
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "The roles of the guild, the highest first, and whether the bot could give them.",
      ),
  )
  .add(
    HttpApiEndpoint.get("channels", "/api/channels")
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(Schema.Struct({ channels: Schema.Array(ListedChannel) }))
      .middleware(GuildAdmin)
      .annotate(
        OpenApi.Description,
        "The text channels of the guild as Discord lists them, and which settings each could be chosen for.",
      ),
  );
