import type { IncomingMessage, ServerResponse } from "node:http";
import type { Parts } from "./handlers.js";

const KEEP_ALIVE_MS = 15_000;

/** `GET /_sandbox/stream?since=SEQ`: what happens, as it happens, as server-sent events. */
export function stream(
  { world, rest, violations }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const last = request.headers["last-event-id"];
  const since = typeof last === "string" ? last : query.get("since");
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  const send = (event: string, data: object, id?: number): void => {
    response.write(
      `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
  };
  send("hello", { lastEvent: world.log.seq, lastRequest: rest.log.seq });
  if (since !== null) {
    for (const event of world.log.find({ since: Number(since) })) send("world", event, event.seq);
  }
  const stops = [
    world.log.subscribe((event) => send("world", event, event.seq)),
    rest.log.subscribe((record) => send("request", record)),
    violations.subscribe((violation) => send("violation", violation)),
  ];
  const beat = setInterval(() => response.write(": still here\n\n"), KEEP_ALIVE_MS);
  response.on("close", () => {
    clearInterval(beat);
    for (const stop of stops) stop();
  });
}
