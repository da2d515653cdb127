import { connect, type Socket } from "node:net";

/** One kept-alive connection, one request at a time: little enough that what is measured is the other side. */
export class HttpSocket {
  private received = "";
  private answered: ((status: number) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      this.look();
    });
  }

  static open(base: string): Promise<HttpSocket> {
    const { hostname, port, host } = new URL(base);
    return new Promise((done, failed) => {
      const socket = connect(Number(port), hostname, () => done(new HttpSocket(socket, host)));
      socket.once("error", failed);
    });
  }

  /** @returns the status. */
  post(path: string, token: string, body: string): Promise<number> {
    const sent = new Promise<number>((done) => (this.answered = done));
    this.socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${this.host}\r\nAuthorization: Bot ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return sent;
  }

  close(): void {
    this.socket.destroy();
  }

  private look(): void {
    const head = this.received.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.received.slice(0, head))?.[1] ?? 0);
    if (this.received.length < head + 4 + length) return;
    const status = Number(this.received.slice(9, 12));
    this.received = this.received.slice(head + 4 + length);
    this.answered?.(status);
  }
}
