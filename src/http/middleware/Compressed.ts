import { type HttpApp, HttpBody, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Option } from "effect";
import { codingFor, compress, WORTH_BYTES } from "../Compression.js";
import { Asked } from "./Asked.js";
import { vary } from "./Headers.js";

/**
 * Compresses the JSON of the API where it pays and the client takes it. Not the pages and `/auth`: they carry the CSRF token,
 * which the length of a compressed answer could give away (https://breachattack.com). Streams are sent as they are.
 */
export const compressed = <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R | Asked> =>
  Effect.gen(function* () {
    const response = yield* app;
    const { body, headers } = response;
    const { route } = yield* Asked;
    if (
      body._tag !== "Uint8Array" ||
      body.contentLength < WORTH_BYTES ||
      headers["content-encoding"] !== undefined ||
      route?.path.startsWith("/api/") !== true
    ) {
      return response;
    }
    const request = yield* HttpServerRequest.HttpServerRequest;
    const coding = codingFor(request.headers["accept-encoding"]);
    const told = HttpServerResponse.setHeader(response, "vary", vary(headers, "Accept-Encoding"));
    if (Option.isNone(coding)) return told;
    return told.pipe(
      HttpServerResponse.setBody(
        HttpBody.uint8Array(yield* compress(body.body, coding.value, "fast"), body.contentType),
      ),
      HttpServerResponse.setHeader("content-encoding", coding.value),
    );
  });
