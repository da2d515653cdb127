import type { Message } from "./state.js";

const IN_FORCE_MS = 5 * 60_000;
const KEPT = 50_000;

/** Which message an enforced nonce stands for, for a few minutes. */
export class Nonces {
  private readonly messages = new Map<string, Message>();

  constructor(private readonly now: () => number) {}

  find(channelId: string, authorId: string, nonce: string | number): Message | undefined {
    const message = this.messages.get(`${channelId}:${authorId}:${nonce}`);
    return message !== undefined && this.isInForce(message) ? message : undefined;
  }

  remember(nonce: string | number, message: Message): void {
    const key = `${message.channelId}:${message.author.id}:${nonce}`;
    this.messages.delete(key);
    this.messages.set(key, message);
    // The oldest come first, so this ends at the first one still in force.
    for (const [old, kept] of this.messages) {
      if (this.isInForce(kept) && this.messages.size <= KEPT) break;
      this.messages.delete(old);
    }
  }

  private isInForce(message: Message): boolean {
    return this.now() - message.createdAt < IN_FORCE_MS;
  }
}
