/** The components of messages, with the limits Discord sets them. */
import { z } from "zod";
import { filled, integer, link, list, name, refuse, snowflake, text } from "./kit.js";

export const id = integer(0, 2_147_483_647).optional();
export const customId = name(100);
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const Emoji = z.strictObject({
  id: snowflake.nullish(),
  name: text(64).nullish(),
  animated: z.boolean().optional(),
});

const LINK = 5;
const PREMIUM = 6;

const Button = z
  .strictObject({
    type: z.literal(2),
    id,
    style: integer(1, 6),
    label: optional(text(80)),
    emoji: optional(Emoji),
    custom_id: optional(customId),
    url: optional(link(["http", "https", "discord"])),
    disabled: optional(z.boolean()),
    sku_id: optional(snowflake),
  })
  .superRefine((button, context) => {
    if (button.style === PREMIUM) return;
    if (button.style === LINK) {
      if (button.url === undefined) refuse(context, ["url"], "BASE_TYPE_REQUIRED", "This field is required");
      if (button.custom_id !== undefined)
        refuse(
          context,
          ["custom_id"],
          "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
          "A custom id and url cannot both be specified",
        );
    } else {
      if (button.custom_id === undefined)
        refuse(context, ["custom_id"], "BASE_TYPE_REQUIRED", "This field is required");
      if (button.url !== undefined)
        refuse(
          context,
          ["url"],
          "BUTTON_COMPONENT_INVALID_STYLE_FOR_URL",
          "A url can only be on a link button",
        );
    }
    if ((button.label ?? "") === "" && button.emoji === undefined)
      refuse(
        context,
        ["label"],
        "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
        "A button must have a label or an emoji",
      );
  });

const selectParts = {
  id,
  custom_id: customId,
  placeholder: optional(text(150)),
  min_values: optional(integer(0, 25)),
  max_values: optional(integer(1, 25)),
  disabled: optional(z.boolean()),
  required: optional(z.boolean()),
};
const SelectOption = z.strictObject({
  label: name(100),
  value: name(100),
  description: optional(text(100)),
  emoji: optional(Emoji),
  default: optional(z.boolean()),
});
const StringSelect = z
  .strictObject({ type: z.literal(3), ...selectParts, options: list(SelectOption, 25, 1) })
  .superRefine((select, context) => {
    const values = new Set<string>();
    select.options.forEach((option, index) => {
      if (values.has(option.value))
        refuse(
          context,
          ["options", index, "value"],
          "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
          "The specified option value is already used",
        );
      values.add(option.value);
    });
  });
const defaults = optional(
  list(z.strictObject({ id: snowflake, type: z.enum(["user", "role", "channel"]) }), 25),
);
const UserSelect = z.strictObject({ type: z.literal(5), ...selectParts, default_values: defaults });
const RoleSelect = z.strictObject({ type: z.literal(6), ...selectParts, default_values: defaults });
const MentionableSelect = z.strictObject({ type: z.literal(7), ...selectParts, default_values: defaults });
const ChannelSelect = z.strictObject({
  type: z.literal(8),
  ...selectParts,
  default_values: defaults,
  channel_types: optional(z.array(z.number().int())),
});
export const selects = [StringSelect, UserSelect, RoleSelect, MentionableSelect, ChannelSelect] as const;

const Row = z
  .strictObject({
    type: z.literal(1),
    id,
    components: list(z.discriminatedUnion("type", [Button, ...selects]), 5, 1),
  })
  .superRefine((row, context) => {
    if (row.components.length > 1 && row.components.some((component) => component.type !== 2)) {
      refuse(
        context,
        ["components"],
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        "The specified component exceeds the maximum width",
      );
    }
  });

// The newer layout, allowed with the flag IS_COMPONENTS_V2.
const media = z.strictObject({ url: link(["http", "https", "attachment"]) });
export const TextDisplay = z.strictObject({ type: z.literal(10), id, content: filled(4000) });
const Thumbnail = z.strictObject({
  type: z.literal(11),
  id,
  media,
  description: optional(text(1024)),
  spoiler: optional(z.boolean()),
});
const Section = z.strictObject({
  type: z.literal(9),
  id,
  components: list(TextDisplay, 3, 1),
  accessory: z.discriminatedUnion("type", [Button, Thumbnail]),
});
const Gallery = z.strictObject({
  type: z.literal(12),
  id,
  items: list(
    z.strictObject({ media, description: optional(text(1024)), spoiler: optional(z.boolean()) }),
    10,
    1,
  ),
});
const File = z.strictObject({ type: z.literal(13), id, file: media, spoiler: optional(z.boolean()) });
const Separator = z.strictObject({
  type: z.literal(14),
  id,
  divider: optional(z.boolean()),
  spacing: optional(integer(1, 2)),
});
const inContainer = [Row, TextDisplay, Section, Gallery, File, Separator] as const;
const Container = z.strictObject({
  type: z.literal(17),
  id,
  components: list(z.discriminatedUnion("type", inContainer), 40, 1),
  accent_color: optional(integer(0, 0xffffff)),
  spoiler: optional(z.boolean()),
});

/** What stands at the top of a message; `checkMessageComponents` in componentRules.ts knows what depends on the message's flags. */
export const MessageComponents = list(z.discriminatedUnion("type", [...inContainer, Container]), 40);
