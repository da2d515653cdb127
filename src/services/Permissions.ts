import { Context, Effect, Layer, Option } from "effect";
import type { GuildId } from "../domain/Ids.js";
import { atLeast, NotAllowed, type Rung, rungOf } from "../domain/Permission.js";
import type { Member } from "../domain/Person.js";
import { AppConfig } from "../layers/Config.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

/** The ladder of features.md F3. */
export class Permissions extends Context.Tag("app/Permissions")<
  Permissions,
  {
    readonly rungOf: (guildId: GuildId, member: Member) => Effect.Effect<Rung>;
    /** Lets through whoever stands on `needed` or above. */
    readonly require: (guildId: GuildId, member: Member, needed: Rung) => Effect.Effect<Rung, NotAllowed>;
  }
>() {}

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const settings = yield* SettingsRepo;
  const dashboardAdmins = Option.match(config.dashboard, {
    onNone: () => [],
    onSome: ({ adminRoleIds }) => adminRoleIds,
  });
  const adminRoleIds = [...config.gateAdminRoleIds, ...dashboardAdmins];

  const of = (guildId: GuildId, member: Member) =>
    Effect.map(settings.find(guildId), (found) =>
      rungOf(member, {
        ownerIds: config.ownerIds,
        adminRoleIds,
        reviewerRoleIds: Option.match(found, {
          onNone: () => [],
          onSome: ({ reviewerRoleIds }) => reviewerRoleIds,
        }),
      }),
    );

  return Permissions.of({
    rungOf: of,
    require: (guildId, member, needed) =>
      needed === "everyone"
        ? Effect.succeed<Rung>("everyone")
        : Effect.filterOrFail(
            of(guildId, member),
            (has) => atLeast(has, needed),
            () => new NotAllowed({ needed }),
          ),
  });
});

export const layer = Layer.effect(Permissions, make);
