import {
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  type APIInteractionDataResolved,
  type APIInteractionGuildMember,
  type APIModalSubmission,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type APIUser,
  ComponentType,
  type GatewayMessageCreateDispatchData,
  InteractionType,
  MessageType,
} from "discord.js";
import { Redacted } from "effect";
import { ChannelId, GuildId, InteractionId, MessageId, Millis, RoleId, UserId } from "../../domain/Ids.js";
import type { Member, Person } from "../../domain/Person.js";
import { clean } from "../../domain/Text.js";
import type { DiscordEvent } from "./Events.js";
import type { Interaction, OptionValue, Resolved } from "./Interaction.js";

export const avatarUrl = (cdn: string, user: Pick<APIUser, "id" | "avatar">): string =>
  user.avatar === null
    ? `${cdn}/embed/avatars/${Number((BigInt(user.id) >> 22n) % 6n)}.png`
    : `${cdn}/avatars/${user.id}/${user.avatar}.png?size=256`;

/** What is read of an account. */
type Known = Pick<APIUser, "id" | "username" | "global_name" | "avatar" | "bot">;

/** Names are shown in many places: what hides or reorders text is taken out once, here. */
export const person = (cdn: string, user: Known, nick: string | null = null): Person => ({
  id: UserId.make(user.id),
  username: clean(user.username) || user.id,
  displayName: clean(nick ?? user.global_name ?? "") || clean(user.username) || user.id,
  avatarUrl: avatarUrl(cdn, user),
  bot: user.bot ?? false,
});

/** When somebody came into a guild; the same moment whichever way Discord tells of it. */
export const joinedAt = (of: { readonly joined_at?: string | null } | undefined): Millis | null =>
  of?.joined_at == null ? null : Millis.make(Date.parse(of.joined_at));

const member = (cdn: string, of: APIInteractionGuildMember | undefined, user: APIUser): Member => ({
  ...person(cdn, user, of?.nick ?? null),
  roles: (of?.roles ?? []).map((role) => RoleId.make(role)),
  permissions: BigInt(of?.permissions ?? "0"),
  joinedAt: joinedAt(of),
});

const resolved = (cdn: string, data: APIInteractionDataResolved | undefined): Resolved => ({
  users: new Map(
    Object.values(data?.users ?? {}).map((user) => [
      UserId.make(user.id),
      person(cdn, user, data?.members?.[user.id]?.nick ?? null),
    ]),
  ),
  channels: new Map(
    Object.values(data?.channels ?? {}).map((channel) => [
      ChannelId.make(channel.id),
      { id: ChannelId.make(channel.id), name: channel.name ?? "", type: channel.type },
    ]),
  ),
  roles: new Map(
    Object.values(data?.roles ?? {}).map((role) => [
      RoleId.make(role.id),
      { id: RoleId.make(role.id), name: role.name },
    ]),
  ),
});

interface Leaf {
  readonly subcommand: string | null;
  readonly options: ReadonlyArray<APIApplicationCommandInteractionDataOption>;
}

/** Walks down to the options that carry values. */
const leafOf = (
  options: ReadonlyArray<APIApplicationCommandInteractionDataOption> | undefined,
  path = "",
): Leaf => {
  const [first] = options ?? [];
  if (
    first !== undefined &&
    (first.type === ApplicationCommandOptionType.Subcommand ||
      first.type === ApplicationCommandOptionType.SubcommandGroup)
  ) {
    return leafOf(first.options ?? [], path === "" ? first.name : `${path} ${first.name}`);
  }
  return { subcommand: path === "" ? null : path, options: options ?? [] };
};

const valuesOf = (options: Leaf["options"]): ReadonlyMap<string, OptionValue> => {
  const values = new Map<string, OptionValue>();
  for (const option of options) {
    if ("value" in option) values.set(option.name, { type: option.type, value: option.value });
  }
  return values;
};

const fieldsOf = (components: APIModalSubmission["components"]): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  for (const component of components) {
    const inputs =
      component.type === ComponentType.ActionRow
        ? component.components
        : component.type === ComponentType.Label
          ? [component.component]
          : [];
    for (const input of inputs) {
      if (input.type === ComponentType.TextInput) fields.set(input.custom_id, input.value);
    }
  }
  return fields;
};

/** An interaction as Discord sends it, as data of ours; `null` for kinds the bot has not asked for. */
export const interaction = (raw: APIInteraction, cdn: string): Interaction | null => {
  const user = raw.member?.user ?? raw.user;
  if (user === undefined) return null;
  const base = {
    id: InteractionId.make(raw.id),
    token: Redacted.make(raw.token),
    guildId: raw.guild_id === undefined ? null : GuildId.make(raw.guild_id),
    channelId: raw.channel === undefined ? null : ChannelId.make(raw.channel.id),
    actor: member(cdn, raw.member, user),
  };
  switch (raw.type) {
    case InteractionType.ApplicationCommand: {
      if (raw.data.type !== ApplicationCommandType.ChatInput) return null;
      const leaf = leafOf(raw.data.options);
      return {
        ...base,
        _tag: "Command",
        name: raw.data.name,
        subcommand: leaf.subcommand,
        options: valuesOf(leaf.options),
        resolved: resolved(cdn, raw.data.resolved),
      };
    }
    case InteractionType.ApplicationCommandAutocomplete: {
      const leaf = leafOf(raw.data.options);
      const focused = leaf.options.find((option) => "focused" in option && option.focused);
      if (focused === undefined || !("value" in focused)) return null;
      return {
        ...base,
        _tag: "Autocomplete",
        name: raw.data.name,
        subcommand: leaf.subcommand,
        focused: { name: focused.name, typed: `${focused.value}` },
      };
    }
    case InteractionType.MessageComponent:
      return {
        ...base,
        _tag: "Component",
        customId: raw.data.custom_id,
        messageId: MessageId.make(raw.message.id),
      };
    case InteractionType.ModalSubmit:
      return {
        ...base,
        _tag: "Modal",
        customId: raw.data.custom_id,
        fields: fieldsOf(raw.data.components),
        messageId: raw.message === undefined ? null : MessageId.make(raw.message.id),
      };
    default:
      return null;
  }
};

/** What Discord itself writes in somebody's name (joined, boosted, pinned) is not said by them. */
const SAID: ReadonlyArray<MessageType> = [MessageType.Default, MessageType.Reply];

/** A message that a person wrote in a guild; `null` for those of bots, webhooks and Discord, and for direct ones. */
export const spoken = (
  raw: Pick<
    GatewayMessageCreateDispatchData,
    "id" | "channel_id" | "guild_id" | "author" | "member" | "type" | "timestamp" | "webhook_id"
  >,
): Extract<DiscordEvent, { readonly _tag: "MemberSpoke" }> | null => {
  const { author, guild_id: guildId, member } = raw;
  if (guildId === undefined || raw.webhook_id !== undefined || author.bot === true) return null;
  if (!SAID.includes(raw.type)) return null;
  return {
    _tag: "MemberSpoke",
    guildId: GuildId.make(guildId),
    userId: UserId.make(author.id),
    channelId: ChannelId.make(raw.channel_id),
    messageId: MessageId.make(raw.id),
    at: Millis.make(Date.parse(raw.timestamp)),
    joinedAt: member?.joined_at == null ? null : Millis.make(Date.parse(member.joined_at)),
  };
};
