import {
  type APIInteraction,
  type Client,
  Events,
  GatewayDispatchEvents,
  type GatewayGuildMemberAddDispatchData,
  type GatewayGuildMemberRemoveDispatchData,
  type GatewayGuildMemberUpdateDispatchData,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type Guild,
} from "discord.js";
import { Queue } from "effect";
import { ChannelId, GuildId, MessageId, RoleId, UserId } from "../../domain/Ids.js";
import type { AppConfigShape } from "../Config.js";
import { cdnOf } from "./Client.js";
import * as Decode from "./Decode.js";
import type { DiscordEvent } from "./Events.js";
import type { Interaction } from "./Interaction.js";

/**
 * Turns what arrives into values of ours and queues it. Interactions are read from the gateway's own payload: it names
 * roles, rights and resolved options in full, whatever the cache holds.
 */
export const listen = (
  client: Client,
  config: AppConfigShape,
  interactions: Queue.Enqueue<Interaction>,
  events: Queue.Enqueue<DiscordEvent>,
  /** The gateway will not have this bot back; the code says why. */
  closed: (code: number) => void,
): void => {
  const cdn = cdnOf(config);
  const say = (event: DiscordEvent) => void Queue.unsafeOffer(events, event);
  const trouble = (what: string) => (error: unknown) =>
    say({
      _tag: "Trouble",
      detail: `${what}: ${error instanceof Error ? `${error.name}: ${error.message}` : "unknown"}`,
    });
  /** A listener that throws would end the process. */
  const guarded =
    <A>(what: string, handle: (data: A) => void) =>
    (data: A) => {
      try {
        handle(data);
      } catch (error) {
        trouble(what)(error);
      }
    };

  client.ws.on(
    GatewayDispatchEvents.InteractionCreate,
    guarded("An interaction could not be read", (raw: APIInteraction) => {
      const decoded = Decode.interaction(raw, cdn);
      if (decoded !== null) Queue.unsafeOffer(interactions, decoded);
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.GuildMemberAdd,
    guarded("A join could not be read", (raw: GatewayGuildMemberAddDispatchData) => {
      say({
        _tag: "MemberJoined",
        guildId: GuildId.make(raw.guild_id),
        userId: UserId.make(raw.user.id),
        bot: raw.user.bot ?? false,
        joinedAt: Decode.joinedAt(raw),
      });
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.GuildMemberUpdate,
    guarded("A change of a member could not be read", (raw: GatewayGuildMemberUpdateDispatchData) => {
      say({
        _tag: "MemberUpdated",
        guildId: GuildId.make(raw.guild_id),
        userId: UserId.make(raw.user.id),
        bot: raw.user.bot ?? false,
        roles: raw.roles.map((role) => RoleId.make(role)),
        joinedAt: Decode.joinedAt(raw),
      });
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.GuildMemberRemove,
    guarded("A departure could not be read", (raw: GatewayGuildMemberRemoveDispatchData) => {
      say({
        _tag: "MemberLeft",
        guildId: GuildId.make(raw.guild_id),
        userId: UserId.make(raw.user.id),
        bot: raw.user.bot ?? false,
      });
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.MessageCreate,
    guarded("A message could not be read", (raw: GatewayMessageCreateDispatchData) => {
      const spoken = Decode.spoken(raw);
      if (spoken !== null) say(spoken);
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.MessageDelete,
    guarded("A deletion could not be read", (raw: GatewayMessageDeleteDispatchData) => {
      say({
        _tag: "MessagesDeleted",
        channelId: ChannelId.make(raw.channel_id),
        messageIds: [MessageId.make(raw.id)],
      });
    }),
  );
  client.ws.on(
    GatewayDispatchEvents.MessageDeleteBulk,
    guarded("A deletion could not be read", (raw: GatewayMessageDeleteBulkDispatchData) => {
      say({
        _tag: "MessagesDeleted",
        channelId: ChannelId.make(raw.channel_id),
        messageIds: raw.ids.map((id) => MessageId.make(id)),
      });
    }),
  );
  const shown = (guild: Guild) => say({ _tag: "GuildShown", guildId: GuildId.make(guild.id) });
  client.on(Events.GuildAvailable, shown);
  client.on(Events.GuildCreate, shown);
  client.on(Events.GuildDelete, (guild) => {
    say({ _tag: "GuildRemoved", guildId: GuildId.make(guild.id) });
  });
  client.on(Events.ClientReady, () => {
    say({ _tag: "Ready" });
  });
  client.on(Events.Error, trouble("The Discord client failed"));
  client.on(Events.Warn, (message) => {
    say({ _tag: "Trouble", detail: message });
  });
  client.on(Events.ShardError, trouble("The gateway connection failed"));
  client.on(Events.ShardDisconnect, (close) => {
    closed(close.code);
  });
};
