/** Requests as nobody sends them by hand, made from the server's own OpenAPI document: nearly right, and wrong in every way. */
import { FastCheck as fc, Schema } from "effect";
import { hostileText } from "./fixtures-text.js";

const Any = Schema.Record({ key: Schema.String, value: Schema.Unknown });
const Parameter = Schema.Struct({
  name: Schema.String,
  in: Schema.Literal("path", "query", "header", "cookie"),
  schema: Any,
});
const Operation = Schema.Struct({
  parameters: Schema.optionalWith(Schema.Array(Parameter), { default: () => [] }),
  requestBody: Schema.optional(
    Schema.Struct({
      content: Schema.Record({ key: Schema.String, value: Schema.Struct({ schema: Any }) }),
    }),
  ),
});
const METHODS = ["get", "post", "put", "patch", "delete"] as const;
const Document = Schema.Struct({
  paths: Schema.Record({
    key: Schema.String,
    value: Schema.Struct({
      get: Schema.optional(Operation),
      post: Schema.optional(Operation),
      put: Schema.optional(Operation),
      patch: Schema.optional(Operation),
      delete: Schema.optional(Operation),
    }),
  }),
  components: Schema.Struct({ schemas: Schema.Record({ key: Schema.String, value: Any }) }),
});
type Document = typeof Document.Type;
type JsonSchema = typeof Any.Type;

export const readDocument = Schema.decodeUnknownSync(Document);

/** What values of a certain name are worth aiming with: ids that exist, the right password. */
export type Aims = Readonly<Record<string, ReadonlyArray<string>>>;

export interface FuzzedRequest {
  readonly method: string;
  /** As the document writes it, without values. */
  readonly route: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const isSchema = Schema.is(Any);
const asSchemas = (value: unknown): ReadonlyArray<JsonSchema> =>
  Array.isArray(value) ? value.filter(isSchema) : [];

/** Values as a schema describes them, some of them not. */
const valuesOf = (document: Document, aims: Aims) => {
  const good = (schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> => {
    const {
      $ref,
      enum: choices,
      const: only,
      type,
      pattern,
      minLength,
      maxLength,
      minimum,
      maximum,
    } = schema;
    const aimed = aims[name];
    if (aimed !== undefined && aimed.length > 0) return fc.constantFrom(...aimed);
    if (typeof $ref === "string") {
      const named = document.components.schemas[$ref.split("/").at(-1) ?? ""];
      return named === undefined || depth > 6 ? fc.constant(null) : good(named, name, depth + 1);
    }
    if (Array.isArray(choices) && choices.length > 0) {
      return fc.nat(choices.length - 1).map((n): unknown => choices[n]);
    }
    if (only !== undefined) return fc.constant(only);
    const either = [...asSchemas(schema["anyOf"]), ...asSchemas(schema["oneOf"])];
    if (either.length > 0) return fc.oneof(...either.map((one) => value(one, name, depth + 1)));
    switch (type) {
      case "string":
        return typeof pattern === "string"
          ? fc.stringMatching(new RegExp(pattern))
          : fc.string({
              minLength: typeof minLength === "number" ? minLength : 0,
              maxLength: Math.min(typeof maxLength === "number" ? maxLength : 40, 2_000),
            });
      case "integer":
      case "number":
        return fc.integer({
          min: typeof minimum === "number" ? minimum : -5,
          max: typeof maximum === "number" ? maximum : 4_000_000_000_000,
        });
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      case "array": {
        const { items } = schema;
        return fc.array(isSchema(items) ? value(items, name, depth + 1) : fc.jsonValue(), { maxLength: 5 });
      }
      case "object": {
        const { properties } = schema;
        if (!isSchema(properties))
          return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue(), { maxKeys: 3 });
        return fc.record(
          Object.fromEntries(
            Object.entries(properties)
              .filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]))
              .map(([key, one]) => [key, value(one, key, depth + 1)]),
          ),
          { requiredKeys: [] },
        );
      }
      default:
        return fc.jsonValue();
    }
  };
  const value = (schema: JsonSchema, name: string, depth = 0): fc.Arbitrary<unknown> =>
    fc.oneof(
      { arbitrary: good(schema, name, depth), weight: 12 },
      { arbitrary: hostileText, weight: 1 },
      { arbitrary: fc.jsonValue(), weight: 1 },
    );
  return value;
};

const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE application; --",
  "../../../../etc/passwd",
  "..%2f..%2f.env",
  "%00",
  "\r\nSet-Cookie: session=stolen",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "eyJpZCI6MX0",
  "-1",
  "1e309",
  "NaN",
  "null",
  "__proto__",
];
// Half a character has no place in an address.
const inAddress = (value: unknown): string =>
  encodeURIComponent(
    (typeof value === "string" ? value : JSON.stringify(value)).replace(/\p{Surrogate}/gu, "?"),
  );

/** One request to any operation of the document but those in `spared`. */
export const anyRequest = (
  document: Document,
  aims: Aims,
  spared: ReadonlySet<string>,
): fc.Arbitrary<FuzzedRequest> => {
  const value = valuesOf(document, aims);
  const operations = Object.entries(document.paths).flatMap(([route, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation === undefined || spared.has(`${method} ${route}`)
        ? []
        : [{ route, method, operation }];
    }),
  );
  const one = ({ route, method, operation }: (typeof operations)[number]): fc.Arbitrary<FuzzedRequest> => {
    const written = (place: (typeof Parameter.Type)["in"]) =>
      fc.record(
        Object.fromEntries(
          operation.parameters
            .filter((parameter) => parameter.in === place)
            .map(({ name, schema }) => [
              name,
              fc.oneof(
                { arbitrary: value(schema, name), weight: 6 },
                { arbitrary: fc.constantFrom(...INJECTIONS), weight: 1 },
              ),
            ]),
        ),
        place === "path" ? {} : { requiredKeys: [] },
      );
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    const json =
      schema === undefined ? fc.constant(undefined) : value(schema, "").map((it) => JSON.stringify(it));
    const body =
      method === "get"
        ? fc.constant(undefined)
        : fc.oneof(
            { arbitrary: json, weight: 9 },
            {
              arbitrary: fc.constantFrom(
                "",
                "{",
                "[]",
                "null",
                '{"__proto__":{"rung":"owner"}}',
                "\u0000",
                "a=b",
              ),
              weight: 1,
            },
          );
    return fc
      .tuple(
        written("path"),
        written("query"),
        body,
        fc.constantFrom(
          "application/json",
          "application/json",
          "application/json",
          "text/plain",
          "application/x-www-form-urlencoded",
          "nonsense",
        ),
      )
      .map(([inPath, query, content, type]) => ({
        method: method.toUpperCase(),
        route,
        path: `${route.replace(/\{([^}]+)\}/g, (_, name: string) => inAddress(inPath[name]))}?${Object.entries(
          query,
        )
          .map(([name, it]) => `${name}=${inAddress(it)}`)
          .join("&")}`,
        headers: content === undefined ? {} : { "content-type": type },
        body: content,
      }));
  };
  return fc.constantFrom(...operations).chain(one);
};
