import { z } from "zod";
import { EPHEMERAL } from "../../world/Messages.js";
import type { Message } from "../../world/state.js";
import { InteractionType } from "../../world/interactionState.js";
import type { Interaction } from "../../world/interactionState.js";
import { invalidForm, missingPermissions, unknownWebhook } from "../../errors.js";
import { withIds } from "../forms/withIds.js";
import { ModalForm } from "../forms/modals.js";
import { integer, list, name, text } from "../forms/kit.js";
import { EditForm, MessageForm, WebhookMessageForm } from "../forms/messages.js";
import { route } from "../router.js";
import type { Answer, Asked, Call } from "../router.js";
import { compose, composeChange, REPLY_FLAGS } from "./compose.js";
import { executeWebhook, webhookMessage } from "./webhooks.js";

const Callback = { reply: 4, defer: 5, deferUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

/** Which answers fit which interaction: a modal only where a person pressed or typed, never after a modal. */
const FITTING: ReadonlyMap<number, readonly number[]> = new Map([
  [InteractionType.command, [4, 5, 9]],
  [InteractionType.component, [4, 5, 6, 7, 9]],
  [InteractionType.autocomplete, [8]],
  [InteractionType.modal, [4, 5, 6, 7]],
]);

const CallbackForm = z.strictObject({ type: integer(1, 12), data: z.unknown().optional() });
const DeferForm = z.strictObject({
  data: z.strictObject({ flags: z.number().int().nullish() }).nullish(),
  type: z.number(),
});
const ReplyForm = z.strictObject({ type: z.number(), data: MessageForm });
const UpdateForm = z.strictObject({ type: z.number(), data: EditForm });
const ModalCallbackForm = z.strictObject({ type: z.number(), data: ModalForm });
const localized = z.record(z.string(), z.string()).nullish();
const ChoicesForm = z.strictObject({
  type: z.number(),
  data: z.strictObject({
    choices: list(
      z.strictObject({
        name: name(100),
        name_localizations: localized,
        value: z.union([text(100), z.number()]),
      }),
      25,
    ),
  }),
});

function callback(call: Call<"interaction" | "token">): Answer {
  const { world, param, arrivedAt } = call;
  const interaction = world.interactions.acknowledgeable(param("interaction"), param("token"));
  const { type } = call.form(CallbackForm);
  if (type === 1) return respond(call, interaction, type, undefined);
  const fitting = FITTING.get(interaction.type) ?? [];
  const withoutMessage =
    interaction.source === null && (type === Callback.update || type === Callback.deferUpdate);
  if (!fitting.includes(type) || withoutMessage) {
    throw invalidForm("type", "BASE_TYPE_CHOICES", `Value must be one of {${fitting.join(", ")}}.`);
  }
  switch (type) {
    case Callback.reply: {
      const { data } = call.form(ReplyForm);
      const reply = world.interactions.reply(interaction, inner(call, interaction, data), arrivedAt);
      return respond(call, interaction, type, reply);
    }
    case Callback.defer: {
      const { data } = call.form(DeferForm);
      const deferred = world.interactions.defer(
        interaction,
        ((data?.flags ?? 0) & EPHEMERAL) !== 0,
        arrivedAt,
      );
      return respond(call, interaction, type, deferred);
    }
    case Callback.deferUpdate:
      world.interactions.deferUpdate(interaction, arrivedAt);
      return respond(call, interaction, type, interaction.source ?? undefined);
    case Callback.update: {
      const { data } = call.form(UpdateForm);
      const { source } = interaction;
      if (source === null) throw unknownWebhook();
      const change = composeChange({ ...call, body: dataOf(call.body) }, interaction.channel, source, data);
      return respond(call, interaction, type, world.interactions.update(interaction, change, arrivedAt));
    }
    case Callback.choices: {
      const { data } = call.form(ChoicesForm);
      world.interactions.choose(
        interaction,
        data.choices.map(({ name, value }) => ({ name, value })),
        arrivedAt,
      );
      return respond(call, interaction, type, undefined);
    }
    default: {
      const { data } = call.form(ModalCallbackForm);
      world.interactions.showModal(interaction, { ...data, components: withIds(data.components) }, arrivedAt);
      return respond(call, interaction, type, undefined);
    }
  }
}

function inner(call: Asked, interaction: Interaction, form: MessageForm) {
  return compose({ ...call, body: dataOf(call.body) }, interaction.channel, form, REPLY_FLAGS);
}

function dataOf(body: unknown): unknown {
  return typeof body === "object" && body !== null && "data" in body ? body.data : {};
}

/** Nothing, unless the bot asked for it `with_response`. */
function respond(call: Asked, interaction: Interaction, type: number, message: Message | undefined): Answer {
  if (call.query.get("with_response") !== "true") return undefined;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message !== undefined && {
        response_message_id: message.id,
        response_message_loading: type === Callback.defer,
        response_message_ephemeral: message.ephemeralFor !== null,
      }),
    },
    ...(message !== undefined && { resource: { type, message: call.world.messages.wire(message) } }),
  };
}

/** An application's id before the token means an interaction, any other a channel's webhook. */
const ofInteraction = (call: Call<"webhook" | "token">): boolean =>
  call.param("webhook") === call.world.application.id;

function followUp(call: Call<"webhook" | "token">): Answer {
  if (!ofInteraction(call)) return executeWebhook(call);
  const interaction = call.world.interactions.byToken(call.param("token"));
  const form = call.form(WebhookMessageForm);
  const reply = compose(call, interaction.channel, form, REPLY_FLAGS);
  return call.world.messages.wire(call.world.interactions.followUp(interaction, reply, call.arrivedAt));
}

type ForMessage = Call<"webhook" | "token" | "message">;

function read(call: ForMessage): Answer {
  if (!ofInteraction(call)) return webhookMessage.get(call);
  const interaction = call.world.interactions.byToken(call.param("token"));
  return call.world.messages.wire(call.world.interactions.message(interaction, call.param("message")));
}

function edit(call: ForMessage): Answer {
  if (!ofInteraction(call)) return webhookMessage.edit(call);
  const { world } = call;
  const interaction = world.interactions.byToken(call.param("token"));
  const message = world.interactions.message(interaction, call.param("message"));
  const change = composeChange(call, interaction.channel, message, call.form(EditForm));
  world.interactions.edit(interaction, message, change, call.arrivedAt);
  return world.messages.wire(message);
}

function remove(call: ForMessage): Answer {
  if (!ofInteraction(call)) return webhookMessage.delete(call);
  const { world } = call;
  const interaction = world.interactions.byToken(call.param("token"));
  const message = world.interactions.message(interaction, call.param("message"));
  const foreign = message.ephemeralFor === null && message.author.id !== world.bot.id;
  if (message === interaction.source && foreign) throw missingPermissions();
  world.interactions.delete(interaction, message, call.arrivedAt);
  return undefined;
}

const WRITES = { open: true, limit: { requests: 5, perMs: 2_000 } } as const;

export const interactionRoutes = [
  route("POST /interactions/:interaction/:token/callback", callback, { open: true, limit: "none" }),
  route("POST /webhooks/:webhook/:token", followUp, WRITES),
  route("GET /webhooks/:webhook/:token/messages/:message", read, { open: true }),
  route("PATCH /webhooks/:webhook/:token/messages/:message", edit, WRITES),
  route("DELETE /webhooks/:webhook/:token/messages/:message", remove, { open: true }),
];
