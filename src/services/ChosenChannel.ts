import { Effect, Option } from "effect";
import type { ChosenChannel, ChosenChannelHealth } from "../domain/ChosenChannel.js";
import type { ChannelId, GuildId } from "../domain/Ids.js";
import type { DiscordShape } from "../layers/Discord.js";

/** The rights without which nothing with an embed can be posted. */
const POST_RIGHTS = ["ViewChannel", "SendMessages", "EmbedLinks"] as const;
type PostRight = (typeof POST_RIGHTS)[number];

/** The guild's own choice, else the one for every guild, else none. */
export const choose = (
  own: ChannelId | null,
  forAll: Option.Option<ChannelId>,
): Option.Option<ChosenChannel> =>
  own === null
    ? Option.map(forAll, (channelId) => ({ channelId, from: "default" as const }))
    : Option.some({ channelId: own, from: "guild" as const });

/** From the gateway's cache: nothing asks Discord. */
export const healthOf = (
  discord: DiscordShape,
  guildId: GuildId,
  chosen: ChosenChannel,
): Effect.Effect<ChosenChannelHealth> =>
  Effect.gen(function* () {
    const guild = yield* discord.guild(guildId);
    const { _tag: place } = yield* discord.channelHealth(guildId, chosen.channelId, []);
    const may = (right: PostRight) =>
      Effect.map(discord.channelHealth(guildId, chosen.channelId, [right]), ({ _tag }) => _tag === "Ok");
    const rights = yield* Effect.all({
      ViewChannel: may("ViewChannel"),
      SendMessages: may("SendMessages"),
      EmbedLinks: may("EmbedLinks"),
    });
    const outage = guild !== null && !guild.available;
    return {
      ...chosen,
      exists: place !== "Missing",
      inGuild: place !== "Missing" && place !== "Elsewhere",
      isText: place === "Ok",
      rights,
      outage,
      usable: !outage && POST_RIGHTS.every((right) => rights[right]),
    };
  });
