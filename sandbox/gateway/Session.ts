import { randomUUID } from "node:crypto";
import { Intent } from "../world/dispatch.js";
import type { Dispatch } from "../world/dispatch.js";
import { Opcode } from "./payloads.js";
import type { Transport } from "./Transport.js";

/** Events kept for a resume. */
const KEPT = 5_000;

export type Shard = readonly [index: number, count: number];

/** Direct messages and what belongs to no guild go to the first shard. */
export function shardOf(guildId: string | null, count: number): number {
  return guildId === null || count === 1 ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

/** One identified session: it outlives its socket, so that the client can resume it. */
export class Session {
  readonly id = randomUUID().replaceAll("-", "");
  seq = 0;
  resumes = 0;
  transport: Transport | null = null;
  endsAt: number | null = null;
  private readonly sentEvents: { readonly seq: number; readonly text: string }[] = [];

  constructor(
    readonly intents: number,
    readonly shard: Shard,
    private readonly botId: string,
  ) {}

  hears(dispatch: Dispatch): boolean {
    return (
      (dispatch.intents === 0 || (dispatch.intents & this.intents) !== 0) && this.serves(dispatch.guildId)
    );
  }

  /** Whether a guild is of this session's shard. */
  serves(guildId: string | null): boolean {
    const [index, count] = this.shard;
    return shardOf(guildId, count) === index;
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
    this.transport?.send(text);
  }

  send(op: number, d: unknown): void {
    this.transport?.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  /** Sends again what came after `seq`; false when that is no longer known. */
  replay(seq: number): boolean {
    const oldest = this.sentEvents[0]?.seq ?? this.seq + 1;
    if (seq < oldest - 1) return false;
    for (const event of this.sentEvents) if (event.seq > seq) this.transport?.send(event.text);
    return true;
  }

  get connected(): boolean {
    return this.transport?.open ?? false;
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
