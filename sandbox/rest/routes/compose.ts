/** From a checked message body to what the world keeps. */
import type { WireAttachment } from "../../contract/wire.js";
import { ApiError, emptyMessage, invalidForm } from "../../errors.js";
import type { Change, Draft } from "../../world/Messages.js";
import { EPHEMERAL } from "../../world/Messages.js";
import type { Channel, Message } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { withIds } from "../forms/withIds.js";
import { COMPONENTS_V2, embedsWire, SUPPRESS_EMBEDS } from "../forms/messages.js";
import type { EditForm, MessageForm } from "../forms/messages.js";
import type { Asked, UploadedFile } from "../router.js";

const SUPPRESS_NOTIFICATIONS = 1 << 12;
const SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

type Composed = Omit<Draft, "author">;

/** `extraFlags` are those that this route alone may set. */
export function compose(call: Asked, channel: Channel, form: MessageForm, extraFlags = 0): Composed {
  const attachments = storeUploads(call, channel, form.attachments ?? []);
  const flags = (form.flags ?? 0) & (SETTABLE | extraFlags);
  if (isEmpty(form.content, form.embeds, form.components, attachments)) throw emptyMessage();
  return {
    content: form.content ?? "",
    embeds: embedsWire(form.embeds ?? []),
    components: withIds(form.components ?? []),
    attachments,
    flags,
    nonce: form.nonce ?? null,
    enforceNonce: form.enforce_nonce ?? false,
    allowedMentions: form.allowed_mentions ?? null,
    replyTo: replied(channel, form.message_reference),
  };
}

/** An edit: what is not named stays; an empty message is refused. */
export function composeChange(call: Asked, channel: Channel, message: Message, form: EditForm): Change {
  const body = call.body;
  const named = (field: string): boolean => typeof body === "object" && body !== null && field in body;
  const kept =
    form.attachments === undefined
      ? message.attachments
      : message.attachments.filter((one) => form.attachments?.some(({ id }) => id === one.id) === true);
  const attachments = [...kept, ...storeUploads(call, channel, form.attachments ?? [])];
  const flags =
    form.flags === undefined
      ? message.flags
      : (message.flags & ~SUPPRESS_EMBEDS & ~COMPONENTS_V2) |
        (form.flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)) |
        (message.flags & COMPONENTS_V2);
  if (
    (message.flags & COMPONENTS_V2) === 0 &&
    (flags & COMPONENTS_V2) === 0 &&
    form.components?.some(({ type }) => type !== 1) === true
  ) {
    throw invalidForm(
      "components.0.type",
      "UNION_TYPE_CHOICES",
      `Value of field "type" must be one of (1,).`,
    );
  }
  const content = named("content") ? (form.content ?? "") : message.content;
  const embeds = named("embeds") ? embedsWire(form.embeds ?? []) : message.embeds;
  const components = named("components") ? withIds(form.components ?? []) : message.components;
  if (isEmpty(content, embeds, components, attachments)) throw emptyMessage();
  return {
    ...(named("content") && { content, allowedMentions: form.allowed_mentions ?? null }),
    ...(named("embeds") && { embeds }),
    ...(named("components") && { components }),
    attachments,
    flags,
  };
}

/** A reply of an interaction may also be for its invoker alone. */
export const REPLY_FLAGS = EPHEMERAL;

function isEmpty(
  content: string | undefined,
  embeds: readonly object[] | undefined,
  components: readonly object[] | undefined,
  files: readonly object[],
): boolean {
  return (
    (content ?? "").trim() === "" &&
    (embeds?.length ?? 0) === 0 &&
    (components?.length ?? 0) === 0 &&
    files.length === 0
  );
}

function replied(channel: Channel, reference: MessageForm["message_reference"]): string | null {
  if (reference === undefined) return null;
  if (channel.messages.has(reference.message_id)) return reference.message_id;
  if (reference.fail_if_not_exists === false) return null;
  throw invalidForm("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
}

function storeUploads(
  call: Asked,
  channel: Channel,
  described: readonly { id: string; description?: string | undefined }[],
): WireAttachment[] {
  return call.files.map((file) => {
    if (file.bytes.length > MAX_FILE_BYTES) throw new ApiError(413, 40005, "Request entity too large");
    const index = /^files\[(\d+)\]$/.exec(file.field)?.[1];
    const description = described.find(({ id }) => id === index)?.description;
    return { ...storeFile(call.world, channel, file), ...(description !== undefined && { description }) };
  });
}

export function storeFile(world: World, channel: Channel, file: Omit<UploadedFile, "field">): WireAttachment {
  const id = world.ids.next();
  const filename = file.filename.replace(/[^\w.-]+/g, "_");
  const type = file.type === "" ? "application/octet-stream" : file.type;
  world.files.put(id, { name: filename, type, bytes: file.bytes });
  const url = `${world.cdnBase}/attachments/${channel.id}/${id}/${filename}`;
  return { id, filename, size: file.bytes.length, url, proxy_url: url, content_type: type };
}
