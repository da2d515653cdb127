import { HttpServerResponse } from "@effect/platform";
import { Schema } from "effect";

/** A page whose rows SQLite has written, as it goes out; a test of each endpoint decodes it with the contract. */
export const written = <Key, I>(cursor: Schema.Schema<Key, I>) => {
  const encodeNext = Schema.encodeSync(Schema.parseJson(Schema.NullOr(cursor)));
  return ({ rows, next }: { readonly rows: string; readonly next: Key | null }) =>
    HttpServerResponse.text(`{"rows":${rows},"next":${encodeNext(next)}}`, {
      contentType: "application/json",
    });
};
