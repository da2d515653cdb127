import { Effect, Option } from "effect";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Coding = "br" | "gzip";

/** Below this, what is saved is less than the headers of a packet. */
export const WORTH_BYTES = 1_024;

/** `fast` for what one client is sent, `well` for what many are. */
const EFFORT = {
  fast: { br: 4, gzip: 4 },
  well: { br: 9, gzip: 9 },
} as const;

/** Compresses on another thread. */
export const compress = (
  bytes: Uint8Array,
  coding: Coding,
  effort: keyof typeof EFFORT,
): Effect.Effect<Uint8Array> =>
  Effect.async((resume) => {
    const done = (error: Error | null, result: Uint8Array) =>
      resume(error === null ? Effect.succeed(result) : Effect.die(error));
    if (coding === "br") {
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: EFFORT[effort].br,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      brotliCompress(bytes, { params }, done);
    } else {
      gzip(bytes, { level: EFFORT[effort].gzip }, done);
    }
  });

/** The smallest form that `Accept-Encoding` allows; none: as it is. */
export const codingFor = (accepted: string | undefined): Option.Option<Coding> => {
  const taken = new Set(
    (accepted ?? "")
      .toLowerCase()
      .split(",")
      .map((one) => one.replace(/\s/g, ""))
      .filter((one) => !/;q=0(\.0*)?$/.test(one))
      .map((one) => one.replace(/;.*$/, "")),
  );
  if (taken.has("br")) return Option.some("br");
  return taken.has("gzip") ? Option.some("gzip") : Option.none();
};
