import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { schemas } from "../contract/methods.js";
import type { Method, Result } from "../contract/methods.js";
import { readBytes } from "../rest/body.js";
import { handlers } from "./handlers.js";
import type { Handlers, Parts } from "./handlers.js";
import { stream } from "./stream.js";

/** The driver's side: `POST /_sandbox/<method>` with the arguments as JSON. */
export class Control {
  private readonly handlers: Handlers;

  constructor(private readonly parts: Parts) {
    this.handlers = handlers(parts);
  }

  async handle(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
    // No page of another site may drive it.
    const { origin, host } = request.headers;
    if (origin !== undefined && origin !== `http://${host ?? ""}`) {
      response.writeHead(403);
      response.end();
      return;
    }
    if (method === "stream") {
      stream(this.parts, request, response);
      return;
    }
    let answer: { ok: true; value: unknown } | { ok: false; error: string };
    try {
      const bytes = await readBytes(request);
      const args: unknown = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
      if (!isMethod(method)) throw new Error(`The control API has no method ${method}`);
      answer = { ok: true, value: await this.call(method, args) };
    } catch (error) {
      answer = {
        ok: false,
        error:
          error instanceof z.ZodError
            ? `${method}: ${z.prettifyError(error)}`
            : error instanceof Error
              ? error.message
              : String(error),
      };
    }
    const text = JSON.stringify(answer);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
    });
    response.end(text);
  }

  /** Generic, so that handler and schema are those of one method. */
  private call<M extends Method>(method: M, args: unknown): Result<M> | Promise<Result<M>> {
    return this.handlers[method](schemas[method].args.parse(args));
  }
}

function isMethod(name: string): name is Method {
  return Object.hasOwn(schemas, name);
}
