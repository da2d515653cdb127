import { Array as Arr, Clock, Effect } from "effect";
import { ChannelId, MessageId, snowflakeAt, type UserId } from "../../../domain/Ids.js";
import type { DiscordShape, PostedMessage } from "../../Discord.js";
import { CannotMessageUser, UnknownTarget } from "../Errors.js";
import type { MessagePayload } from "../Interaction.js";
import type { Calls } from "./Calls.js";

export interface FakeMessage {
  readonly id: MessageId;
  readonly at: number;
  readonly nonce: string;
  readonly payload: MessagePayload;
  readonly pinned: boolean;
}

/** Discord remembers nonces 'for some minutes'; the fake for the shortest time that could mean. */
const NONCE_MEMORY_MILLIS = 120_000;

const asPosted = ({ id, at, payload }: FakeMessage): PostedMessage => ({
  id,
  at,
  content: payload.content ?? "",
  raw: JSON.stringify({ id, ...payload }),
});

type Operations = Pick<
  DiscordShape,
  | "sendMessage"
  | "editMessage"
  | "deleteMessage"
  | "pinMessage"
  | "pinnedByMe"
  | "findMine"
  | "messagesFrom"
  | "openDm"
>;

/** The bot's messages, in channels and in direct messages. */
export const makeMessages = ({ perform }: Calls) => {
  const channels = new Map<ChannelId, Array<FakeMessage>>();
  const dms = new Map<UserId, ChannelId>();
  const closed = new Set<UserId>();
  let ids = 0;

  const freshId = Effect.map(
    Clock.currentTimeMillis,
    (now) => `${BigInt(snowflakeAt(now)) + BigInt((ids += 1))}`,
  );

  const channel = (id: ChannelId) =>
    Effect.suspend(() => {
      const found = channels.get(id);
      return found === undefined
        ? Effect.fail(new UnknownTarget({ target: "channel" }))
        : Effect.succeed(found);
    });

  const change = (channelId: ChannelId, id: MessageId, changed: (message: FakeMessage) => FakeMessage) =>
    Effect.gen(function* () {
      const messages = yield* channel(channelId);
      const index = messages.findIndex((message) => message.id === id);
      const message = messages[index];
      if (message === undefined) return yield* new UnknownTarget({ target: "message" });
      messages[index] = changed(message);
    });

  const post = (channelId: ChannelId, payload: MessagePayload, nonce: string) =>
    Effect.gen(function* () {
      const at = yield* Clock.currentTimeMillis;
      const messages = yield* channel(channelId);
      const owner = [...dms].find(([, id]) => id === channelId)?.[0];
      if (owner !== undefined && closed.has(owner)) return yield* new CannotMessageUser();
      const same = messages.find(
        (message) => message.nonce === nonce && at - message.at <= NONCE_MEMORY_MILLIS,
      );
      if (same !== undefined) return same.id;
      const id = MessageId.make(yield* freshId);
      messages.push({ id, at, nonce, payload, pinned: false });
      return id;
    });

  const open = (id: ChannelId): void => {
    if (!channels.has(id)) channels.set(id, []);
  };

  const discord: Operations = {
    sendMessage: (channelId, payload, { nonce }) =>
      perform({ _tag: "sendMessage", channelId, payload, nonce }, post(channelId, payload, nonce)),
    editMessage: (channelId, messageId, payload) =>
      perform(
        { _tag: "editMessage", channelId, messageId, payload },
        change(channelId, messageId, (message) => ({ ...message, payload })),
      ),
    deleteMessage: (channelId, messageId) =>
      perform(
        { _tag: "deleteMessage", channelId, messageId },
        Effect.flatMap(channel(channelId), (messages) => {
          const index = messages.findIndex(({ id }) => id === messageId);
          if (index < 0) return Effect.fail(new UnknownTarget({ target: "message" }));
          messages.splice(index, 1);
          return Effect.void;
        }),
      ),
    pinMessage: (channelId, messageId) =>
      perform(
        { _tag: "pinMessage", channelId, messageId },
        change(channelId, messageId, (message) => ({ ...message, pinned: true })),
      ),
    pinnedByMe: (channelId) =>
      perform(
        { _tag: "pinnedByMe", channelId },
        Effect.map(channel(channelId), (messages) => messages.filter(({ pinned }) => pinned).map(asPosted)),
      ),
    findMine: (channelId, sinceMillis, isIt) =>
      perform(
        { _tag: "findMine", channelId, sinceMillis },
        Effect.map(channel(channelId), (messages) =>
          Arr.findFirst(messages.filter(({ at }) => at >= sinceMillis).map(asPosted), isIt),
        ),
      ),
    messagesFrom: (channelId, first) =>
      perform(
        { _tag: "messagesFrom", channelId, first },
        Effect.map(channel(channelId), (messages) =>
          messages
            .map(({ id }) => id)
            .filter((id) => BigInt(id) >= BigInt(first))
            .slice(0, 100),
        ),
      ),
    openDm: (userId) =>
      perform(
        { _tag: "openDm", userId },
        Effect.gen(function* () {
          const id = dms.get(userId) ?? ChannelId.make(yield* freshId);
          dms.set(userId, id);
          open(id);
          return id;
        }),
      ),
  };

  const messages = (id: ChannelId | undefined) =>
    Effect.sync((): ReadonlyArray<FakeMessage> => (id === undefined ? [] : [...(channels.get(id) ?? [])]));

  return {
    discord,
    /** From now on there is a channel to write into. */
    open,
    fake: {
      closeDms: (userId: UserId) => Effect.sync(() => void closed.add(userId)),
      messages: (channelId: ChannelId) => messages(channelId),
      directMessages: (userId: UserId) => Effect.suspend(() => messages(dms.get(userId))),
      deleteMessage: (channelId: ChannelId, messageId: MessageId) =>
        Effect.sync(() => {
          const left = (channels.get(channelId) ?? []).filter(({ id }) => id !== messageId);
          channels.set(channelId, left);
        }),
      unpin: (channelId: ChannelId, messageId: MessageId) =>
        Effect.orDie(change(channelId, messageId, (message) => ({ ...message, pinned: false }))),
    },
  };
};
