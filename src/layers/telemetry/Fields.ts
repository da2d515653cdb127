import { Cause, Chunk, Option, Predicate, Redacted } from "effect";

/*
 * Turns whatever was logged into plain JSON that cannot lie: no secret, no control character that would draw a line of
 * its own or recolour a terminal, nothing endless.
 */

const MAX_TEXT = 8_192;
const MAX_STACK = 16_384;
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;

/** C0 and C1 controls, zero-width characters, line separators, and marks that change the writing direction. */
const UNSAFE = /[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const UNSAFE_BUT_LINES = /(?![\n\t])[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const NAMED = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

const visible = (character: string): string =>
  NAMED.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Shorter values would be found by accident inside ordinary words. */
const SHORTEST_SECRET = 8;

/** A value as it is, and as it looks inside a URL, inside JSON and inside a header. */
const formsOf = (value: string): ReadonlyArray<string> => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
  Buffer.from(value).toString("base64url"),
];

/** Blanks out the given values wherever they stand. */
const scrubber = (secrets: ReadonlyArray<Redacted.Redacted>): ((text: string) => string) => {
  const values = secrets
    .map(Redacted.value)
    .filter((value) => value.length >= SHORTEST_SECRET)
    .flatMap(formsOf)
    .sort((left, right) => right.length - left.length);
  if (values.length === 0) return (text) => text;
  const pattern = new RegExp([...new Set(values)].map(escapeForPattern).join("|"), "g");
  return (text) => text.replace(pattern, "<redacted>");
};

export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [key: string]: Json };

export interface LoggedError {
  readonly [key: string]: Json;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

export interface Fields {
  /** One line of text. */
  readonly line: (text: string) => string;
  /** Text of several lines. */
  readonly lines: (text: string) => string;
  /** Any value, as JSON. */
  readonly json: (value: unknown) => Json;
  readonly error: (error: Error) => LoggedError;
  readonly cause: (cause: Cause.Cause<unknown>) => Option.Option<LoggedError>;
}

const hasToJson = (value: object): value is { toJSON: () => unknown } =>
  "toJSON" in value && typeof value.toJSON === "function";

const tagOf = (value: unknown): Option.Option<string> =>
  Predicate.hasProperty(value, "_tag") && typeof value._tag === "string"
    ? Option.some(value._tag)
    : Option.none();

export const make = (secrets: ReadonlyArray<Redacted.Redacted> = []): Fields => {
  const scrub = scrubber(secrets);
  const line = (text: string): string => cut(scrub(text), MAX_TEXT).replace(UNSAFE, visible);
  const lines = (text: string, length = MAX_TEXT): string =>
    cut(scrub(text), length).replace(UNSAFE_BUT_LINES, visible);

  const json = (value: unknown, depth: number, above: ReadonlyArray<object>): Json => {
    switch (typeof value) {
      case "string":
        return lines(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "bigint":
      case "symbol":
        return String(value);
      case "undefined":
        return null;
      case "function":
        return "[function]";
      case "object":
        return value === null ? null : object(value, depth, above);
    }
  };

  const object = (value: object, depth: number, above: ReadonlyArray<object>): Json => {
    if (Redacted.isRedacted(value)) return "<redacted>";
    if (above.includes(value)) return "[circular]";
    if (value instanceof Error) return withFields(value, depth, above);
    if (depth >= MAX_DEPTH) return "[deeper]";
    const inside = [...above, value];
    if (Option.isOption(value))
      return Option.match(value, { onNone: () => null, onSome: (some) => json(some, depth, inside) });
    if (Cause.isCause(value)) return lines(Cause.pretty(value), MAX_STACK);
    if (Array.isArray(value) || value instanceof Set || Chunk.isChunk(value)) {
      return Array.from<unknown>(value)
        .slice(0, MAX_ENTRIES)
        .map((entry) => json(entry, depth + 1, inside));
    }
    if (value instanceof Map) {
      return record(
        Array.from<readonly [unknown, unknown]>(value).map(([key, entry]) => [String(key), entry]),
        depth,
        inside,
      );
    }
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    return hasToJson(value)
      ? json(value.toJSON(), depth + 1, inside)
      : record(Object.entries(value), depth, inside);
  };

  const record = (
    entries: ReadonlyArray<readonly [string, unknown]>,
    depth: number,
    above: ReadonlyArray<object>,
  ): { readonly [key: string]: Json } =>
    Object.fromEntries(
      entries
        .slice(0, MAX_ENTRIES)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => [line(key), json(entry, depth + 1, above)]),
    );

  /** What an error says about itself beyond its text: the role that was missing, the code Discord gave. */
  const ownFields = (error: object, depth: number, above: ReadonlyArray<object>) =>
    record(
      Object.entries(error).filter(([key]) => !["_tag", "cause", "name", "message", "stack"].includes(key)),
      depth,
      [...above, error],
    );

  const withFields = (error: Error, depth: number, above: ReadonlyArray<object>): LoggedError => ({
    ...(depth < MAX_DEPTH ? ownFields(error, depth, above) : {}),
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: json(error.cause, depth + 1, [...above, error]) }),
    type: line(Option.getOrElse(tagOf(error), () => error.name)),
    message: lines(error.message),
    stack: lines(error.stack ?? `${error.name}: ${error.message}`, MAX_STACK),
  });

  const cause = (all: Cause.Cause<unknown>): Option.Option<LoggedError> => {
    if (Cause.isEmpty(all)) return Option.none();
    const stack = lines(Cause.pretty(all, { renderErrorCause: true }), MAX_STACK);
    const [first] = Cause.prettyErrors(all);
    if (first === undefined) return Option.some({ type: "Interrupted", message: "interrupted", stack });
    const reason = Option.orElse(Cause.failureOption(all), () => Cause.dieOption(all)).pipe(
      Option.map((value) => Cause.originalError(value)),
    );
    return Option.some({
      ...Option.match(Option.filter(reason, Predicate.isObject), {
        onNone: () => ({}),
        onSome: (value) => ownFields(value, 0, []),
      }),
      type: line(Option.getOrElse(Option.flatMap(reason, tagOf), () => first.name)),
      message: lines(first.message),
      stack,
    });
  };

  return {
    line,
    lines: (text) => lines(text, MAX_STACK),
    json: (value) => json(value, 0, []),
    error: (error) => withFields(error, 0, []),
    cause,
  };
};
