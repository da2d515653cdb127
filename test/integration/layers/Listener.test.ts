/** The listener on real sockets, with what browsers never send. */
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, assert, describe, it } from "vitest";
import { Listener } from "../../../src/layers/http/Listener.js";

const open: Array<Listener> = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

const listening = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    response.end("fine"),
  patience?: ConstructorParameters<typeof Listener>[0],
): Promise<{ server: Listener; port: number }> => {
  const server = new Listener(patience);
  open.push(server);
  server.on("request", answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
};

/** Everything that comes back until the connection is closed. */
const everything = async (socket: Socket): Promise<string> => {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", () => undefined);
  await once(socket, "close");
  return text;
};

const said = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  socket.write(text);
  return everything(socket);
};

const assertRefused = (answer: string, status: number) => {
  assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
  assert.match(answer, /\r\nx-content-type-options: nosniff\r\n/i);
  assert.match(answer, /\r\ncontent-security-policy: default-src 'none'/i);
  const [, body = ""] = answer.split("\r\n\r\n");
  assert.hasAllKeys(JSON.parse(body), ["_tag", "problem"]);
};

describe("what is no request", () => {
  it("is refused in the words of the API, with the headers of every answer", async () => {
    const { port } = await listening();
    assertRefused(await said(port, "HELLO\r\n\r\n"), 400);
    assertRefused(await said(port, "GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n"), 400);
    assertRefused(await said(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`), 431);
    // Two lengths: the way in for request smuggling.
    const smuggled =
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assertRefused(await said(port, smuggled), 400);
  });

  it("is not waited for without end: headers that trickle in, and bodies", async () => {
    const patience = {
      headersTimeout: 50,
      requestTimeout: 100,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 20,
    };
    const { port } = await listening((request) => request.resume(), patience);
    assertRefused(await said(port, "GET / HTTP/1.1\r\nhost: a\r\n"), 408);
    assertRefused(await said(port, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nslow"), 408);
  });
});

describe("a request", () => {
  it("that asks for another protocol is answered in this one", async () => {
    const { port } = await listening();
    const answer = await said(
      port,
      "GET / HTTP/1.1\r\nhost: a\r\nconnection: close, upgrade\r\nupgrade: websocket\r\n\r\n",
    );
    assert.match(answer, /^HTTP\/1.1 200 /);
  });

  it("beyond what may wait is told to come back; health has room of its own", async () => {
    const answered: Array<string> = [];
    const { port } = await listening((request, response) => {
      answered.push(request.url ?? "");
      response.end("fine");
    });
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
    // One connection, one packet: all of it is there before the first turn.
    const rush = await said(port, get("/").repeat(1_000) + get("/health") + get("/").repeat(30));
    assert.deepStrictEqual([answered.length, answered[0]], [1_025, "/health"]);
    const statuses = [...rush.matchAll(/HTTP\/1.1 (\d+) /g)].map(([, status]) => status);
    assert.deepStrictEqual([statuses.length, statuses.at(-2), statuses.at(-1)], [1_026, "200", "503"]);
  });

  it("that waits when the server stops is answered all the same", async () => {
    const answered: Array<string> = [];
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      answered.push(request.url ?? "");
      response.end("fine");
    };
    const { server, port } = await listening(answer);
    const socket = connect(port, "127.0.0.1");
    const all = everything(socket);
    // The listener leaves after the request has been read, and before its turn.
    server.once("connection", (its: Socket) =>
      its.prependListener("data", () => process.nextTick(() => server.off("request", answer))),
    );
    socket.write("GET /waits HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert.match(await all, /^HTTP\/1.1 200 /);
    assert.deepStrictEqual(answered, ["/waits"]);
  });

  it("that comes after it has stopped is told to come back", async () => {
    const { server, port } = await listening();
    server.removeAllListeners("request");
    const answer = await said(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assertRefused(answer, 503);
    assert.match(answer, /\r\nretry-after: 10\r\n/i);
  });
});
