import { memberWire } from "../world/wire.js";
import type { World } from "../world/World.js";
import type { RequestGuildMembers } from "./payloads.js";
import type { Session } from "./Session.js";

const CHUNK = 1_000;

/** Answers op 8 with GUILD_MEMBERS_CHUNK, a thousand members each. */
export function sendMemberChunks(world: World, session: Session, request: RequestGuildMembers): void {
  const guild = world.guilds.all.get(request.guild_id);
  if (guild === undefined || !world.guilds.hasBot(guild)) return;
  const ids = request.user_ids === undefined ? undefined : [request.user_ids].flat();
  const query = (request.query ?? "").toLowerCase();
  const found =
    ids === undefined
      ? [...guild.members.values()].filter((member) => {
          const name = member.nick ?? world.user(member.userId).username;
          return name.toLowerCase().startsWith(query);
        })
      : ids.flatMap((id) => guild.members.get(id) ?? []);
  const members = request.limit === undefined || request.limit === 0 ? found : found.slice(0, request.limit);
  const count = Math.max(1, Math.ceil(members.length / CHUNK));
  for (let index = 0; index < count; index++) {
    session.dispatch("GUILD_MEMBERS_CHUNK", {
      guild_id: guild.id,
      members: members
        .slice(index * CHUNK, (index + 1) * CHUNK)
        .map((member) => memberWire(member, world.user(member.userId))),
      chunk_index: index,
      chunk_count: count,
      not_found: ids?.filter((id) => !guild.members.has(id)) ?? [],
      ...(request.presences === true && { presences: [] }),
      ...(request.nonce !== undefined && { nonce: request.nonce }),
    });
  }
}
