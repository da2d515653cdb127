/** Messages and modals as plain lines, for a terminal. */
import type { Modal } from "../contract/interactions.js";
import type { WireComponent, WireEmbed, WireMessage } from "../contract/wire.js";

const STYLES = ["", "primary", "secondary", "success", "danger", "link", "premium"];
const EPHEMERAL = 64;
const LOADING = 128;

export function renderMessage(message: WireMessage): string {
  const marks = [
    message.pinned ? "pinned" : "",
    message.edited_timestamp === null ? "" : "edited",
    (message.flags & EPHEMERAL) === 0 ? "" : "only you can see this",
    (message.flags & LOADING) === 0 ? "" : "is thinking…",
  ].filter((mark) => mark !== "");
  const author = message.author.global_name ?? message.author.username;
  return [
    `${author}${message.author.bot === true ? " [APP]" : ""}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`,
    ...indent(message.content),
    ...message.embeds.flatMap(embedLines).map((line) => `  │ ${line}`),
    ...message.attachments.map((file) => `  [file] ${file.filename} (${file.size} bytes)`),
    ...message.components.flatMap(componentLines).map((line) => `  ${line}`),
  ].join("\n");
}

export function renderMessages(messages: readonly WireMessage[]): string {
  return messages.map(renderMessage).join("\n\n");
}

export function renderModal(modal: Modal): string {
  return [
    `┌ ${modal.title}`,
    ...modal.components.flatMap(componentLines).map((line) => `│ ${line}`),
    "└",
  ].join("\n");
}

function embedLines(embed: WireEmbed): string[] {
  return [
    embed.author?.name ?? "",
    embed.title === undefined ? "" : `**${embed.title}**`,
    ...(embed.description ?? "").split("\n"),
    ...(embed.fields ?? []).flatMap((field) => [
      `${field.name}:`,
      ...field.value.split("\n").map((line) => `  ${line}`),
    ]),
    embed.footer === undefined ? "" : `— ${embed.footer.text}`,
  ].filter((line) => line !== "");
}

function componentLines(component: WireComponent): string[] {
  switch (component.type) {
    case 1:
      return [(component.components ?? []).flatMap(componentLines).join(" ")];
    case 2: {
      const label = [component.emoji?.name, component.label].filter((part) => part).join(" ");
      return [
        component.disabled === true ? `(${label})` : `[${label}: ${STYLES[component.style ?? 2] ?? "?"}]`,
      ];
    }
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return [`‹${component.placeholder ?? component.custom_id ?? "select"} ▾›`];
    case 4: {
      const shown = (component.value ?? component.placeholder ?? "").padEnd(20);
      const label = component.label === undefined ? "" : `${component.label} `;
      return [`${label}[${shown}]${component.required === false ? "" : " required"}`];
    }
    case 10:
      return (component.content ?? "").split("\n");
    case 18: {
      const inner = component.component === undefined ? [] : componentLines(component.component);
      return [
        `${component.label ?? ""}${component.description == null ? "" : ` (${component.description})`}`,
        ...inner.map((line) => `  ${line}`),
      ];
    }
    default:
      return [
        ...(component.components ?? []).flatMap(componentLines),
        ...(component.accessory ? componentLines(component.accessory) : []),
      ];
  }
}

function indent(text: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => `  ${line}`);
}
