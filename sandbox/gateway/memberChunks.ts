import { Intent } from "../world/dispatch.js";
import { memberWire, presenceWire } from "../world/wire.js";
import type { World } from "../world/World.js";
import type { RequestGuildMembers } from "./payloads.js";
import type { Session } from "./Session.js";

const CHUNK = 1_000;
const MAX_IDS = 100;

/** Answers op 8 with GUILD_MEMBERS_CHUNK, a thousand members each; or says what the session lacks for it. */
export function sendMemberChunks(
  world: World,
  session: Session,
  request: RequestGuildMembers,
): string | null {
  const guild = world.guilds.all.get(request.guild_id);
  if (guild === undefined || !world.guilds.hasBot(guild) || !session.serves(guild.id)) return null;
  const ids = request.user_ids === undefined ? undefined : [request.user_ids].flat().slice(0, MAX_IDS);
  const query = (request.query ?? "").toLowerCase();
  const all = ids === undefined && query === "";
  if (all && (session.intents & Intent.guildMembers) === 0)
    return "The whole list of members needs the intent GuildMembers";
  if (request.presences === true && (session.intents & Intent.guildPresences) === 0)
    return "Presences of members need the intent GuildPresences";
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
    const part = members.slice(index * CHUNK, (index + 1) * CHUNK);
    session.dispatch("GUILD_MEMBERS_CHUNK", {
      guild_id: guild.id,
      members: part.map((member) => memberWire(member, world.user(member.userId))),
      chunk_index: index,
      chunk_count: count,
      not_found: ids?.filter((id) => !guild.members.has(id)) ?? [],
      ...(request.presences === true && {
        presences: part.map(({ userId }) => presenceWire(world.user(userId), guild.id)),
      }),
      ...(request.nonce !== undefined && { nonce: request.nonce }),
    });
  }
  return null;
}
