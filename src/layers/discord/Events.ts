import type { ChannelId, GuildId, MessageId, Millis, RoleId, UserId } from "../../domain/Ids.js";

/** What happens on Discord without anybody asking the bot for an answer. */
export type DiscordEvent =
  | { readonly _tag: "Ready" }
  | {
      /**
       * Discord shows a server: at a start, after an outage, in a new session (what happened since the old one ended is
       * not told), or because the bot was invited.
       */
      readonly _tag: "GuildShown";
      readonly guildId: GuildId;
    }
  | {
      readonly _tag: "MemberJoined";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly bot: boolean;
      readonly joinedAt: Millis | null;
    }
  | {
      /** Something about a member is different now; what it was before is not told. */
      readonly _tag: "MemberUpdated";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly bot: boolean;
      readonly roles: ReadonlyArray<RoleId>;
      readonly joinedAt: Millis | null;
    }
  | { readonly _tag: "MemberLeft"; readonly guildId: GuildId; readonly userId: UserId; readonly bot: boolean }
  | {
      /** A person wrote a message. What it says is not told. */
      readonly _tag: "MemberSpoke";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly channelId: ChannelId;
      readonly messageId: MessageId;
      readonly at: Millis;
      readonly joinedAt: Millis | null;
    }
  | {
      readonly _tag: "MessagesDeleted";
      readonly channelId: ChannelId;
      readonly messageIds: ReadonlyArray<MessageId>;
    }
  | { readonly _tag: "GuildRemoved"; readonly guildId: GuildId }
  | { readonly _tag: "Trouble"; readonly detail: string };
