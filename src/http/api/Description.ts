import { HttpApi, OpenApi } from "@effect/platform";
import { Record, Schema } from "effect";
import { VERSION } from "../../domain/Version.js";
import {
  BadRequest,
  InternalError,
  LengthRequired,
  Overloaded,
  PayloadTooLarge,
  TooManyRequests,
  UnsupportedMediaType,
} from "./Errors.js";

const anythingElse = { key: Schema.String, value: Schema.Unknown };
const Operation = Schema.Struct(
  {
    description: Schema.optional(Schema.String),
    responses: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
  },
  anythingElse,
);
const Specification = Schema.Struct(
  {
    paths: Schema.Record({
      key: Schema.String,
      value: Schema.Record({ key: Schema.String, value: Operation }),
    }),
    components: Schema.Struct({}, anythingElse),
  },
  anythingElse,
);
const decode = Schema.decodeUnknownSync(Specification);

const securitySchemes = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-session",
    description:
      "Set by signing in at `/auth`. Over plain http, as while developing, it is called `session`.",
  },
  csrf: {
    type: "apiKey",
    in: "header",
    name: "X-CSRF-Token",
    description: "`csrfToken` of `/auth/me`. Everything but GET and HEAD needs it beside the session.",
  },
};

/** These are about bodies. */
const WITH_BODY = ["411", "413", "415"];

const firstSentence = (text: string): string =>
  text.split(/(?<=[.:;])\s/, 1)[0]?.replace(/[.:;]$/, "") ?? text;

const operationOf = (method: string, { responses, ...operation }: typeof Operation.Type) => {
  const reads = method === "get";
  return {
    ...(operation.description !== undefined && { summary: firstSentence(operation.description) }),
    ...operation,
    responses: reads ? Record.filter(responses, (_, status) => !WITH_BODY.includes(status)) : responses,
    // Whoever is not signed in is told so: an operation that can answer 401 is one that wants a session.
    security: "401" in responses ? [reads ? { session: [] } : { session: [], csrf: [] }] : [],
  };
};

/**
 * Adds how one signs in. The guards are middleware that asks for the cookie by itself, because its name depends on https:
 * so the contract alone says nothing of it.
 */
const withSecurity = (specification: Readonly<Record<string, unknown>>) => {
  const { components, paths, ...rest } = decode(specification);
  return {
    ...rest,
    components: { ...components, securitySchemes },
    paths: Record.map(
      paths,
      Record.map((operation, method) => operationOf(method, operation)),
    ),
  };
};

/** The contract before its groups: what it is, and how any request can be refused. */
export const described = HttpApi.make("pawtropolis")
  .addError(BadRequest)
  .addError(LengthRequired)
  .addError(PayloadTooLarge)
  .addError(UnsupportedMediaType)
  .addError(TooManyRequests)
  .addError(InternalError)
  .addError(Overloaded)
  .annotate(OpenApi.Title, "Pawtropolis")
  .annotate(OpenApi.Version, VERSION)
  .annotate(OpenApi.Servers, [{ url: "/", description: "The server that this comes from." }])
  .annotate(
    OpenApi.Description,
    "What the dashboard is made of. Sign in with a browser at `/auth`; the session is a cookie. Every change sends `csrfToken` of " +
      "`/auth/me` as `X-CSRF-Token`. Every answer says in `RateLimit` how many requests are left, and in `X-Trace-Id` how to find " +
      "it in the log. A failure is JSON with its name in `_tag`.",
  )
  .annotate(OpenApi.Transform, withSecurity);
