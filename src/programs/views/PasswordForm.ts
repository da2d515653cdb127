import { ComponentType, TextInputStyle } from "discord.js";
import type { ModalPayload } from "../../layers/discord/Interaction.js";

export const PASSWORD_FIELD = "password";
export const CONFIRM_FIELD = "confirm";

const line = (label: string, description: string, customId: string): ModalPayload["components"][number] => ({
  type: ComponentType.Label,
  label,
  description,
  component: {
    type: ComponentType.TextInput,
    custom_id: customId,
    style: TextInputStyle.Short,
    required: true,
  },
});

/** What a form for something that cannot be undone says. */
export interface PasswordForm {
  readonly customId: string;
  /** At most 45 characters. */
  readonly title: string;
  /** What will happen; markdown, at most 4 000 characters. */
  readonly warning: string;
  /** A word to be typed as well, in capitals: `RESET`. */
  readonly word?: string;
}

/** Asks for the shared password where nobody else sees it: never in an option of a command. */
export const passwordForm = ({ customId, title, warning, word }: PasswordForm): ModalPayload => ({
  custom_id: customId,
  title,
  components: [
    { type: ComponentType.TextDisplay, content: warning },
    ...(word === undefined
      ? []
      : [line(`Type ${word}`, "In capitals, to show that you mean it", CONFIRM_FIELD)]),
    line("Password", "The RESET_PASSWORD of the bot; ask whoever runs it", PASSWORD_FIELD),
  ],
});
