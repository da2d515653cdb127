import { type APIEmbed, ButtonStyle, ComponentType, TextInputStyle } from "discord.js";
import { Schema } from "effect";
import { ShortCode, type UserId } from "../../domain/Ids.js";
import type { GuildSettings } from "../../domain/Settings.js";
import { type TemplateDraft, TemplateName, TOKENS } from "../../domain/Template.js";
import { cut, plain } from "../../domain/Text.js";
import type { GuildFacts } from "../../layers/discord/Guild.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";
import { COLORS } from "./Colors.js";
import * as DirectMessages from "./DirectMessages.js";
import { gateMessage } from "./GateMessage.js";
import { tokenValues } from "../../domain/TokenValues.js";
import { welcome } from "./Welcome.js";

const OfTemplate = Schema.Struct({ template: TemplateName });
/** The form with the text; `seen` is the key of the template that its author was shown last. */
export const TemplateId = CustomId.make(
  "template",
  Schema.Struct({ template: TemplateName, seen: Schema.String }),
);
/** Opens that form. */
export const TemplateEditId = CustomId.make("template-edit", OfTemplate);
/** Makes the draft the template. */
export const TemplateSaveId = CustomId.make("template-save", OfTemplate);
export const TEMPLATE_FIELD = "text";

/** What a template is called on screen. */
export const TEMPLATE_WORDS = {
  gate: "Gate message",
  approval: "Approval message",
  rejection: "Rejection message",
  kick: "Kick message",
  welcome: "Welcome post",
} as const satisfies Record<TemplateName, string>;

/** The longest text that Discord takes in an embed. */
const DESCRIPTION_MAX = 4_096;
/** The longest text that Discord takes in a field. */
const FIELD_MAX = 4_000;

/** Asks for the text of a template, with what there is of it. */
export const templateForm = (template: TemplateName, { text, seen }: TemplateDraft): ModalPayload => ({
  custom_id: TemplateId.encode({ template, seen: seen ?? "" }),
  title: TEMPLATE_WORDS[template],
  components: [
    {
      type: ComponentType.TextDisplay,
      content: `You can write ${TOKENS.map((token) => `\`{${token}}\``).join(" ")}. The next step shows how it will look.`,
    },
    {
      type: ComponentType.Label,
      label: "Text",
      description: "Leave it empty to get the default back",
      component: {
        type: ComponentType.TextInput,
        custom_id: TEMPLATE_FIELD,
        style: TextInputStyle.Paragraph,
        max_length: FIELD_MAX,
        required: false,
        value: text.slice(0, FIELD_MAX),
      },
    },
  ],
});

interface Example {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
}

const EXAMPLE_CODE = { code: ShortCode.make("a1b2c3") };
const EXAMPLE_REASON = "This is where the moderator's reason stands.";
const HOUR = 3_600_000;

/** A template as it would be posted for `applicant`, who is not pinged. */
export const templatePreview = (
  template: TemplateName,
  guild: GuildFacts,
  settings: GuildSettings,
  applicant: Example,
  now: number,
): MessagePayload => {
  const values = tokenValues(guild, settings, template === "gate" ? null : applicant, now);
  const told = (topic: "approved" | "rejected" | "kicked") =>
    DirectMessages.decision(
      guild,
      settings,
      EXAMPLE_CODE,
      topic,
      topic === "approved" ? null : EXAMPLE_REASON,
      topic === "rejected" ? now + settings.reapplyCooldownHours * HOUR : null,
      values,
    );
  switch (template) {
    case "gate":
      return gateMessage(settings, values);
    case "approval":
      return told("approved");
    case "rejection":
      return told("rejected");
    case "kick":
      return told("kicked");
    case "welcome": {
      const { content = "" } = welcome(settings, applicant.id, values);
      return { content };
    }
  }
};

const button = (label: string, style: ButtonStyle.Success | ButtonStyle.Secondary, custom_id: string) => ({
  type: ComponentType.Button as const,
  label,
  style,
  custom_id,
});
const editButton = (template: TemplateName, label: string) =>
  button(label, ButtonStyle.Secondary, TemplateEditId.encode({ template }));

const withNote = (
  preview: MessagePayload,
  note: APIEmbed,
  ...buttons: ReadonlyArray<ReturnType<typeof button>>
): MessagePayload => ({
  ...(preview.content === undefined ? {} : { content: preview.content }),
  embeds: [...(preview.embeds ?? []), note],
  components: [...(preview.components ?? []), { type: ComponentType.ActionRow, components: [...buttons] }],
});

/** A draft that is good: how it would look, and what can be done with it. */
export const templateDraft = (template: TemplateName, preview: MessagePayload): MessagePayload =>
  withNote(
    preview,
    {
      description: `This is how the **${TEMPLATE_WORDS[template].toLowerCase()}** would look. Nothing is changed yet.`,
      color: COLORS.grey,
    },
    button("Save", ButtonStyle.Success, TemplateSaveId.encode({ template })),
    editButton(template, "Go on editing"),
  );

export const templateSaved = (template: TemplateName, preview: MessagePayload): MessagePayload =>
  withNote(
    preview,
    {
      description: `Saved. The **${TEMPLATE_WORDS[template].toLowerCase()}** looks like this now.`,
      color: COLORS.green,
    },
    editButton(template, "Edit again"),
  );

/** A draft that came too late: `now` is the text that somebody else has saved. */
export const templateOvertaken = (template: TemplateName, why: string, now: string): MessagePayload => ({
  content: why,
  embeds: [
    { title: TEMPLATE_WORDS[template], description: cut(plain(now), DESCRIPTION_MAX), color: COLORS.grey },
  ],
  components: [
    {
      type: ComponentType.ActionRow,
      components: [
        button("Save", ButtonStyle.Success, TemplateSaveId.encode({ template })),
        editButton(template, "Go on editing"),
      ],
    },
  ],
});

/** A draft that will not do; `problems` says why. */
export const templateRefused = (template: TemplateName, problems: string): MessagePayload => ({
  content: problems,
  components: [{ type: ComponentType.ActionRow, components: [editButton(template, "Go on editing")] }],
});
