import { HttpApiSchema, type HttpApp, HttpServerError, HttpServerResponse } from "@effect/platform";
import { Cause, Effect, HashSet, Schema } from "effect";
import { BadRequest, InternalError, NotFound, Overloaded } from "../api/Errors.js";
import { Asked } from "./Asked.js";

/** An error of the contract as the answer that a client is given. */
export const told = <A, I>(schema: Schema.Schema<A, I>) => {
  const encode = Schema.encodeSync(schema);
  const status = HttpApiSchema.getStatusError(schema);
  return (error: A): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.unsafeJson(encode(error), { status });
};

const notFound = told(NotFound)(new NotFound());
const badRequest = told(BadRequest)(
  new BadRequest({ problem: "It is not what its type says, or was cut off." }),
);
const internalError = told(InternalError);
/** 503, with the time after which another try is worth it. */
export const overloaded = (problem: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setHeader(told(Overloaded)(new Overloaded({ problem })), "retry-after", "10");
const stopping = overloaded("The server is being restarted.");

/** What a client is told of a failure that no endpoint speaks of; the cause itself is for the log alone. */
const wordsFor = (status: number, trace: string): HttpServerResponse.HttpServerResponse => {
  if (status === 404) return notFound;
  return status >= 500 ? internalError(new InternalError({ trace })) : badRequest;
};

const clientHasGone = (cause: Cause.Cause<unknown>): boolean =>
  HashSet.has(Cause.interruptors(cause), HttpServerError.clientAbortFiberId);
const nobodyWaits = Effect.failCause(Cause.interrupt(HttpServerError.clientAbortFiberId));

/** Every failure becomes an answer of the contract; only where the client has gone there is none to give. */
export const answered = <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<never, R | Asked> =>
  Effect.catchAllCause(app, (cause) => {
    if (Cause.isInterruptedOnly(cause)) return clientHasGone(cause) ? nobodyWaits : Effect.succeed(stopping);
    return Effect.flatMap(HttpServerError.causeResponse(cause), ([{ status }]) =>
      Effect.zipRight(
        status >= 500 ? Effect.logError("A web request failed", cause) : Effect.void,
        Effect.map(Asked, ({ trace }) => wordsFor(status, trace)),
      ),
    );
  });
