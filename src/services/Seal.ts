import { createHash, hkdfSync, timingSafeEqual } from "node:crypto";
import { Effect, type Option, Redacted, Schema } from "effect";
import * as jose from "jose";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Whether two words are the same, in a time that says nothing about either; also of different lengths. */
export const sameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(sha256(one), sha256(other));

/**
 * What a browser keeps for us and can neither read nor make: JSON Web Encryption with one key (RFC 7516, `dir` and
 * `A256GCM`), which is derived from the session secret for this purpose alone.
 */
export const sealOf = <A, I>(secret: Redacted.Redacted, purpose: string, schema: Schema.Schema<A, I>) => {
  const key = new Uint8Array(hkdfSync("sha256", Redacted.value(secret), "", `pawtropolis ${purpose}`, 32));
  const json = Schema.parseJson(schema);
  const encode = Schema.encodeSync(json);
  const decode = Schema.decodeUnknown(json);
  return {
    close: (value: A): Effect.Effect<Redacted.Redacted> =>
      Effect.map(
        Effect.promise(() =>
          new jose.CompactEncrypt(new TextEncoder().encode(encode(value)))
            .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
            .encrypt(key),
        ),
        Redacted.make,
      ),
    /** None for whatever was not closed here, with this key. */
    open: (sealed: string): Effect.Effect<Option.Option<A>> =>
      Effect.tryPromise(() =>
        jose.compactDecrypt(sealed, key, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        }),
      ).pipe(
        Effect.flatMap(({ plaintext }) => decode(new TextDecoder().decode(plaintext))),
        Effect.option,
      ),
  };
};
