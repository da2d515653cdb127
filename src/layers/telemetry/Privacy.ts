import type { ErrorEvent, NodeOptions } from "@sentry/node";
import type { Fields } from "./Fields.js";
import type { Place } from "./SourceMaps.js";

/*
 * What may leave for Sentry. Ids, codes, statements and places in the source; no names, no texts that people wrote, no
 * addresses, no headers. Lists say what stays, so that what a library adds one day does not leave by itself.
 */

/** Schemas and parsers quote what they were given: everything behind 'actual', and every quotation with a blank in it. */
const quoted = (text: string): string =>
  text
    .replace(/\bactual .*/g, "actual …")
    .replace(/(["'`])(?:(?!\1).)*\s(?:(?!\1).)*\1/g, "$1…$1")
    .replace(/(["'`])[^"'`\s]{33,}\1/g, "$1…$1");

/** An error's words: without what people wrote, and without its stack of causes. */
export const words = (text: string, fields: Fields): string => quoted(fields.line(text)).slice(0, 1_000);

type TransactionEvent = Parameters<NonNullable<NodeOptions["beforeSendTransaction"]>>[0];
type Frames = NonNullable<NonNullable<ErrorEvent["exception"]>["values"]>[number]["stacktrace"];
type FindSources = (places: ReadonlyArray<Place>) => Promise<(place: Place) => Place>;

const placesIn = (stack: Frames): ReadonlyArray<Place> =>
  (stack?.frames ?? []).flatMap(({ filename, lineno, colno }) =>
    filename === undefined || lineno === undefined
      ? []
      : [{ file: filename, line: lineno, column: colno ?? 1 }],
  );

const inSource = (stack: Frames, sourceOf: (place: Place) => Place): Frames => ({
  frames: (stack?.frames ?? []).map(({ filename, function: name, lineno, colno, in_app }) => {
    if (filename === undefined || lineno === undefined)
      return { ...(name === undefined ? {} : { function: name }) };
    const { file, line, column } = sourceOf({ file: filename, line: lineno, column: colno ?? 1 });
    return {
      ...(name === undefined ? {} : { function: name }),
      filename: file,
      lineno: line,
      colno: column,
      in_app: (in_app ?? true) && !file.includes("node_modules/"),
    };
  }),
});

const only = <R extends object>(record: R | undefined, keys: ReadonlyArray<string>): Partial<R> => {
  const kept: Partial<R> = { ...record };
  for (const key of Object.keys(kept)) if (!keys.includes(key)) Reflect.deleteProperty(kept, key);
  return kept;
};

const CONTEXTS = ["trace", "runtime", "os"];

export const ofError = async (
  event: ErrorEvent,
  fields: Fields,
  findSources: FindSources,
): Promise<ErrorEvent> => {
  const values = event.exception?.values ?? [];
  const sourceOf = await findSources(values.flatMap(({ stacktrace }) => placesIn(stacktrace)));
  const { request: _, breadcrumbs: __, extra: ___, modules: ____, ...kept } = event;
  return {
    ...kept,
    contexts: only(event.contexts, CONTEXTS),
    ...(event.message === undefined ? {} : { message: words(event.message, fields) }),
    ...(event.user?.id === undefined ? {} : { user: { id: event.user.id } }),
    ...(values.length === 0
      ? {}
      : {
          exception: {
            values: values.map(({ type, value, mechanism, stacktrace }) => ({
              ...(type === undefined ? {} : { type }),
              value: words(value ?? "", fields),
              ...(mechanism === undefined
                ? {}
                : { mechanism: { type: mechanism.type, handled: mechanism.handled ?? true } }),
              stacktrace: inSource(stacktrace, sourceOf) ?? {},
            })),
          },
        }),
  };
};

/** What a span may say about itself. */
const ATTRIBUTES = [
  "db.operation.name",
  "db.query.text",
  "db.system.name",
  "http.request.method",
  "http.response.status_code",
  "http.route",
  "job",
  "sentry.op",
  "sentry.origin",
  "sentry.sample_rate",
  "sentry.source",
];

export const ofTransaction = (event: TransactionEvent, fields: Fields): TransactionEvent => {
  const { request: _, breadcrumbs: __, extra: ___, user: ____, modules: _____, ...kept } = event;
  const trace = event.contexts?.trace;
  return {
    ...kept,
    ...(event.transaction === undefined ? {} : { transaction: words(event.transaction, fields) }),
    contexts: {
      ...only(event.contexts, CONTEXTS),
      ...(trace === undefined ? {} : { trace: { ...trace, data: only(trace.data, ATTRIBUTES) } }),
    },
    spans: (event.spans ?? []).map(({ data, description, ...span }) => ({
      ...span,
      data: only(data, ATTRIBUTES),
      ...(description === undefined ? {} : { description: words(description, fields) }),
    })),
  };
};
