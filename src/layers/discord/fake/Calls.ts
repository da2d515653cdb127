import { Clock, Effect } from "effect";
import type { ChannelId, GuildId, MessageId, RoleId, UserId } from "../../../domain/Ids.js";
import type { DiscordError } from "../Errors.js";
import type { Callback, Interaction, MessagePayload } from "../Interaction.js";

/** What the bot asked Discord for, and when. */
export type Call = { readonly at: number } & (
  | { readonly _tag: "respond"; readonly interaction: Interaction; readonly callback: Callback }
  | { readonly _tag: "editResponse"; readonly interaction: Interaction; readonly payload: MessagePayload }
  | { readonly _tag: "followUp"; readonly interaction: Interaction; readonly payload: MessagePayload }
  | {
      readonly _tag: "sendMessage";
      readonly channelId: ChannelId;
      readonly payload: MessagePayload;
      readonly nonce: string;
    }
  | {
      readonly _tag: "editMessage";
      readonly channelId: ChannelId;
      readonly messageId: MessageId;
      readonly payload: MessagePayload;
    }
  | { readonly _tag: "deleteMessage"; readonly channelId: ChannelId; readonly messageId: MessageId }
  | { readonly _tag: "pinMessage"; readonly channelId: ChannelId; readonly messageId: MessageId }
  | { readonly _tag: "pinnedByMe"; readonly channelId: ChannelId }
  | { readonly _tag: "findMine"; readonly channelId: ChannelId; readonly sinceMillis: number }
  | { readonly _tag: "messagesFrom"; readonly channelId: ChannelId; readonly first: MessageId }
  | { readonly _tag: "openDm"; readonly userId: UserId }
  | {
      readonly _tag: "addRole";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly roleId: RoleId;
      readonly reason: string;
    }
  | {
      readonly _tag: "roleChangedBy";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly roleId: RoleId;
    }
  | {
      readonly _tag: "membersAfter";
      readonly guildId: GuildId;
      readonly after: UserId | null;
      readonly limit: number;
    }
  | { readonly _tag: "isMember"; readonly guildId: GuildId; readonly userId: UserId }
  | { readonly _tag: "user"; readonly userId: UserId }
  | { readonly _tag: "members"; readonly guildId: GuildId; readonly userIds: ReadonlyArray<UserId> }
  | { readonly _tag: "member"; readonly guildId: GuildId; readonly userId: UserId }
  | {
      readonly _tag: "bulkBan";
      readonly guildId: GuildId;
      readonly userIds: ReadonlyArray<UserId>;
      readonly reason: string;
    }
  | { readonly _tag: "isBanned"; readonly guildId: GuildId; readonly userId: UserId }
  | { readonly _tag: "kick"; readonly guildId: GuildId; readonly userId: UserId; readonly reason: string }
);
export type Operation = Call["_tag"];
export type CallOf<O extends Operation> = Extract<Call, { readonly _tag: O }>;
export type Asked = Call extends infer C ? (C extends Call ? Omit<C, "at"> : never) : never;

/** How a call ends that a test has something in mind for. */
export type Outcome =
  /** Nothing happens, and the bot is told why. */
  | { readonly _tag: "Refused"; readonly error: DiscordError }
  /** It happens, but the bot hears an error instead. */
  | { readonly _tag: "AnswerLost"; readonly error: DiscordError }
  /** It happens, and the bot hears of it only after a while. */
  | { readonly _tag: "Late"; readonly millis: number }
  /** It happens, and the bot never hears of it. */
  | { readonly _tag: "NoAnswer" };

const ofTag =
  <O extends Operation>(operation: O) =>
  (call: Call): call is CallOf<O> =>
    call._tag === operation;

/** Writes down every call, and lets it end as a test has said. */
export const makeCalls = () => {
  const scripts = new Map<Operation, Array<Outcome>>();
  const calls: Array<Call> = [];

  const perform = <A>(asked: Asked, happen: Effect.Effect<A, DiscordError>): Effect.Effect<A, DiscordError> =>
    Effect.gen(function* () {
      calls.push({ ...asked, at: yield* Clock.currentTimeMillis });
      const outcome = scripts.get(asked._tag)?.shift();
      if (outcome?._tag === "Refused") return yield* Effect.fail(outcome.error);
      const result = yield* happen;
      if (outcome?._tag === "AnswerLost") return yield* Effect.fail(outcome.error);
      if (outcome?._tag === "Late") yield* Effect.sleep(outcome.millis);
      return outcome?._tag === "NoAnswer" ? yield* Effect.never : result;
    });

  return {
    perform,
    fake: {
      script: (operation: Operation, ...outcomes: ReadonlyArray<Outcome>) =>
        Effect.sync(() => void scripts.set(operation, [...(scripts.get(operation) ?? []), ...outcomes])),
      unscript: Effect.sync(() => {
        scripts.clear();
      }),
      calls: Effect.sync((): ReadonlyArray<Call> => [...calls]),
      callsOf: <O extends Operation>(operation: O) =>
        Effect.sync((): ReadonlyArray<CallOf<O>> => calls.filter(ofTag(operation))),
    },
  };
};
export type Calls = ReturnType<typeof makeCalls>;
