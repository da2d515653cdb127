/** Pins: today's routes and those before them, which older clients still use. */
import { missingPermissions, tooManyPins } from "../../errors.js";
import { AuditAction } from "../../world/AuditLog.js";
import { iso } from "../../world/wire.js";
import type { Message } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOfChannel, may } from "../access.js";
import { logDeed } from "../audit.js";
import { route } from "../router.js";
import type { Call } from "../router.js";
import { messageOf } from "./messages.js";
import { limitOf } from "./paging.js";

const MAX_PINS = 250;

function setPin(call: Call<"channel" | "message">, pinned: boolean): undefined {
  const { world, param } = call;
  const channel = channelOf(world, param("channel"));
  if (channel.guildId !== null && !may(world, channel, "PinMessages")) throw missingPermissions();
  const message = messageOf(world, channel, param("message"));
  if (message.pinned === pinned) return undefined;
  if (!pinned) world.messages.unpin(channel, message);
  else if (channel.pins.size >= MAX_PINS) throw tooManyPins();
  else world.messages.pin(channel, message);
  if (channel.guildId !== null) {
    const action = pinned ? AuditAction.messagePin : AuditAction.messageUnpin;
    const options = { channel_id: channel.id, message_id: message.id };
    logDeed(call, guildOfChannel(world, channel), action, message.author.id, { options });
  }
  return undefined;
}

function pinned(world: World, channelId: string): { message: Message; at: number }[] {
  const channel = channelOf(world, channelId, "ReadMessageHistory");
  return [...channel.pins].reverse().flatMap(([id, at]) => {
    const message = channel.messages.get(id);
    return message === undefined ? [] : [{ message, at }];
  });
}

const PATHS = ["/channels/:channel/messages/pins", "/channels/:channel/pins"] as const;

export const pinRoutes = [
  ...PATHS.flatMap((path) => [
    route(`PUT ${path}/:message`, (call) => setPin(call, true)),
    route(`DELETE ${path}/:message`, (call) => setPin(call, false)),
  ]),
  route("GET /channels/:channel/messages/pins", ({ world, param, query }) => {
    const before = query.get("before");
    const all = pinned(world, param("channel")).filter(
      ({ at }) => before === null || at < Date.parse(before),
    );
    const limit = limitOf(query, 50, 50);
    return {
      items: all
        .slice(0, limit)
        .map(({ message, at }) => ({ pinned_at: iso(at), message: world.messages.wire(message) })),
      has_more: all.length > limit,
    };
  }),
  route("GET /channels/:channel/pins", ({ world, param }) =>
    pinned(world, param("channel")).map(({ message }) => world.messages.wire(message)),
  ),
];
