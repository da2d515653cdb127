import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Checker } from "../checks/Checker.js";
import type { Fault } from "../contract/log.js";
import { ApiError, invalidForm, unauthorized } from "../errors.js";
import type { Violations } from "../Violations.js";
import type { Grant } from "../world/Grants.js";
import type { World } from "../world/World.js";
import { NO_BODY, readBody, type Body } from "./body.js";
import { Faults, type Planned } from "./Faults.js";
import { parseForm } from "./forms/kit.js";
import type { RateLimits, Refusal } from "./RateLimits.js";
import { RequestLog } from "./RequestLog.js";
import type { Match, Route, Router } from "./router.js";
import { uncovered, uncoveredOperation } from "./uncovered.js";

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
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
  ): Promise<void> {
    const at = performance.now();
    const method = request.method ?? "GET";
    const match = this.router.match(method, path);
    const route = match?.route.name ?? "unknown";
    const fault = this.faults.take(method, route, path);
    let body: Body = NO_BODY;
    let outcome: Outcome | "drop";
    try {
      body = await readBody(request);
      const wait = this.latencyMs / 2 + fault.delayMs;
      if (wait > 0) await sleep(wait);
      outcome = this.refusedBefore(fault) ?? this.answer(request, match, method, path, query, body, at);
      if (fault.after !== undefined) outcome = faulty(fault.after);
    } catch (error) {
      outcome = this.failure(error);
    }
    if (this.latencyMs > 0) await sleep(this.latencyMs / 2);
    if (outcome === "drop") request.socket.destroy();
    else write(response, outcome);

    const reason = request.headers["x-audit-log-reason"];
    this.log.add({
      at,
      method,
      route,
      path,
      status: outcome === "drop" ? 0 : outcome.status,
      ms: performance.now() - at,
      body: body.json,
      ...(outcome !== "drop" && outcome.code !== undefined && { code: outcome.code }),
      ...(typeof reason === "string" && { reason: decode(reason) }),
    });
  }

  /** A page of Discord's is in the same weather as its API. @returns whether the request was answered with a fault. */
  async weathered(request: IncomingMessage, response: ServerResponse, route: string): Promise<boolean> {
    const { delayMs, before, after } = this.faults.take(request.method ?? "GET", route, route);
    const wait = this.latencyMs + delayMs;
    if (wait > 0) await sleep(wait);
    const outcome = this.refusedBefore({ before: before ?? after });
    if (outcome === undefined) return false;
    if (outcome === "drop") request.socket.destroy();
    else write(response, outcome);
    return true;
  }

  /** What an outage or a fault does instead of the request. */
  private refusedBefore({ before }: Pick<Planned, "before">): Outcome | "drop" | undefined {
    if (this.faults.outage === "drop") return "drop";
    if (this.faults.outage === "status503") return faulty({ kind: "status", status: 503 });
    return before === undefined ? undefined : faulty(before);
  }

  private answer(
    request: IncomingMessage,
    match: Match | undefined,
    method: string,
    path: string,
    query: string,
    body: Body,
    arrivedAt: number,
  ): Outcome {
    if (match === undefined) {
      const operation = uncoveredOperation(method, path);
      const message =
        operation === undefined
          ? `The sandbox does not know ${method} ${path}`
          : `The sandbox does not cover ${operation}: ${uncovered.get(operation) ?? ""}`;
      this.violations.add({
        kind: "unknown_route",
        method,
        route: operation ?? path,
        path: "",
        message,
      });
      return { status: 501, body: { message, code: 0 } };
    }
    const { route } = match;
    const { authorization } = request.headers;
    const grant = this.grantFor(route, authorization);
    if (!route.open && grant === null && authorization !== `Bot ${this.world.application.token}`)
      return this.failure(unauthorized());
    const { headers, refusal } = this.limits.take(match);
    if (refusal !== undefined) return rateLimited(refusal, headers);
    const form = route.encoded && !body.encoded ? undefined : body.json;
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
        body: form,
        files: body.files,
        reason,
        authorization,
        grant,
        arrivedAt,
        form: (schema) =>
          parseForm(schema, form ?? {}, (field) => {
            this.violations.add({
              kind: "unknown_field",
              method,
              route: route.name,
              path: field,
              message: "Discord does not know this field here",
            });
          }),
      });
      const outcome = { status: answer === undefined ? 204 : route.status, body: answer, headers };
      this.checker?.check(route, form, outcome.status, answer);
      return outcome;
    } catch (error) {
      const outcome = { ...this.failure(error), headers };
      this.checker?.check(route, undefined, outcome.status, outcome.body);
      return outcome;
    }
  }

  /** What a person's token allows on this route, or null. */
  private grantFor({ bearer }: Route, authorization: string | undefined): Grant | null {
    const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
    if (bearer === undefined || token === undefined) return null;
    const grant = this.world.grants.find(token);
    return grant === undefined || (bearer !== "" && !grant.scopes.includes(bearer)) ? null : grant;
  }

  private failure(error: unknown): Outcome {
    if (error instanceof ApiError) return { status: error.status, body: error.toJSON(), code: error.code };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.violations.add({ kind: "answer", method: "", route: "sandbox", path: "", message });
    return { status: 500, body: { message: `The sandbox failed: ${message}`, code: 0 } };
  }
}

function faulty(effect: Fault["effect"]): Outcome | "drop" {
  switch (effect.kind) {
    case "drop":
      return "drop";
    case "rateLimit":
      return rateLimited({ retryAfterMs: effect.retryAfterMs, global: effect.global ?? false }, {});
    case "status":
      return {
        status: effect.status,
        body: { message: `${effect.status}: ${STATUS_CODES[effect.status] ?? "Error"}`, code: 0 },
        code: 0,
      };
    case "delay":
      return { status: 500, body: { message: "A delay is no answer", code: 0 } };
  }
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
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

function decode(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
