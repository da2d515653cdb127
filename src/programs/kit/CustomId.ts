import { Option, Schema } from "effect";

/** Discord's limit for a custom id. */
const MAX_LENGTH = 100;
/** Raised when the meaning of custom ids changes; ids of older versions are answered politely. */
const VERSION = "v1";

/** The name a component goes by and the values it carries, written once for the view and for the handler. */
export interface CustomId<A> {
  readonly name: string;
  readonly encode: (params: A) => string;
  readonly decode: (fields: ReadonlyArray<string>) => Option.Option<A>;
}

/** A struct whose every field is written as text. */
type TextStruct<A, I> = Schema.Schema<A, I> & { readonly fields: Readonly<Record<string, unknown>> };

export const make = <A, I extends Readonly<Record<string, string>>>(
  name: string,
  params: TextStruct<A, I>,
): CustomId<A> => {
  const keys = Object.keys(params.fields);
  const encode = Schema.encodeSync(params);
  const decode = Schema.decodeUnknownOption(params);
  return {
    name,
    encode: (values) => {
      const encoded: Readonly<Record<string, string>> = encode(values);
      const id = [VERSION, name, ...keys.map((key) => encodeURIComponent(encoded[key] ?? ""))].join(":");
      if (id.length > MAX_LENGTH)
        throw new RangeError(`The custom id of ${name} has ${id.length} characters`);
      return id;
    },
    decode: (parts) =>
      parts.length === keys.length
        ? decode(Object.fromEntries(keys.map((key, index) => [key, parts[index]])))
        : Option.none(),
  };
};

/** Splits a custom id into its name and its fields; none for ids that are not of this version. */
export const parse = (
  customId: string,
): Option.Option<{ readonly name: string; readonly fields: ReadonlyArray<string> }> => {
  const [version, name, ...fields] = customId.split(":");
  if (version !== VERSION || name === undefined || name === "") return Option.none();
  try {
    return Option.some({ name, fields: fields.map((field) => decodeURIComponent(field)) });
  } catch {
    return Option.none();
  }
};
