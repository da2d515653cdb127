import { Schema } from "effect";

/** The most rows of one page. */
export const LONGEST_PAGE = 100;

/** How many rows a page shall have. */
export const Limit = Schema.optionalWith(
  Schema.NumberFromString.pipe(Schema.int(), Schema.between(1, LONGEST_PAGE)).annotations({
    description: `Rows of a page, from 1 to ${LONGEST_PAGE}.`,
  }),
  { default: () => 50 },
);

/** Several values with commas between them. */
export const Listed = <A extends string, I extends string>(item: Schema.Schema<A, I>) =>
  Schema.split(",").pipe(Schema.compose(Schema.Array(item), { strict: false }));

/** A place in a list, as text that only the server reads; one that was made up is refused like any other bad value. */
export const cursorOf = <A, I>(key: Schema.Schema<A, I>) =>
  Schema.StringFromBase64Url.pipe(Schema.compose(Schema.parseJson(key))).annotations({
    description: "`next` of the page before.",
  });
