/** Small zod parts whose refusals carry Discord's own codes, and the way from zod's issues to Discord's error tree. */
import { z } from "zod";
import { length } from "../../characters.js";
import { type ApiError, invalidForms } from "../../errors.js";

/** `CODE|message`, taken apart again by `refusal`. */
const says = (code: string, message: string): string => `${code}|${message}`;

export const REQUIRED = says("BASE_TYPE_REQUIRED", "This field is required");

/** At most `max` characters; may be empty. */
export const text = (max: number) =>
  z.string().refine((value) => value.length <= max || length(value) <= max, {
    error: says("BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`),
  });

/** One to `max` characters. */
export const name = (max: number) =>
  z.string().refine((value) => value !== "" && (value.length <= max || length(value) <= max), {
    error: says("BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${max} in length.`),
  });

/** Not blank, and at most `max` characters. */
export const filled = (max: number) => text(max).refine((value) => value.trim() !== "", { error: REQUIRED });

export const integer = (min: number, max: number) =>
  z
    .number()
    .int()
    .min(min, { error: says("NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`) })
    .max(max, { error: says("NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`) });

export const list = <T extends z.ZodType>(item: T, max: number, min = 0) =>
  z.array(item).refine((all) => all.length <= max && all.length >= min, {
    error:
      min === 0
        ? says("BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`)
        : says("BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`),
  });

export const snowflake = z.union([
  z.string().regex(/^\d{15,20}$/, {
    error: (issue) => says("NUMBER_TYPE_COERCE", `Value "${String(issue.input)}" is not snowflake.`),
  }),
]);

export const link = (schemes: readonly string[] = ["http", "https"]) =>
  z.string().refine(
    (value) => {
      const colon = value.indexOf("://");
      return colon > 0 && schemes.includes(value.slice(0, colon)) && URL.canParse(value);
    },
    { error: (issue) => says("URL_TYPE_INVALID_URL", `Not a well formed URL: ${String(issue.input)}`) },
  );

export const permissionBits = z
  .union([z.string().regex(/^\d+$/), z.number().int()])
  .transform((value) => BigInt(value));

/** Adds a refusal inside a `superRefine`. */
export function refuse(context: z.RefinementCtx, path: PropertyKey[], code: string, message: string): void {
  context.addIssue({ code: "custom", path, message: says(code, message) });
}

/** Parses a body; what Discord does not know is told to `unknown` and left out, as Discord itself ignores it. */
export function parseForm<T>(schema: z.ZodType<T>, body: unknown, unknown: (path: string) => void): T {
  const first = schema.safeParse(body, { reportInput: true });
  if (first.success) return first.data;
  const strangers = first.error.issues.filter((issue) => issue.code === "unrecognized_keys");
  if (strangers.length === 0) throw refusal(first.error);
  let known = body;
  for (const issue of strangers) {
    for (const key of issue.keys) {
      const path = [...issue.path, key];
      unknown(path.map(String).join("."));
      known = without(known, path);
    }
  }
  const second = schema.safeParse(known, { reportInput: true });
  if (second.success) return second.data;
  throw refusal(second.error);
}

function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? without(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      name !== key ? [[name, inner]] : rest.length === 0 ? [] : [[name, without(inner, rest)]],
    ),
  );
}

function refusal(error: z.ZodError): ApiError {
  return invalidForms(error.issues.map((issue) => ({ path: issue.path, ...inDiscordsWords(issue) })));
}

function inDiscordsWords(issue: z.core.$ZodIssue): { code: string; message: string } {
  const [code = "", message] = issue.message.split("|");
  if (message !== undefined) return { code, message };
  if (issue.input === undefined && issue.code === "invalid_type")
    return { code: "BASE_TYPE_REQUIRED", message: "This field is required" };
  const shown =
    typeof issue.input === "string" || typeof issue.input === "number" ? `"${issue.input}"` : "given";
  if (issue.code === "invalid_type") {
    switch (issue.expected) {
      case "string":
        return { code: "STRING_TYPE_CONVERT", message: `Could not interpret ${shown} as string.` };
      case "number":
      case "int":
        return { code: "NUMBER_TYPE_COERCE", message: `Value ${shown} is not int.` };
      case "boolean":
        return { code: "BOOLEAN_TYPE_CONVERT", message: "Must be either true or false." };
      case "array":
        return { code: "LIST_TYPE_CONVERT", message: "Only iterables may be used in a ListType" };
      default:
        return { code: "DICT_TYPE_CONVERT", message: "Only dictionaries may be used in a DictType" };
    }
  }
  if (issue.code === "invalid_union")
    return {
      code: "UNION_TYPE_CHOICES",
      message: `Value of field "type" is not one of those that fit here.`,
    };
  if (issue.code === "invalid_value")
    return {
      code: "BASE_TYPE_CHOICES",
      message: `Value must be one of {${issue.values.map(String).join(", ")}}.`,
    };
  return { code: "BASE_TYPE_INVALID", message: issue.message };
}
