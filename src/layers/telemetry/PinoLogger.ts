import {
  Array as Arr,
  HashMap,
  Inspectable,
  List,
  Logger,
  type LogLevel,
  Option,
  Predicate,
  Redacted,
} from "effect";
import { pino } from "pino";
import type * as Fields from "./Fields.js";

/** What pino and this logger write themselves; an annotation of that name gets an underscore. */
const RESERVED = new Set(["level", "time", "pid", "hostname", "msg", "spans"]);

const pinoLevel = (level: LogLevel.LogLevel): pino.Level => {
  switch (level._tag) {
    case "All":
    case "Trace":
      return "trace";
    case "Debug":
      return "debug";
    case "Info":
      return "info";
    case "Warning":
      return "warn";
    case "Error":
      return "error";
    case "Fatal":
    case "None":
      return "fatal";
  }
};

const isPlainRecord = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (!Predicate.isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Sorts what was passed to one log call: text for the line, records for fields, an error for `err`. */
const partsOf = (message: unknown, fields: Fields.Fields) => {
  const texts: Array<string> = [];
  const data: Record<string, Fields.Json> = {};
  for (const part of Arr.ensure(message)) {
    if (typeof part === "string") texts.push(part);
    else if (Redacted.isRedacted(part)) texts.push("<redacted>");
    else if (part instanceof Error) data["err"] = fields.error(part);
    else if (isPlainRecord(part)) put(data, Object.entries(part), fields);
    else texts.push(Inspectable.toStringUnknown(fields.json(part), 0));
  }
  return { text: texts.join(" "), data };
};

const put = (
  data: Record<string, Fields.Json>,
  entries: Iterable<readonly [string, unknown]>,
  fields: Fields.Fields,
): void => {
  for (const [key, value] of entries) {
    if (value !== undefined) data[RESERVED.has(key) ? `${key}_` : fields.line(key)] = fields.json(value);
  }
};

const messageOf = (error: Fields.Json | undefined): string =>
  Predicate.isRecord(error) && typeof error["message"] === "string" ? error["message"] : "";

/** Effect's log calls as pino's lines: `level`, `time`, `msg`, annotations and fields beside them, and `err`. */
export const make = (
  fields: Fields.Fields,
  destination: pino.DestinationStream,
): Logger.Logger<unknown, void> => {
  // `err` is ready when it gets to pino, whose own serializer would take it for an error of type 'Object'.
  const log = pino(
    { level: "trace", timestamp: false, serializers: { err: (error: Fields.Json) => error } },
    destination,
  );
  return Logger.make(({ annotations, cause, date, logLevel, message, spans }) => {
    const { text, data } = partsOf(message, fields);
    put(data, HashMap.entries(annotations), fields);
    Option.map(fields.cause(cause), (error) => {
      data["err"] = error;
    });
    if (List.isCons(spans)) {
      data["spans"] = Object.fromEntries(
        List.toArray(spans).map((span) => [fields.line(span.label), date.getTime() - span.startTime]),
      );
    }
    const msg = fields.line(text === "" ? messageOf(data["err"]) : text);
    log[pinoLevel(logLevel)]({ time: date.getTime(), ...data }, msg);
  });
};
