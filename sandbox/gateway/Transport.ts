import { createDeflate, deflateSync, constants } from "node:zlib";
import type { Deflate } from "node:zlib";
import { WebSocket } from "ws";

const END_OF_MESSAGE = Buffer.from([0, 0, 0xff, 0xff]);

/** One socket and its way of compressing: none, each payload by itself, or all as one zlib stream. */
export class Transport {
  /** Asked for with IDENTIFY. */
  compressPayloads = false;
  private readonly stream: Deflate | null;
  private pending: Buffer[] = [];

  constructor(
    private readonly socket: WebSocket,
    zlibStream: boolean,
  ) {
    this.stream = zlibStream ? createDeflate() : null;
    this.stream?.on("data", (chunk: Buffer) => {
      this.pending.push(chunk);
      if (!chunk.subarray(-4).equals(END_OF_MESSAGE)) return;
      if (this.open) socket.send(Buffer.concat(this.pending));
      this.pending = [];
    });
    socket.on("close", () => this.stream?.destroy());
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (!this.open) return;
    if (this.stream !== null) {
      this.stream.write(text);
      this.stream.flush(constants.Z_SYNC_FLUSH);
    } else {
      this.socket.send(this.compressPayloads ? deflateSync(text) : text);
    }
  }

  close(code: number, why: string): void {
    this.socket.close(code, why);
  }

  /** As a broken network does. */
  terminate(): void {
    this.socket.terminate();
  }
}
