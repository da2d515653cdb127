/** The bodies of message routes and of interaction callbacks. */
import { z } from "zod";
import type { WireEmbed } from "../../contract/wire.js";
import { checkMessageComponents } from "./componentRules.js";
import { MessageComponents } from "./components.js";
import { length } from "../../characters.js";
import { filled, integer, link, list, refuse, snowflake, text } from "./kit.js";

export const SUPPRESS_EMBEDS = 1 << 2;
export const COMPONENTS_V2 = 1 << 15;

const image = z.strictObject({ url: link(["http", "https", "attachment"]) });
const orAbsent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const Embed = z
  .strictObject({
    title: orAbsent(text(256)),
    type: z.string().optional(),
    description: orAbsent(text(4096)),
    url: orAbsent(link()),
    timestamp: orAbsent(
      z.string().refine((value) => !Number.isNaN(Date.parse(value)), {
        error: "DATE_TIME_TYPE_PARSE|Could not parse. Should be ISO8601.",
      }),
    ),
    color: orAbsent(integer(0, 0xffffff)),
    footer: orAbsent(
      z.strictObject({ text: filled(2048), icon_url: orAbsent(link(["http", "https", "attachment"])) }),
    ),
    image: orAbsent(image),
    thumbnail: orAbsent(image),
    author: orAbsent(
      z.strictObject({
        name: filled(256),
        url: orAbsent(link()),
        icon_url: orAbsent(link(["http", "https", "attachment"])),
      }),
    ),
    fields: orAbsent(
      list(z.strictObject({ name: filled(256), value: filled(1024), inline: orAbsent(z.boolean()) }), 25),
    ),
  })
  .superRefine((embed, context) => {
    const empty =
      !embed.title &&
      !embed.description &&
      !embed.footer &&
      !embed.image &&
      !embed.thumbnail &&
      !embed.author &&
      !embed.fields?.length;
    if (empty) refuse(context, ["description"], "BASE_TYPE_REQUIRED", "This field is required");
  });
type Embed = z.output<typeof Embed>;

const AllowedMentions = z
  .strictObject({
    parse: orAbsent(z.array(z.enum(["users", "roles", "everyone"]))),
    users: orAbsent(list(snowflake, 100)),
    roles: orAbsent(list(snowflake, 100)),
    replied_user: orAbsent(z.boolean()),
  })
  .superRefine((allowed, context) => {
    for (const kind of ["users", "roles"] as const) {
      if ((allowed[kind]?.length ?? 0) > 0 && allowed.parse?.includes(kind) === true) {
        refuse(
          context,
          [],
          "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
      }
    }
  });

const Reference = z.strictObject({
  type: z.literal(0).optional(),
  message_id: snowflake,
  channel_id: snowflake.optional(),
  guild_id: snowflake.optional(),
  fail_if_not_exists: z.boolean().optional(),
});

const Attachment = z.strictObject({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string().optional(),
  description: orAbsent(text(1024)),
  title: orAbsent(text(1024)),
  waveform: orAbsent(z.string()),
  duration_secs: orAbsent(z.number()),
});

const nonce = z.union([text(25), z.number().int()]);
const flags = orAbsent(z.number().int());
const embeds = list(Embed, 10);

const written = {
  content: orAbsent(text(2000)),
  embeds: orAbsent(embeds),
  components: orAbsent(MessageComponents),
  allowed_mentions: orAbsent(AllowedMentions),
  attachments: orAbsent(list(Attachment, 10)),
  flags,
  tts: orAbsent(z.boolean()),
};

interface Written {
  content?: string | undefined;
  embeds?: Embed[] | undefined;
  components?: Parameters<typeof checkMessageComponents>[0] | undefined;
  flags?: number | undefined;
}

/** Which layout a message has is told by its flags; an edit may leave them out and keep the message's own. */
const whole =
  (edit: boolean) =>
  (message: Written, context: z.RefinementCtx): void => {
    const total = (message.embeds ?? []).reduce((sum, embed) => sum + embedLength(embed), 0);
    if (total > 6000) {
      refuse(context, ["embeds"], "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
    const { components = [], flags } = message;
    const newLayout = ((flags ?? 0) & COMPONENTS_V2) !== 0;
    const unsure = edit && flags === undefined && components.some((component) => component.type !== 1);
    checkMessageComponents(components, newLayout || unsure, context);
    const legacy =
      (message.content ?? "") !== "" ? "content" : (message.embeds?.length ?? 0) > 0 ? "embeds" : null;
    if (newLayout && legacy !== null) {
      refuse(
        context,
        [legacy],
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
      );
    }
  };

function embedLength(embed: Embed): number {
  return (
    length(embed.title ?? "") +
    length(embed.description ?? "") +
    length(embed.footer?.text ?? "") +
    length(embed.author?.name ?? "") +
    (embed.fields ?? []).reduce((sum, field) => sum + length(field.name) + length(field.value), 0)
  );
}

export const MessageForm = z
  .strictObject({
    ...written,
    nonce: orAbsent(nonce),
    enforce_nonce: orAbsent(z.boolean()),
    message_reference: orAbsent(Reference),
  })
  .superRefine(whole(false));
export type MessageForm = z.output<typeof MessageForm>;

/** A reply or follow-up; an edit through the interaction's token has the same form. */
export const WebhookMessageForm = z
  .strictObject({
    ...written,
    // What discord.js sends along with every message.
    nonce: orAbsent(nonce),
    enforce_nonce: orAbsent(z.boolean()),
    message_reference: orAbsent(Reference),
  })
  .superRefine(whole(false));

/** Through a channel's webhook. */
export const ExecuteForm = z
  .strictObject({
    ...written,
    nonce: orAbsent(nonce),
    enforce_nonce: orAbsent(z.boolean()),
    message_reference: orAbsent(Reference),
    username: orAbsent(filled(80)),
    avatar_url: orAbsent(link()),
  })
  .superRefine(whole(false));

export const EditForm = z
  .strictObject({
    ...written,
    nonce: orAbsent(nonce),
    enforce_nonce: orAbsent(z.boolean()),
    message_reference: orAbsent(Reference),
  })
  .superRefine(whole(true));
export type EditForm = z.output<typeof EditForm>;

/** As it comes back: with a type, and nothing that was absent. */
export function embedsWire(embeds: readonly Embed[]): WireEmbed[] {
  return embeds.map((embed) => ({
    ...embed,
    type: "rich",
    ...(embed.fields && {
      fields: embed.fields.map((field) => ({ ...field, inline: field.inline ?? false })),
    }),
    ...(embed.timestamp !== undefined && {
      timestamp: new Date(embed.timestamp).toISOString().replace("Z", "000+00:00"),
    }),
  }));
}
