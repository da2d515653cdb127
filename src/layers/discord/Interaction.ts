import type { Redacted } from "effect";
import type {
  ApplicationCommandOptionType,
  APIEmbed,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
} from "discord.js";
import type { ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId } from "../../domain/Ids.js";
import type { Member, Person } from "../../domain/Person.js";

interface Base {
  readonly id: InteractionId;
  readonly token: Redacted.Redacted;
  /** `null` in direct messages. */
  readonly guildId: GuildId | null;
  readonly channelId: ChannelId | null;
  /** Whoever did it; without roles and rights in direct messages. */
  readonly actor: Member;
}

export interface OptionValue {
  readonly type: ApplicationCommandOptionType;
  readonly value: string | number | boolean;
}

/** What Discord tells about the ids among a command's options. */
export interface Resolved {
  readonly users: ReadonlyMap<UserId, Person>;
  readonly channels: ReadonlyMap<
    ChannelId,
    { readonly id: ChannelId; readonly name: string; readonly type: number }
  >;
  readonly roles: ReadonlyMap<RoleId, { readonly id: RoleId; readonly name: string }>;
}

export interface CommandInteraction extends Base {
  readonly _tag: "Command";
  readonly name: string;
  /** `setup`, or `welcome preview` where there is a group; `null` for a plain command. */
  readonly subcommand: string | null;
  readonly options: ReadonlyMap<string, OptionValue>;
  readonly resolved: Resolved;
}

export interface AutocompleteInteraction extends Base {
  readonly _tag: "Autocomplete";
  readonly name: string;
  readonly subcommand: string | null;
  readonly focused: { readonly name: string; readonly typed: string };
}

export interface ComponentInteraction extends Base {
  readonly _tag: "Component";
  readonly customId: string;
  readonly messageId: MessageId;
}

export interface ModalInteraction extends Base {
  readonly _tag: "Modal";
  readonly customId: string;
  /** What was typed, by the custom id of each field. */
  readonly fields: ReadonlyMap<string, string>;
  /** The message whose button opened the form, if there was one. */
  readonly messageId: MessageId | null;
}

export type Interaction =
  CommandInteraction | AutocompleteInteraction | ComponentInteraction | ModalInteraction;

/** A message as we compose it. Nobody is pinged but those named in `pings` and the holders of `pingsRoles`. */
export interface MessagePayload {
  readonly content?: string;
  readonly embeds?: ReadonlyArray<APIEmbed>;
  readonly components?: ReadonlyArray<APIMessageTopLevelComponent>;
  readonly pings?: ReadonlyArray<UserId>;
  readonly pingsRoles?: ReadonlyArray<RoleId>;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

export type ModalPayload = APIModalInteractionResponseCallbackData;

/** The first answer to an interaction. */
export type Callback =
  | { readonly _tag: "Reply"; readonly payload: MessagePayload; readonly private: boolean }
  | { readonly _tag: "Update"; readonly payload: MessagePayload }
  | { readonly _tag: "Modal"; readonly modal: ModalPayload }
  | { readonly _tag: "Choices"; readonly choices: ReadonlyArray<Choice> }
  | { readonly _tag: "Defer"; readonly private: boolean }
  | { readonly _tag: "DeferUpdate" };
