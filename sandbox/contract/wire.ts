/** What Discord puts on the wire, as far as the driver shows it. Field names are Discord's own. */
import { z } from "zod";

export const WireUser = z.object({
  id: z.string(),
  username: z.string(),
  discriminator: z.string(),
  global_name: z.string().nullable(),
  avatar: z.string().nullable(),
  bot: z.boolean().optional(),
});
export type WireUser = z.infer<typeof WireUser>;

export const WireEmbed = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
  color: z.number().optional(),
  timestamp: z.string().optional(),
  footer: z.object({ text: z.string(), icon_url: z.string().optional() }).optional(),
  author: z
    .object({ name: z.string(), url: z.string().optional(), icon_url: z.string().optional() })
    .optional(),
  thumbnail: z.object({ url: z.string() }).optional(),
  image: z.object({ url: z.string() }).optional(),
  fields: z
    .array(z.object({ name: z.string(), value: z.string(), inline: z.boolean().optional() }))
    .optional(),
});
export type WireEmbed = z.infer<typeof WireEmbed>;

export const WireEmoji = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  animated: z.boolean().optional(),
});
export type WireEmoji = z.infer<typeof WireEmoji>;

export const WireSelectOption = z.object({
  label: z.string(),
  value: z.string(),
  description: z.string().optional(),
  emoji: WireEmoji.optional(),
  default: z.boolean().optional(),
});
export type WireSelectOption = z.infer<typeof WireSelectOption>;

const WireGalleryItem = z.object({
  media: z.object({ url: z.string() }),
  description: z.string().nullish(),
  spoiler: z.boolean().optional(),
});
type WireGalleryItem = z.infer<typeof WireGalleryItem>;

/** Every kind of component of a message or a modal: `type` says which of the fields are there. */
export interface WireComponent {
  type: number;
  id?: number | undefined;
  custom_id?: string | undefined;
  style?: number | undefined;
  label?: string | undefined;
  description?: string | null | undefined;
  emoji?: WireEmoji | undefined;
  url?: string | undefined;
  disabled?: boolean | undefined;
  placeholder?: string | undefined;
  min_values?: number | undefined;
  max_values?: number | undefined;
  min_length?: number | undefined;
  max_length?: number | undefined;
  required?: boolean | undefined;
  value?: string | undefined;
  content?: string | undefined;
  options?: WireSelectOption[] | undefined;
  channel_types?: number[] | undefined;
  default_values?: { id: string; type: string }[] | undefined;
  divider?: boolean | undefined;
  spacing?: number | undefined;
  accent_color?: number | null | undefined;
  spoiler?: boolean | undefined;
  media?: { url: string } | undefined;
  items?: WireGalleryItem[] | undefined;
  file?: { url: string } | undefined;
  accessory?: WireComponent | undefined;
  component?: WireComponent | undefined;
  components?: WireComponent[] | undefined;
}
export const WireComponent: z.ZodType<WireComponent> = z.lazy(() =>
  z.object({
    type: z.number(),
    id: z.number().optional(),
    custom_id: z.string().optional(),
    style: z.number().optional(),
    label: z.string().optional(),
    description: z.string().nullish(),
    emoji: WireEmoji.optional(),
    url: z.string().optional(),
    disabled: z.boolean().optional(),
    placeholder: z.string().optional(),
    min_values: z.number().optional(),
    max_values: z.number().optional(),
    min_length: z.number().optional(),
    max_length: z.number().optional(),
    required: z.boolean().optional(),
    value: z.string().optional(),
    content: z.string().optional(),
    options: z.array(WireSelectOption).optional(),
    channel_types: z.array(z.number()).optional(),
    default_values: z.array(z.object({ id: z.string(), type: z.string() })).optional(),
    divider: z.boolean().optional(),
    spacing: z.number().optional(),
    accent_color: z.number().nullish(),
    spoiler: z.boolean().optional(),
    media: z.object({ url: z.string() }).optional(),
    items: z.array(WireGalleryItem).optional(),
    file: z.object({ url: z.string() }).optional(),
    accessory: WireComponent.optional(),
    component: WireComponent.optional(),
    components: z.array(WireComponent).optional(),
  }),
);

export const WireAttachment = z.object({
  id: z.string(),
  filename: z.string(),
  size: z.number(),
  url: z.string(),
  proxy_url: z.string(),
  content_type: z.string().optional(),
  description: z.string().optional(),
  ephemeral: z.boolean().optional(),
});
export type WireAttachment = z.infer<typeof WireAttachment>;

export const WireMessage = z.object({
  id: z.string(),
  channel_id: z.string(),
  type: z.number(),
  author: WireUser,
  content: z.string(),
  embeds: z.array(WireEmbed),
  components: z.array(WireComponent),
  attachments: z.array(WireAttachment),
  mentions: z.array(WireUser),
  mention_roles: z.array(z.string()),
  mention_everyone: z.boolean(),
  flags: z.number(),
  pinned: z.boolean(),
  tts: z.boolean(),
  timestamp: z.string(),
  edited_timestamp: z.string().nullable(),
  nonce: z.union([z.string(), z.number()]).optional(),
  webhook_id: z.string().optional(),
  application_id: z.string().optional(),
  reactions: z.array(z.object({ emoji: WireEmoji, count: z.number(), me: z.boolean() })).optional(),
  message_reference: z
    .object({
      type: z.number().optional(),
      message_id: z.string().optional(),
      channel_id: z.string(),
      guild_id: z.string().optional(),
    })
    .optional(),
});
export type WireMessage = z.infer<typeof WireMessage>;
