import type { WireMessage } from "../contract/wire.js";
import type { Control } from "./control.js";
import { renderMessage, renderMessages } from "./render.js";
import { offers } from "./Seat.js";

const WAIT_MS = 5_000;

interface Options {
  readonly timeoutMs?: number;
}

/** What a channel should come to show; rejects, with what stands there, when it does not in time. */
export class Expectation {
  constructor(
    private readonly control: Control,
    private readonly what: string,
    private readonly channelId: string,
    private readonly look: () => Promise<WireMessage[]>,
  ) {}

  /** The newest message with this in its text, embeds or components. */
  toShow(text: string | RegExp, options: Options = {}): Promise<WireMessage> {
    const shows = (message: WireMessage): boolean => {
      const lines = renderMessage(message);
      return typeof text === "string" ? lines.includes(text) : text.test(lines);
    };
    return this.until(shows, `show ${String(text)}`, options);
  }

  /** The newest message with this button or select menu: by label or custom id. */
  toOffer(component: string, options: Options = {}): Promise<WireMessage> {
    return this.until((message) => offers(message, component), `offer '${component}'`, options);
  }

  private async until(
    wanted: (message: WireMessage) => boolean,
    hoped: string,
    { timeoutMs = WAIT_MS }: Options,
  ): Promise<WireMessage> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const { lastEvent } = await this.control.call("stats", {});
      const messages = await this.look();
      const found = [...messages].reverse().find(wanted);
      if (found !== undefined) return found;
      const left = Math.max(0, end - performance.now());
      await this.control
        .call("waitFor", { filter: { channelId: this.channelId, since: lastEvent }, timeoutMs: left })
        .catch((cause: unknown) => {
          throw new Error(
            `Waited ${timeoutMs} ms for ${this.what} to ${hoped}, which has:\n${renderMessages(messages)}`,
            { cause },
          );
        });
    }
  }
}
