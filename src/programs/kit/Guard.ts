import { Effect } from "effect";
import type { Rung } from "../../domain/Permission.js";
import type { Interaction } from "../../layers/discord/Interaction.js";
import { Permissions } from "../../services/Permissions.js";
import { OnlyInGuild } from "./Errors.js";
import type { Caller } from "./Handler.js";

/** The one guard: in a guild, and on the rung that the definition names or above. */
export const admit = (interaction: Interaction, needed: Rung) =>
  Effect.gen(function* () {
    const { guildId, actor } = interaction;
    if (guildId === null) return yield* new OnlyInGuild();
    const rung = yield* Effect.flatMap(Permissions, (permissions) =>
      permissions.require(guildId, actor, needed),
    );
    const caller: Caller = { guildId, actor, rung };
    return caller;
  });
