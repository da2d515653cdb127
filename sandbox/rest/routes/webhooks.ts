/** A channel's incoming webhooks; what an interaction's token may do is in interactions.ts. */
import { z } from "zod";
import { missingPermissions, tooManyWebhooks, unknownMessage, wrongChannelType } from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { ChannelType } from "../../world/state.js";
import type { Channel, Message, User, Webhook } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOf, guildOfChannel, may, requireInGuild } from "../access.js";
import { logDeed } from "../audit.js";
import { refuse, snowflake, text } from "../forms/kit.js";
import { EditForm, ExecuteForm } from "../forms/messages.js";
import { picture } from "../pictures.js";
import { route } from "../router.js";
import type { Answer, Call } from "../router.js";
import { compose, composeChange } from "./compose.js";

const MAX_PER_CHANNEL = 15;
const webhookName = text(80).superRefine((name, context) => {
  if (name.trim() === "") refuse(context, [], "BASE_TYPE_REQUIRED", "This field is required");
  for (const word of ["clyde", "discord"]) {
    if (name.toLowerCase().includes(word))
      refuse(context, [], "USERNAME_INVALID_CONTAINS", `Username cannot contain "${word}"`);
  }
});
const avatar = z.string().nullish();
const CreateForm = z.strictObject({ name: webhookName, avatar });
const PatchForm = z.strictObject({
  name: webhookName.optional(),
  avatar,
  channel_id: snowflake.nullish(),
});
const TokenPatchForm = z.strictObject({ name: webhookName.optional(), avatar });

/** A webhook the bot may manage. */
function managed({ world, param }: Pick<Call<"webhook">, "world" | "param">): Webhook {
  const webhook = world.webhooks.get(param("webhook"));
  if (!may(world, world.channel(webhook.channelId), "ManageWebhooks")) throw missingPermissions();
  return webhook;
}

type Named = Pick<Call<"webhook" | "token">, "world" | "param">;
const known = ({ world, param }: Named): Webhook => world.webhooks.get(param("webhook"), param("token"));

const withoutUser = (world: World, webhook: Webhook): object => {
  const { user: _creator, ...rest } = world.webhooks.wire(webhook);
  return rest;
};

function update(call: Call<"webhook">, webhook: Webhook, form: z.output<typeof PatchForm>): void {
  const { world } = call;
  const before = world.webhooks.wire(webhook);
  world.webhooks.update(webhook, {
    ...(form.name !== undefined && { name: form.name }),
    ...(form.avatar !== undefined && {
      avatar: picture(world, "avatars", webhook.id, "avatar", form.avatar),
    }),
    ...(form.channel_id != null && { channelId: form.channel_id }),
  });
  const changes = changesBetween(before, world.webhooks.wire(webhook));
  logDeed(call, world.guild(webhook.guildId), AuditAction.webhookUpdate, webhook.id, { changes });
}

function remove(call: Call<"webhook">, webhook: Webhook): undefined {
  call.world.webhooks.delete(webhook);
  logDeed(call, call.world.guild(webhook.guildId), AuditAction.webhookDelete, webhook.id);
  return undefined;
}

/** Where it writes: its channel, or a thread of that channel. */
function placeOf({ world, query }: Pick<Call, "world" | "query">, webhook: Webhook): Channel {
  const threadId = query.get("thread_id");
  const channel = world.channel(threadId ?? webhook.channelId);
  if (threadId !== null && channel.parentId !== webhook.channelId) throw wrongChannelType();
  return channel;
}

/** Writes as the webhook, under the name and picture of this one message. */
export function executeWebhook(call: Call<"webhook" | "token">): Answer {
  const { world, query } = call;
  const webhook = known(call);
  const channel = placeOf(call, webhook);
  const form = call.form(ExecuteForm);
  const author: User = {
    id: webhook.id,
    username: form.username ?? webhook.name,
    globalName: null,
    avatar: form.avatar_url == null ? webhook.avatar : null,
    banner: null,
    bot: true,
    dmsClosed: true,
    presence: { status: "offline", activities: [] },
  };
  const message = world.messages.create(channel, {
    author,
    webhookId: webhook.id,
    ...compose(call, channel, form),
  });
  return query.get("wait") === "true" ? world.messages.wire(message) : undefined;
}

function written(call: Call<"webhook" | "token" | "message">): { channel: Channel; message: Message } {
  const webhook = known(call);
  const channel = placeOf(call, webhook);
  const message = channel.messages.get(call.param("message"));
  if (message?.webhookId !== webhook.id) throw unknownMessage();
  return { channel, message };
}

export const webhookMessage = {
  get: (call: Call<"webhook" | "token" | "message">): Answer =>
    call.world.messages.wire(written(call).message),
  edit: (call: Call<"webhook" | "token" | "message">): Answer => {
    const { channel, message } = written(call);
    call.world.messages.edit(channel, message, composeChange(call, channel, message, call.form(EditForm)));
    return call.world.messages.wire(message);
  },
  delete: (call: Call<"webhook" | "token" | "message">): Answer => {
    const { channel, message } = written(call);
    call.world.messages.delete(channel, message);
    return undefined;
  },
};

export const webhookRoutes = [
  route("POST /channels/:channel/webhooks", (call) => {
    const { world, param } = call;
    const channel = channelOf(world, param("channel"), "ManageWebhooks");
    const guild = guildOfChannel(world, channel);
    if (channel.thread !== null || channel.type === ChannelType.category) throw wrongChannelType();
    const form = call.form(CreateForm);
    if (world.webhooks.of({ channelId: channel.id }).length >= MAX_PER_CHANNEL) throw tooManyWebhooks();
    const webhook = world.webhooks.create(channel, world.bot, form.name, null);
    webhook.avatar = picture(world, "avatars", webhook.id, "avatar", form.avatar ?? null);
    const changes = changesBetween({}, { name: webhook.name, channel_id: channel.id, type: 1 });
    logDeed(call, guild, AuditAction.webhookCreate, webhook.id, { changes });
    return world.webhooks.wire(webhook);
  }),
  route("GET /channels/:channel/webhooks", ({ world, param }) => {
    const channel = channelOf(world, param("channel"), "ManageWebhooks");
    return world.webhooks.of({ channelId: channel.id }).map((webhook) => world.webhooks.wire(webhook));
  }),
  route("GET /guilds/:guild/webhooks", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageWebhooks");
    return world.webhooks.of({ guildId: guild.id }).map((webhook) => world.webhooks.wire(webhook));
  }),

  route("GET /webhooks/:webhook", (call) => call.world.webhooks.wire(managed(call))),
  route("PATCH /webhooks/:webhook", (call) => {
    const { world } = call;
    const webhook = managed(call);
    const form = call.form(PatchForm);
    if (form.channel_id != null) channelOf(world, form.channel_id, "ManageWebhooks");
    update(call, webhook, form);
    return world.webhooks.wire(webhook);
  }),
  route("DELETE /webhooks/:webhook", (call) => remove(call, managed(call))),

  route("GET /webhooks/:webhook/:token", (call) => withoutUser(call.world, known(call)), { open: true }),
  route(
    "PATCH /webhooks/:webhook/:token",
    (call) => {
      const webhook = known(call);
      update(call, webhook, call.form(TokenPatchForm));
      return withoutUser(call.world, webhook);
    },
    { open: true },
  ),
  route("DELETE /webhooks/:webhook/:token", (call) => remove(call, known(call)), { open: true }),
];
