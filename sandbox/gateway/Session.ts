import { randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";
import { WebSocket } from "ws";
import { Intent } from "../world/dispatch.js";
import type { Dispatch } from "../world/dispatch.js";
import { Opcode } from "./payloads.js";

/** Events kept for a resume. */
const KEPT = 5_000;

/** One identified session: it outlives its socket, so that the client can resume it. */
export class Session {
  readonly id = randomUUID().replaceAll("-", "");
  seq = 0;
  resumes = 0;
  socket: WebSocket | null = null;
  compressed = false;
  endsAt: number | null = null;
  private readonly sentEvents: { readonly seq: number; readonly text: string }[] = [];

  constructor(
    readonly intents: number,
    private readonly botId: string,
  ) {}

  hears(dispatch: Dispatch): boolean {
    return dispatch.intents === 0 || (dispatch.intents & this.intents) !== 0;
  }

  dispatch(event: string, data: object): void {
    const text = JSON.stringify({
      op: Opcode.dispatch,
      t: event,
      s: ++this.seq,
      d: this.withoutContent(event, data),
    });
    this.sentEvents.push({ seq: this.seq, text });
    if (this.sentEvents.length > KEPT * 1.2) this.sentEvents.splice(0, this.sentEvents.length - KEPT);
    this.sendText(text);
  }

  send(op: number, d: unknown): void {
    this.sendText(JSON.stringify({ op, d, s: null, t: null }));
  }

  /** Sends again what came after `seq`; false when that is no longer known. */
  replay(seq: number): boolean {
    const oldest = this.sentEvents[0]?.seq ?? this.seq + 1;
    if (seq > this.seq || seq < oldest - 1) return false;
    for (const event of this.sentEvents) if (event.seq > seq) this.sendText(event.text);
    return true;
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  private sendText(text: string): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(this.compressed ? deflateSync(text) : text);
  }

  /** Without the intent, only the bot's own messages, direct ones and those that mention it keep their content. */
  private withoutContent(event: string, data: object): object {
    if (
      (this.intents & Intent.messageContent) !== 0 ||
      (event !== "MESSAGE_CREATE" && event !== "MESSAGE_UPDATE")
    )
      return data;
    if (!("guild_id" in data) || ("author" in data && hasId(data.author, this.botId))) return data;
    if (
      "mentions" in data &&
      Array.isArray(data.mentions) &&
      data.mentions.some((user) => hasId(user, this.botId))
    )
      return data;
    return { ...data, content: "", embeds: [], attachments: [], components: [] };
  }
}

function hasId(value: unknown, id: string): boolean {
  return typeof value === "object" && value !== null && "id" in value && value.id === id;
}
