import { Effect, Redacted } from "effect";
import type { ModalInteraction } from "../../layers/discord/Interaction.js";
import { Passwords } from "../../services/Passwords.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../views/PasswordForm.js";
import { NotConfirmed } from "./Errors.js";
import type { Caller } from "./Handler.js";

/**
 * What the handler of a `passwordForm` begins with: the proof that what it allows asks for. A wrong word costs no try at
 * the password.
 */
export const passwordOf = (
  { guildId, actor, interaction }: Caller & { readonly interaction: ModalInteraction },
  { purpose, word }: { readonly purpose: string; readonly word?: string },
) =>
  Effect.gen(function* () {
    if (word !== undefined && interaction.fields.get(CONFIRM_FIELD)?.trim() !== word) {
      return yield* new NotConfirmed({ word });
    }
    const passwords = yield* Passwords;
    const typed = Redacted.make(interaction.fields.get(PASSWORD_FIELD) ?? "");
    return yield* passwords.check({ guildId, by: actor.id, typed, purpose });
  });
