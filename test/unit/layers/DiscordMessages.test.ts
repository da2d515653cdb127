import { assert, describe, it } from "@effect/vitest";
import { GuildMemberFlags, MessageType } from "discord.js";
import { MessageId } from "../../../src/domain/Ids.js";
import { spoken } from "../../../src/layers/discord/Decode.js";
import { at, DAY, GENERAL_CHANNEL, GUILD, NOW, ROBIN } from "../../support/fixtures.js";

const author = {
  id: ROBIN,
  username: "robin",
  discriminator: "0",
  global_name: null,
  avatar: null,
};
const member = {
  roles: [],
  joined_at: new Date(NOW - DAY).toISOString(),
  deaf: false,
  mute: false,
  flags: GuildMemberFlags.DidRejoin,
};
const message: Parameters<typeof spoken>[0] = {
  id: "700000000000000001",
  channel_id: GENERAL_CHANNEL,
  guild_id: GUILD,
  author,
  member,
  type: MessageType.Default,
  timestamp: new Date(NOW).toISOString(),
};

describe("a message of the gateway", () => {
  it("is somebody speaking, with when they joined", () => {
    assert.deepStrictEqual(spoken(message), {
      _tag: "MemberSpoke",
      guildId: GUILD,
      userId: ROBIN,
      channelId: GENERAL_CHANNEL,
      messageId: MessageId.make("700000000000000001"),
      at: at(0),
      joinedAt: at(-DAY),
    });
    assert.isNotNull(spoken({ ...message, type: MessageType.Reply }));
    assert.strictEqual(spoken({ ...message, member: { ...member, joined_at: null } })?.joinedAt, null);
  });

  it("is nobody speaking where a bot, a webhook or Discord wrote it, and outside a server", () => {
    assert.isNull(spoken({ ...message, author: { ...author, bot: true } }));
    assert.isNull(spoken({ ...message, webhook_id: "700000000000000002" }));
    for (const type of [MessageType.UserJoin, MessageType.GuildBoost, MessageType.ChannelPinnedMessage]) {
      assert.isNull(spoken({ ...message, type }));
    }
    const { guild_id: _, ...direct } = message;
    assert.isNull(spoken(direct));
  });
});
