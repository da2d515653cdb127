import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Checker } from "../checks/Checker.js";
import { ApiError, invalidForm, unauthorized } from "../errors.js";
import type { Violations } from "../Violations.js";
import type { World } from "../world/World.js";
import { readBody } from "./body.js";
import type { Body } from "./body.js";
import { Faults } from "./Faults.js";
import { parseForm } from "./forms/kit.js";
import type { RateLimits, Refusal } from "./RateLimits.js";
import { RequestLog } from "./RequestLog.js";
import type { Match, Router } from "./router.js";

interface Outcome {
  readonly status: number;
  readonly body: object | undefined;
  readonly code?: number | undefined;
  readonly headers?: Record<string, string>;
}

const MAX_REASON = 512;

/** One request of the bot: find the route, let the faults hit, check token and limits, do it, answer, log. */
export class Rest {
  readonly log = new RequestLog();
  readonly faults = new Faults();
  latencyMs = 0;
  /** Only with `checks`. */
  checker: Checker | undefined;

  constructor(
    private readonly world: World,
    private readonly router: Router,
    readonly limits: RateLimits,
    private readonly violations: Violations,
  ) {}

  /** `path` has no prefix and no query. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void> {
    const arrivedAt = performance.now();
    const method = request.method ?? "GET";
    const match = this.router.match(method, path);
    const name = match?.route.name ?? "unknown";
    const fault = this.faults.take(method, name, path);
    let body: Body = { json: undefined, files: [] };
    let outcome: Outcome;
    try {
      body = await readBody(request);
      const wait = this.latencyMs / 2 + fault.delayMs;
      if (wait > 0) await sleep(wait);
      const early = this.faults.outage === "drop" ? "drop" : fault.before?.kind;
      if (early === "drop") return this.drop(request, { arrivedAt, method, name, path, body: body.json });
      if (this.faults.outage === "status503") outcome = { status: 503, body: { message: "Service Unavailable", code: 0 } };
      else if (fault.before !== undefined) outcome = faulty(fault.before);
      else outcome = this.answer(request, match, method, path, query, body, arrivedAt);
    } catch (error) {
      outcome = this.failure(error);
    }
    if (fault.after?.kind === "drop") return this.drop(request, { arrivedAt, method, name, path, body: body.json });
    if (fault.after !== undefined) outcome = faulty(fault.after);
    if (this.latencyMs > 0) await sleep(this.latencyMs / 2);
    write(response, outcome);
    const reason = request.headers["x-audit-log-reason"];
    this.log.add({
      at: arrivedAt, method, route: name, path, status: outcome.status, ms: performance.now() - arrivedAt, body: body.json,
      ...(outcome.code !== undefined && { code: outcome.code }),
      ...(typeof reason === "string" && { reason: decode(reason) }),
    });
  }

  private answer(
    request: IncomingMessage, match: Match | undefined, method: string, path: string, query: string, body: Body, arrivedAt: number,
  ): Outcome {
    if (match === undefined) {
      this.violations.add({ kind: "unknown_route", method, route: path, path: "", message: `${method} ${path} is not known here` });
      return { status: 501, body: { message: `The sandbox does not know ${method} ${path}`, code: 0 } };
    }
    const { route } = match;
    if (!route.open && request.headers.authorization !== `Bot ${this.world.application.token}`) return this.failure(unauthorized());
    const { headers, refusal } = this.limits.take(match);
    if (refusal !== undefined) return rateLimited(refusal, headers);
    try {
      const given = request.headers["x-audit-log-reason"];
      const reason = typeof given === "string" ? decode(given) : undefined;
      if (reason !== undefined && reason.length > MAX_REASON) {
        throw invalidForm("reason", "BASE_TYPE_MAX_LENGTH", `Must be ${MAX_REASON} or fewer in length.`);
      }
      const answer = route.handle({
        world: this.world,
        param: match.param,
        query: new URLSearchParams(query),
        body: body.json,
        files: body.files,
        reason,
        arrivedAt,
        form: (schema) => parseForm(schema, body.json ?? {}, (field) => {
          this.violations.add({ kind: "unknown_field", method, route: route.name, path: field, message: "Discord does not know this field here" });
        }),
      });
      const outcome = { status: answer === undefined ? 204 : 200, body: answer, headers };
      this.checker?.check(route, body.json, outcome.status, answer);
      return outcome;
    } catch (error) {
      const outcome = { ...this.failure(error), headers };
      this.checker?.check(route, undefined, outcome.status, outcome.body);
      return outcome;
    }
  }

  private failure(error: unknown): Outcome {
    if (error instanceof ApiError) return { status: error.status, body: error.toJSON(), code: error.code };
    const message = error instanceof Error ? error.stack ?? error.message : String(error);
    this.violations.add({ kind: "answer", method: "", route: "sandbox", path: "", message });
    return { status: 500, body: { message: `The sandbox failed: ${message}`, code: 0 } };
  }

  private drop(request: IncomingMessage, seen: { arrivedAt: number; method: string; name: string; path: string; body: unknown }): void {
    request.socket.destroy();
    const { arrivedAt, method, name, path, body } = seen;
    this.log.add({ at: arrivedAt, method, route: name, path, status: 0, ms: performance.now() - arrivedAt, body });
  }
}

function faulty(effect: { kind: "status"; status: number } | { kind: "rateLimit"; retryAfterMs: number; global?: boolean | undefined } | { kind: "drop" } | { kind: "delay" }): Outcome {
  if (effect.kind === "rateLimit") return rateLimited({ retryAfterMs: effect.retryAfterMs, global: effect.global ?? false }, {});
  return { status: effect.kind === "status" ? effect.status : 500, body: { message: "500: Internal Server Error", code: 0 }, code: 0 };
}

function rateLimited({ retryAfterMs, global }: Refusal, headers: Record<string, string>): Outcome {
  const seconds = Math.max(0.001, retryAfterMs / 1_000);
  return {
    status: 429,
    body: { message: "You are being rate limited.", retry_after: Number(seconds.toFixed(3)), global },
    headers: {
      ...headers,
      "Retry-After": String(Math.ceil(seconds)),
      "X-RateLimit-Scope": global ? "global" : "user",
      ...(global && { "X-RateLimit-Global": "true" }),
    },
  };
}

function write(response: ServerResponse, { status, body, headers }: Outcome): void {
  if (body === undefined) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

function decode(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
