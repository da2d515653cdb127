/** What comes in with forms: every field that there is, some, or others. */
import { FastCheck as fc } from "effect";
import { fieldOf } from "../../src/programs/views/Apply.js";
import { RESTORE_WORD } from "../../src/programs/views/Database.js";
import { RESET_WORD } from "../../src/domain/Gate.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../src/programs/views/PasswordForm.js";
import { questionField } from "../../src/programs/views/Questions.js";
import { REASON_FIELD } from "../../src/programs/views/ReasonForm.js";
import { TEMPLATE_FIELD } from "../../src/programs/views/Templates.js";
import { ANSWERS } from "./fixtures.js";
import { PASSWORD } from "./fuzz-people.js";
import { calm, junk } from "./fuzz-text.js";

const fieldIds = [
  ...ANSWERS.map(({ question }) => fieldOf(question)),
  REASON_FIELD,
  PASSWORD_FIELD,
  CONFIRM_FIELD,
  TEMPLATE_FIELD,
  questionField(1),
];
const typed = fc.oneof({ arbitrary: calm, weight: 4 }, { arbitrary: junk, weight: 1 });
export const fields = fc.oneof(
  fc
    .constantFrom(RESET_WORD, RESTORE_WORD)
    .map((word) =>
      fieldIds.map((id): [string, string] => [
        id,
        id === PASSWORD_FIELD
          ? PASSWORD
          : id === CONFIRM_FIELD
            ? word
            : "A friend of mine told me about this server.",
      ]),
    ),
  fc.tuple(...ANSWERS.map(({ question }) => fc.tuple(fc.constant(fieldOf(question)), typed))),
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...fieldIds), junk), typed), { maxLength: 12 }),
);
