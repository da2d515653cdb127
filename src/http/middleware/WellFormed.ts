import { type HttpApp, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect } from "effect";
import { LengthRequired, MethodNotAllowed, PayloadTooLarge, UnsupportedMediaType } from "../api/Errors.js";
import { Asked } from "./Asked.js";
import { allowed, type Route } from "./Routes.js";
import { told } from "./Told.js";

type Response = HttpServerResponse.HttpServerResponse;

/** The longest body that is read. */
export const MOST_BYTES = 64 * 1024;

/** Whoever is refused before the end of the body has been read is not listened to any longer. */
const closing = HttpServerResponse.setHeader("connection", "close");

const methodNotAllowed = told(MethodNotAllowed)(new MethodNotAllowed());
const lengthRequired = closing(told(LengthRequired)(new LengthRequired()));
const tooLarge = closing(told(PayloadTooLarge)(new PayloadTooLarge({ mostBytes: MOST_BYTES })));
const unsupported = closing(told(UnsupportedMediaType)(new UnsupportedMediaType()));

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

const refusedMethod = (route: Route | undefined, method: string): Response | undefined => {
  if (route === undefined || route.methods.has(method)) return undefined;
  if (method === "HEAD" && route.methods.has("GET")) return undefined;
  const answer = method === "OPTIONS" ? HttpServerResponse.empty() : methodNotAllowed;
  return HttpServerResponse.setHeader(answer, "allow", allowed(route));
};

/** Whatever has a body is told apart here, before a byte of it is read. */
const refusedBody = ({ headers }: HttpServerRequest.HttpServerRequest): Response | undefined => {
  if (headers["transfer-encoding"] !== undefined) return lengthRequired;
  const length = Number(headers["content-length"] ?? 0);
  if (length === 0) return undefined;
  if (length > MOST_BYTES) return tooLarge;
  const encoding = headers["content-encoding"] ?? "identity";
  return JSON_TYPE.test(headers["content-type"] ?? "") && encoding === "identity" ? undefined : unsupported;
};

/** Answers what no handler should see: methods that an address does not take, and bodies that nobody would read. */
export const wellFormed = <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R | Asked> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const { route } = yield* Asked;
    return refusedMethod(route, request.method) ?? refusedBody(request) ?? (yield* app);
  });
