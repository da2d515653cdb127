/** Calls one method of the control API and checks what comes back. */
import { z } from "zod";
import { schemas } from "../contract/methods.js";
import type { Args, Method, Result } from "../contract/methods.js";

const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

export class Control {
  constructor(private readonly url: string) {}

  async call<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
    const response = await fetch(`${this.url}/${method}`, { method: "POST", body: JSON.stringify(args) });
    const answer = Answer.parse(await response.json());
    if (!answer.ok) throw new Error(answer.error);
    return schemas[method].result.parse(answer.value);
  }
}
