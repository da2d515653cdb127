import { unknownWebhook } from "../errors.js";
import { Intent } from "./dispatch.js";
import type { Channel, User, Webhook } from "./state.js";
import { webhookWire } from "./wire.js";
import type { World } from "./World.js";

/** The incoming webhooks of all channels. */
export class Webhooks {
  readonly all = new Map<string, Webhook>();

  constructor(private readonly world: World) {}

  get(id: string, token?: string): Webhook {
    const webhook = this.all.get(id);
    if (webhook === undefined || (token !== undefined && webhook.token !== token)) throw unknownWebhook();
    return webhook;
  }

  create(channel: Channel, creator: User, name: string, avatar: string | null): Webhook {
    const id = this.world.ids.next();
    const webhook: Webhook = {
      id,
      guildId: channel.guildId ?? "",
      channelId: channel.id,
      creatorId: creator.id,
      // As long as Discord's, and the same in every run.
      token: Buffer.from(`webhook:${id}`.padEnd(51, ".")).toString("base64url"),
      name,
      avatar,
    };
    this.all.set(id, webhook);
    this.changed(webhook);
    return webhook;
  }

  update(webhook: Webhook, change: Partial<Pick<Webhook, "name" | "avatar" | "channelId">>): void {
    Object.assign(webhook, change);
    this.changed(webhook);
  }

  delete(webhook: Webhook): void {
    this.all.delete(webhook.id);
    this.changed(webhook);
  }

  of(where: { readonly channelId?: string; readonly guildId?: string }): Webhook[] {
    return [...this.all.values()].filter(
      (one) =>
        (where.channelId === undefined || one.channelId === where.channelId) &&
        (where.guildId === undefined || one.guildId === where.guildId),
    );
  }

  wire(webhook: Webhook) {
    return webhookWire(webhook, this.world.user(webhook.creatorId), this.world.apiBase);
  }

  private changed(webhook: Webhook): void {
    this.world.record({ event: "webhooks_changed", guildId: webhook.guildId, channelId: webhook.channelId });
    this.world.emit({
      event: "WEBHOOKS_UPDATE",
      intents: Intent.guildWebhooks,
      guildId: webhook.guildId,
      data: () => ({ guild_id: webhook.guildId, channel_id: webhook.channelId }),
    });
  }
}
