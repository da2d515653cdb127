import { IncomingMessage, Server, ServerResponse, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import { ALWAYS, DEFAULTS } from "./SecurityHeaders.js";
import { Turns } from "./Turns.js";

/** Milliseconds; what a client may take before it is not waited for any longer. */
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  /** Longer than a proxy keeps a connection (nginx: 60 s), so that it never sends into one that is being closed. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at. */
  connectionsCheckingInterval: 2_000,
};

/** A connection on which nothing moves for so long is closed; a stream of events says something more often. */
const SILENCE_MS = 120_000;
const MOST_CONNECTIONS = 2_000;
const MOST_HEADER_BYTES = 16 * 1024;

const TURN_MS = 1.5;
const MOST_WAITING = 1_024;

/** Asked by those who decide whether the bot is alive: never behind the rush that they ask about. */
const URGENT = /^\/(health|ready)\b/;

/** A refusal of the listener itself, in the words that the API uses (`http/api/Errors.ts`). */
interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

const overloaded: Refusal = {
  status: 503,
  body: { _tag: "Overloaded", problem: "Too many requests wait already." },
};
const stopping: Refusal = {
  status: 503,
  body: { _tag: "Overloaded", problem: "The server is being restarted." },
};
const unreadable = (status: number, problem: string): Refusal => ({
  status,
  body: { _tag: "BadRequest", problem },
});

const written = ({ status, body }: Refusal) => {
  const text = JSON.stringify(body);
  const headers = {
    ...DEFAULTS,
    ...ALWAYS,
    "content-type": "application/json",
    "content-length": `${Buffer.byteLength(text)}`,
    connection: "close",
    ...(status === 503 && { "retry-after": "10" }),
  };
  return { text, headers };
};

const refuse = (response: ServerResponse, refusal: Refusal): void => {
  const { text, headers } = written(refusal);
  response.writeHead(refusal.status, headers).end(text);
};

/** The same for what never became a request. */
const raw = (refusal: Refusal): string => {
  const { text, headers } = written(refusal);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`, ...lines, "", text].join(
    "\r\n",
  );
};

const refusalFor = (error: Error): Refusal => {
  switch ("code" in error ? error.code : undefined) {
    case "HPE_HEADER_OVERFLOW":
      return unreadable(431, `The headers are longer than ${MOST_HEADER_BYTES} bytes.`);
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return unreadable(413, "The extensions of a chunk are too long.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return unreadable(408, "The request took too long to arrive.");
    default:
      return unreadable(400, "It is not HTTP as it should be.");
  }
};

type Exchange = readonly [IncomingMessage, ServerResponse];

const isExchange = (args: ReadonlyArray<unknown>): args is Exchange =>
  args[0] instanceof IncomingMessage && args[1] instanceof ServerResponse;

/** Node's server with patience that ends, which hands on requests in turns (`Turns`). */
export class Listener extends Server {
  readonly #turns = new Turns<Exchange>({
    turnMs: TURN_MS,
    most: MOST_WAITING,
    run: ([request, response]) => {
      // Whoever has gone meanwhile is not answered.
      if (!response.destroyed && !super.emit("request", request, response)) refuse(response, stopping);
    },
  });
  /** What each connection is being answered. */
  readonly #answers = new WeakMap<object, ServerResponse>();

  constructor(patience = PATIENCE) {
    super({ ...patience, maxHeaderSize: MOST_HEADER_BYTES });
    this.maxConnections = MOST_CONNECTIONS;
    this.timeout = SILENCE_MS;
    this.on("clientError", (error, socket) => {
      const answer = this.#answers.get(socket);
      const begun = answer?.headersSent === true && !answer.writableFinished;
      if (socket.writable && !begun && !("code" in error && error.code === "ECONNRESET")) {
        socket.end(raw(refusalFor(error)), () => socket.destroy());
      } else {
        socket.destroy();
      }
    });
  }

  override emit(event: string, ...args: ReadonlyArray<unknown>): boolean {
    if (event !== "request" || !isExchange(args)) return super.emit(event, ...args);
    const [request, response] = args;
    if (request.socket instanceof Socket) this.#answers.set(request.socket, response);
    if (!this.#turns.offer(args, URGENT.test(request.url ?? ""))) {
      refuse(response, overloaded);
    }
    return true;
  }

  /** Nobody here speaks another protocol: whoever asks for an upgrade is answered as if they had not. */
  override listenerCount(event: string | symbol): number {
    return event === "upgrade" ? 0 : super.listenerCount(event);
  }

  /** What waits is handed on before the last one who listens leaves. */
  override off(...of: Parameters<Server["off"]>): this {
    this.#turns.drain();
    return super.off(...of);
  }
}
