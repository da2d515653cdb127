import type { AckType, Choice, Modal } from "../contract/interactions.js";
import {
  alreadyAcknowledged,
  invalidWebhookToken,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from "../errors.js";
import { interactionWire } from "./interactionWire.js";
import {
  InteractionType,
  newInteraction,
  type Interaction,
  type NewInteraction,
  type Reply,
} from "./interactionState.js";
import { EPHEMERAL, LOADING } from "./Messages.js";
import type { Change } from "./Messages.js";
import type { Message } from "./state.js";
import type { World } from "./World.js";

const ANSWER_WITHIN_MS = 3_000;
const TOKEN_MS = 15 * 60_000;
const KEPT = 20_000;

export class Interactions {
  private readonly byId = new Map<string, Interaction>();
  private readonly tokens = new Map<string, Interaction>();
  sent = 0;
  acknowledged = 0;
  failures = 0;
  /** So many of the next interactions reach the bot twice, as after a lost acknowledgement of the gateway. */
  deliverTwice = 0;

  constructor(private readonly world: World) {}

  /** Sends it to the bot, who has three seconds from now. */
  send(fresh: NewInteraction): Interaction {
    const { world } = this;
    const interaction = newInteraction(fresh, world.ids.next(), ++this.sent, world.now());
    const { id } = interaction;
    this.byId.set(id, interaction);
    this.tokens.set(interaction.token, interaction);
    if (this.byId.size > KEPT) this.forgetOldest();
    interaction.timer = setTimeout(() => this.fail(interaction, "no answer within 3 s"), ANSWER_WITHIN_MS);
    this.record("interaction_sent", interaction);
    const delivery = {
      event: "INTERACTION_CREATE",
      intents: 0,
      guildId: interaction.guild?.id ?? null,
      data: () => interactionWire(world, interaction),
    };
    world.emit(delivery);
    if (this.deliverTwice > 0) {
      this.deliverTwice--;
      world.emit(delivery);
    }
    return interaction;
  }

  get(id: string): Interaction | undefined {
    return this.byId.get(id);
  }

  /** The interaction that may still be acknowledged, or what Discord says instead. */
  acknowledgeable(id: string, token: string): Interaction {
    const interaction = this.byId.get(id);
    if (interaction === undefined || interaction.token !== token) throw unknownInteraction();
    if (interaction.ackType !== null) throw alreadyAcknowledged();
    if (interaction.failed !== null || this.world.now() - interaction.createdAt > ANSWER_WITHIN_MS)
      throw unknownInteraction();
    return interaction;
  }

  reply(interaction: Interaction, reply: Reply, arrivedAt: number): Message {
    const ephemeral = ((reply.flags ?? 0) & EPHEMERAL) !== 0;
    interaction.original = this.post(interaction, reply, ephemeral);
    interaction.ephemeral = ephemeral;
    this.acknowledge(interaction, "reply", arrivedAt);
    this.settle(interaction, arrivedAt);
    return interaction.original;
  }

  defer(interaction: Interaction, ephemeral: boolean, arrivedAt: number): Message {
    interaction.original = this.post(
      interaction,
      { flags: LOADING | (ephemeral ? EPHEMERAL : 0) },
      ephemeral,
    );
    interaction.ephemeral = ephemeral;
    this.acknowledge(interaction, "defer", arrivedAt);
    return interaction.original;
  }

  deferUpdate(interaction: Interaction, arrivedAt: number): void {
    interaction.original = interaction.source;
    this.acknowledge(interaction, "deferUpdate", arrivedAt);
  }

  update(interaction: Interaction, change: Change, arrivedAt: number): Message {
    const { source } = interaction;
    if (source === null || !this.exists(source)) throw unknownMessage();
    this.world.messages.edit(this.world.channel(source.channelId), source, change);
    interaction.original = source;
    this.acknowledge(interaction, "update", arrivedAt);
    this.settle(interaction, arrivedAt);
    return source;
  }

  showModal(interaction: Interaction, modal: Omit<Modal, "id">, arrivedAt: number): void {
    interaction.modal = { id: interaction.id, ...modal };
    this.acknowledge(interaction, "modal", arrivedAt);
    this.settle(interaction, arrivedAt);
  }

  choose(interaction: Interaction, choices: Choice[], arrivedAt: number): void {
    interaction.choices = choices;
    this.acknowledge(interaction, "choices", arrivedAt);
    this.settle(interaction, arrivedAt);
  }

  /** The interaction behind a webhook token that is still good. */
  byToken(token: string): Interaction {
    const interaction = this.tokens.get(token);
    if (interaction === undefined) throw unknownWebhook();
    if (this.world.now() - interaction.createdAt > TOKEN_MS) throw invalidWebhookToken();
    if (interaction.ackType === null) throw unknownWebhook();
    return interaction;
  }

  /** `@original` or the id of a message that this interaction wrote. */
  message(interaction: Interaction, id: string): Message {
    const message =
      id === "@original"
        ? interaction.original
        : ([interaction.original, ...interaction.followUps].find((one) => one?.id === id) ?? null);
    if (message === null || !this.exists(message)) throw unknownMessage();
    return message;
  }

  /** The first follow-up to a deferred reply fills that reply in; later ones are messages of their own. */
  followUp(interaction: Interaction, reply: Reply, arrivedAt: number): Message {
    const { original } = interaction;
    if (
      interaction.ackType === "defer" &&
      original !== null &&
      (original.flags & LOADING) !== 0 &&
      this.exists(original)
    ) {
      this.edit(interaction, original, { ...reply, flags: original.flags & ~LOADING }, arrivedAt);
      return original;
    }
    const message = this.post(interaction, reply, ((reply.flags ?? 0) & EPHEMERAL) !== 0);
    interaction.followUps.push(message);
    if (interaction.ackType === "deferUpdate") this.settle(interaction, arrivedAt);
    this.changed(interaction);
    return message;
  }

  edit(interaction: Interaction, message: Message, change: Change, arrivedAt: number): void {
    this.world.messages.edit(this.world.channel(message.channelId), message, change);
    if (message === interaction.original) this.settle(interaction, arrivedAt);
  }

  delete(interaction: Interaction, message: Message, arrivedAt: number): void {
    this.world.messages.delete(this.world.channel(message.channelId), message);
    if (message === interaction.original) this.settle(interaction, arrivedAt);
  }

  /** Deadlines that the clock has jumped over are missed. */
  expire(): void {
    const now = this.world.now();
    for (const interaction of this.byId.values()) {
      if (interaction.ackType === null && now - interaction.createdAt > ANSWER_WITHIN_MS)
        this.fail(interaction, "no answer within 3 s");
    }
  }

  close(): void {
    for (const interaction of this.byId.values())
      if (interaction.timer !== null) clearTimeout(interaction.timer);
    this.byId.clear();
    this.tokens.clear();
  }

  private acknowledge(interaction: Interaction, ackType: AckType, arrivedAt: number): void {
    if (interaction.timer !== null) clearTimeout(interaction.timer);
    interaction.timer = null;
    interaction.ackType = ackType;
    interaction.ackMs = arrivedAt - interaction.sentAt;
    this.acknowledged++;
    this.record("interaction_acknowledged", interaction, ackType);
    this.changed(interaction);
  }

  private settle(interaction: Interaction, arrivedAt: number): void {
    if (interaction.settledMs !== null) return;
    interaction.settledMs = arrivedAt - interaction.sentAt;
    this.changed(interaction);
  }

  private fail(interaction: Interaction, why: string): void {
    if (interaction.ackType !== null || interaction.failed !== null) return;
    if (interaction.timer !== null) clearTimeout(interaction.timer);
    interaction.timer = null;
    interaction.failed = why;
    this.failures++;
    this.record("interaction_failed", interaction, why);
    this.changed(interaction);
  }

  private changed(interaction: Interaction): void {
    for (const wake of [...interaction.waiting]) wake();
  }

  private post(interaction: Interaction, reply: Reply, ephemeral: boolean): Message {
    const { world } = this;
    return world.messages.create(interaction.channel, {
      ...reply,
      author: world.bot,
      type: interaction.type === InteractionType.command ? 20 : reply.replyTo == null ? 0 : 19,
      webhookId: world.application.id,
      interaction: interaction.meta,
      ephemeralFor: ephemeral ? interaction.user.id : null,
    });
  }

  private exists(message: Message): boolean {
    return this.world.channels.all.get(message.channelId)?.messages.get(message.id) === message;
  }

  private record(
    event: "interaction_sent" | "interaction_acknowledged" | "interaction_failed",
    interaction: Interaction,
    text?: string,
  ): void {
    this.world.record({
      event,
      interactionId: interaction.id,
      userId: interaction.user.id,
      channelId: interaction.channel.id,
      ...(interaction.guild !== null && { guildId: interaction.guild.id }),
      ...(text !== undefined && { text }),
    });
  }

  private forgetOldest(): void {
    for (const [id, interaction] of this.byId) {
      if (interaction.timer !== null) continue;
      this.byId.delete(id);
      this.tokens.delete(interaction.token);
      return;
    }
  }
}
