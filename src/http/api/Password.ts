import { HttpApiSchema } from "@effect/platform";
import { Schema } from "effect";
import * as Domain from "../../domain/Password.js";

/** The reset password, in the body of what cannot be undone; it is written down nowhere. */
export const Password = Schema.Redacted(Schema.String.pipe(Schema.maxLength(1_000))).annotations({
  description: "The reset password.",
});

export const WrongPassword = Domain.WrongPassword.annotations({
  [HttpApiSchema.AnnotationStatus]: 403,
  description: "Not the password; `left` tries are left before a pause.",
});
export const PasswordLocked = Domain.PasswordLocked.annotations({
  [HttpApiSchema.AnnotationStatus]: 429,
  description: "Too many wrong passwords: nothing is compared before `until`.",
});
