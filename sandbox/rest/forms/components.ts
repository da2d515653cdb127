/** The components of messages and modals, with the limits Discord sets them. */
import { z } from "zod";
import type { WireComponent } from "../../contract/wire.js";
import { filled, integer, link, list, name, refuse, snowflake, text } from "./kit.js";

const id = integer(0, 2_147_483_647).optional();
const customId = name(100);
const optional = <T extends z.ZodType>(schema: T) =>
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
const selects = [StringSelect, UserSelect, RoleSelect, MentionableSelect, ChannelSelect] as const;

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
const TextDisplay = z.strictObject({ type: z.literal(10), id, content: filled(4000) });
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

/** What stands at the top of a message; `checkMessageComponents` knows what depends on the message's flags. */
export const MessageComponents = list(z.discriminatedUnion("type", [...inContainer, Container]), 40);

// Modals

const textInput = {
  type: z.literal(4),
  id,
  custom_id: customId,
  style: integer(1, 2),
  min_length: optional(integer(0, 4000)),
  max_length: optional(integer(1, 4000)),
  required: optional(z.boolean()),
  value: optional(text(4000)),
  placeholder: optional(text(100)),
};
const inOrder = (
  input: { min_length?: number | undefined; max_length?: number | undefined },
  context: z.RefinementCtx,
): void => {
  if ((input.min_length ?? 0) > (input.max_length ?? 4000))
    refuse(
      context,
      ["min_length"],
      "TEXT_INPUT_MIN_LENGTH_GREATER_THAN_MAX",
      "Min length must not be greater than max length",
    );
};
const ModalRow = z.strictObject({
  type: z.literal(1),
  id,
  components: list(z.strictObject({ ...textInput, label: name(45) }).superRefine(inOrder), 1, 1),
});
const Label = z.strictObject({
  type: z.literal(18),
  id,
  label: name(45),
  description: optional(text(100)),
  component: z.discriminatedUnion("type", [z.strictObject(textInput).superRefine(inOrder), ...selects]),
});

export const ModalForm = z
  .strictObject({
    custom_id: customId,
    title: name(45),
    components: list(z.discriminatedUnion("type", [ModalRow, Label, TextDisplay]), 5, 1),
  })
  .superRefine((modal, context) => {
    checkCustomIds(modal.components, context);
  });

interface Node {
  type: number;
  id?: number | undefined;
  custom_id?: string | undefined;
  content?: string | undefined;
  components?: readonly Node[] | undefined;
  component?: Node | undefined;
  accessory?: Node | undefined;
}

/** Old layout: five rows and nothing else; new layout: 40 parts and 4000 characters in all. */
export function checkMessageComponents(
  components: readonly Node[],
  newLayout: boolean,
  context: z.RefinementCtx,
): void {
  if (!newLayout) {
    if (components.length > 5)
      refuse(context, ["components"], "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.");
    components.forEach((component, index) => {
      if (component.type !== 1)
        refuse(
          context,
          ["components", index, "type"],
          "UNION_TYPE_CHOICES",
          `Value of field "type" must be one of (1,).`,
        );
    });
  } else {
    let parts = 0;
    let characters = 0;
    for (const [node] of walk(components, [])) {
      parts++;
      if (node.type === 10) characters += (node.content ?? "").length;
    }
    if (parts > 40)
      refuse(
        context,
        ["components"],
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        "The total number of components must not exceed 40",
      );
    if (characters > 4000)
      refuse(
        context,
        ["components"],
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        "Displayable text size exceeds maximum size of 4000",
      );
  }
  checkCustomIds(components, context, ["components"]);
}

function checkCustomIds(
  components: readonly Node[],
  context: z.RefinementCtx,
  path: PropertyKey[] = ["components"],
): void {
  const seen = new Set<string>();
  for (const [node, at] of walk(components, path)) {
    if (node.custom_id === undefined) continue;
    if (seen.has(node.custom_id))
      refuse(
        context,
        [...at, "custom_id"],
        "COMPONENT_CUSTOM_ID_DUPLICATED",
        "Component custom id cannot be duplicated",
      );
    seen.add(node.custom_id);
  }
}

function* walk(components: readonly Node[], path: PropertyKey[]): Iterable<[Node, PropertyKey[]]> {
  for (const [index, node] of components.entries()) {
    const at = [...path, index];
    yield [node, at];
    if (node.components !== undefined) yield* walk(node.components, [...at, "components"]);
    for (const key of ["component", "accessory"] as const) {
      const inner = node[key];
      if (inner !== undefined) yield [inner, [...at, key]];
    }
  }
}

const SELECTS: readonly number[] = [3, 5, 6, 7, 8];

/** As Discord gives them back: every component has an id, unique in its message, and selects say how many. */
export function withIds(components: readonly WireComponent[]): WireComponent[] {
  let last = 0;
  const number = (component: WireComponent): WireComponent => {
    const id = component.id !== undefined && component.id > 0 ? component.id : ++last;
    return {
      ...component,
      id,
      ...(SELECTS.includes(component.type) && {
        min_values: component.min_values ?? 1,
        max_values: component.max_values ?? 1,
      }),
      ...(component.components !== undefined && { components: component.components.map(number) }),
      ...(component.component !== undefined && { component: number(component.component) }),
      ...(component.accessory !== undefined && { accessory: number(component.accessory) }),
    };
  };
  return components.map(number);
}
