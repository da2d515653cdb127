/** Google Vision's annotate call, as far as SafeSearch: answers as they were set, and its errors. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { SafeSearch, VisionFault, VisionRequest, VisionRule } from "../contract/vision.js";
import { readBytes } from "../rest/body.js";
import type { Violations } from "../Violations.js";

const MAX_IMAGES = 16;
const KEPT = 1_000;
const FORMATS = [/^\x89PNG/, /^\xff\xd8\xff/, /^GIF8/, /^RIFF[^]{4}WEBP/, /^BM/];
const HARMLESS: SafeSearch = {
  adult: "VERY_UNLIKELY",
  spoof: "VERY_UNLIKELY",
  medical: "VERY_UNLIKELY",
  violence: "VERY_UNLIKELY",
  racy: "VERY_UNLIKELY",
};

const Batch = z.object({
  requests: z.array(
    z.object({
      image: z.object({
        content: z.string().optional(),
        source: z.object({ imageUri: z.string().optional(), gcsImageUri: z.string().optional() }).optional(),
      }),
      features: z.array(z.object({ type: z.string(), maxResults: z.number().optional() })),
    }),
  ),
});
type ImageRequest = z.output<typeof Batch>["requests"][number];

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly seen?: Pick<VisionRequest, "images" | "features">;
}

export class Vision {
  private rules: { readonly rule: VisionRule; left: number }[] = [];
  readonly requests: VisionRequest[] = [];
  fault: VisionFault = { delayMs: 0, status: 200 };

  constructor(private readonly violations: Violations) {}

  add(rule: VisionRule): void {
    this.rules.unshift({ rule, left: rule.times ?? Infinity });
  }

  /** No rules, no faults, nothing remembered. */
  reset(): void {
    this.rules = [];
    this.requests.length = 0;
    this.fault = { delayMs: 0, status: 200 };
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const bytes = await readBytes(request).catch(() => undefined);
    const { delayMs, status } = this.fault;
    if (delayMs > 0) await sleep(delayMs);
    const answer = status === 200 ? this.answer(request, bytes) : refusal(status, "A fault was asked for");
    this.requests.push({ at, status: answer.status, images: [], features: [], ...answer.seen });
    if (this.requests.length > KEPT) this.requests.shift();
    response.writeHead(answer.status, { "Content-Type": "application/json; charset=UTF-8" });
    response.end(JSON.stringify(answer.body));
  }

  private answer(request: IncomingMessage, bytes: Buffer | undefined): Answer {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const { authorization, "x-goog-api-key": key } = request.headers;
    const signed =
      searchParams.has("key") || key !== undefined || authorization?.startsWith("Bearer ") === true;
    if (!signed) return refusal(403, "Method doesn't allow unregistered callers.");
    const batch = Batch.safeParse(parse(bytes));
    if (!batch.success) return refusal(400, "Invalid JSON payload received.");
    const { requests } = batch.data;
    if (requests.length === 0 || requests.length > MAX_IMAGES)
      return refusal(400, `A batch has 1 to ${MAX_IMAGES} images.`);
    return {
      status: 200,
      body: { responses: requests.map((one) => this.annotate(one)) },
      seen: {
        images: requests.map((one) => nameOf(one)),
        features: requests.flatMap(({ features }) => features.map(({ type }) => type)),
      },
    };
  }

  private annotate(request: ImageRequest): object {
    const { content } = request.image;
    for (const { type } of request.features) {
      if (type === "SAFE_SEARCH_DETECTION") continue;
      this.violations.add({
        kind: "unknown_field",
        method: "POST",
        route: "/v1/images:annotate",
        path: "features.type",
        message: `${type} is not covered`,
      });
    }
    if (content !== undefined && !isPicture(content))
      return { error: { code: 3, message: "Bad image data." } };
    if (content === undefined && nameOf(request) === "")
      return { error: { code: 3, message: "No image present." } };
    const found = this.rules.find(
      ({ rule, left }) => left > 0 && (rule.image === undefined || nameOf(request).includes(rule.image)),
    );
    if (found === undefined) return { safeSearchAnnotation: HARMLESS };
    found.left--;
    const { answer } = found.rule;
    if ("error" in answer) return { error: { code: 14, message: answer.error } };
    return { safeSearchAnnotation: { ...HARMLESS, ...answer } };
  }
}

function nameOf({ image: { content, source } }: ImageRequest): string {
  if (content === undefined) return source?.imageUri ?? source?.gcsImageUri ?? "";
  return createHash("sha256").update(Buffer.from(content, "base64")).digest("hex");
}

function isPicture(base64: string): boolean {
  const head = Buffer.from(base64.slice(0, 32), "base64").toString("latin1");
  return FORMATS.some((format) => format.test(head));
}

const STATUSES = new Map([
  [400, "INVALID_ARGUMENT"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [429, "RESOURCE_EXHAUSTED"],
  [500, "INTERNAL"],
  [503, "UNAVAILABLE"],
  [504, "DEADLINE_EXCEEDED"],
]);

function refusal(status: number, message: string): Answer {
  return { status, body: { error: { code: status, message, status: STATUSES.get(status) ?? "UNKNOWN" } } };
}

function parse(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString() ?? "");
  } catch {
    return undefined;
  }
}
