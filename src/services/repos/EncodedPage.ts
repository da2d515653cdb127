import type * as SqlClient from "@effect/sql/SqlClient";
import type * as Statement from "@effect/sql/Statement";
import { Effect, Option, Schema } from "effect";
import { row } from "./Repo.js";

/** A page that goes out as it is: SQLite writes JSON faster than rows can be read, decoded and written again. */
export interface EncodedPage<Key> {
  /** A JSON array. */
  readonly rows: string;
  /** The place after which the next page begins; none when nothing is left. */
  readonly next: Key | null;
}

/**
 * Where two conditions have to hold and one index helps with one of them, so many rows are looked at for a page, and no
 * more. The page may then be short and still have a next one.
 */
export const SCANNED = 2_000;

interface Shape<Key, I> {
  readonly table: string;
  /** Column by the key of the JSON object; what is JSON itself says so. */
  readonly fields: Readonly<Record<string, string | { readonly json: string }>>;
  /** The two columns of the order, newest first, and the schema of the place they make, in that order. */
  readonly order: readonly [string, string];
  readonly key: Schema.Schema<Key, I>;
  readonly keyNames: readonly [string, string];
}

/** Rows that one index finds in their order. SQLite guesses wrong without statistics, so it is told which. */
export interface Found {
  readonly index?: string;
  readonly where: ReadonlyArray<Statement.Fragment>;
}

/** What rows a page is made of. */
export interface Selection {
  /** Several of them are read side by side. */
  readonly found: ReadonlyArray<Found>;
  /** What is to hold as well, and is looked for among the first `SCANNED` of those. */
  readonly filtered: ReadonlyArray<Statement.Fragment>;
}

/** Pages of one table, newest first, which SQLite writes as JSON. */
export const encodedPages = <Key, I>(
  sql: SqlClient.SqlClient,
  { table, fields, order, key, keyNames }: Shape<Key, I>,
) => {
  const [first, second] = order;
  const newestFirst = sql.literal(`ORDER BY ${first} DESC, ${second} DESC`);
  const by = (index: string | undefined) =>
    index === undefined
      ? sql``
      : sql.onDialectOrElse({ sqlite: () => sql.literal(`INDEXED BY ${index}`), orElse: () => sql`` });
  const json = sql.onDialectOrElse({
    sqlite: () => ({ array: "json_group_array", object: "json_object", parse: "json" }),
    orElse: () => ({ array: "json_agg", object: "json_build_object", parse: "to_json" }),
  });
  const columns = Object.values(fields).map((field) => (typeof field === "string" ? field : field.json));
  const all = sql.literal([...new Set([...columns, first, second])].join(", "));
  const source = sql.literal(table);
  const object = sql.literal(
    `${json.object}(${Object.entries(fields)
      .map(
        ([name, field]) => `'${name}', ${typeof field === "string" ? field : `${json.parse}(${field.json})`}`,
      )
      .join(", ")})`,
  );
  const array = sql.literal(json.array);

  const pageOf = row(
    Schema.Struct({
      written: Schema.NullOr(Schema.String),
      count: Schema.Int,
      lastPlace: Schema.NullOr(Schema.parseJson(key)),
    }),
  );
  const placeOf = row(Schema.Struct({ lastPlace: Schema.parseJson(key) }));
  const keyObject = sql.literal(
    `CAST(${json.object}('${keyNames[0]}', ${first}, '${keyNames[1]}', ${second}) AS TEXT)`,
  );

  /** The first rows that one or several indexes find. */
  const scan = (found: Selection["found"], limit: number) => {
    const each = found.map(
      ({ index, where }) =>
        sql`SELECT ${all} FROM ${source} ${by(index)} WHERE ${sql.and(where)} ${newestFirst} LIMIT ${limit}`,
    );
    const [only, ...others] = each;
    return only === undefined || others.length === 0
      ? (only ?? sql``)
      : sql`${each
          .map((one) => sql`SELECT * FROM (${one}) AS one`)
          .reduce((some, one) => sql`${some} UNION ALL ${one}`)} ${newestFirst} LIMIT ${limit}`;
  };

  return ({ found, filtered }: Selection, limit: number): Effect.Effect<EncodedPage<Key>> =>
    Effect.gen(function* () {
      const rest = filtered.length === 0 ? null : sql.and(filtered);
      const wanted =
        rest === null
          ? scan(found, limit + 1)
          : sql`SELECT * FROM (${scan(found, SCANNED)}) AS scanned WHERE ${rest} ${newestFirst} LIMIT ${limit + 1}`;
      const page = Option.getOrThrow(
        yield* pageOf(sql`SELECT ${array}(${object} ORDER BY place) FILTER (WHERE place <= ${limit}) AS written,
            COUNT(*) AS count, MAX(CASE WHEN place = ${limit} THEN ${keyObject} END) AS last_place
          FROM (SELECT *, ROW_NUMBER() OVER (${newestFirst}) AS place FROM (${wanted}) AS wanted) AS page`),
      );
      const rows = page.written ?? "[]";
      if (page.count > limit) return { rows, next: page.lastPlace };
      if (rest === null) return { rows, next: null };
      const last = yield* placeOf(
        sql`SELECT ${keyObject} AS last_place FROM (${scan(found, SCANNED)}) AS scanned ${newestFirst} LIMIT 1 OFFSET ${SCANNED - 1}`,
      );
      return { rows, next: Option.getOrNull(Option.map(last, ({ lastPlace }) => lastPlace)) };
    });
};
