import type { WireComponent } from "../contract/wire.js";
import type { Message } from "./state.js";

/** Content, embeds and text displays as one text, to search in. */
export function textOf({
  content,
  embeds,
  components,
}: Pick<Message, "content" | "embeds" | "components">): string {
  const parts = [content];
  for (const embed of embeds) {
    parts.push(embed.author?.name ?? "", embed.title ?? "", embed.description ?? "");
    for (const field of embed.fields ?? []) parts.push(field.name, field.value);
    parts.push(embed.footer?.text ?? "");
  }
  for (const component of components) collect(component, parts);
  return parts.length === 1 ? content : parts.filter((part) => part !== "").join("\n");
}

function collect(component: WireComponent, into: string[]): void {
  if (component.content !== undefined) into.push(component.content);
  for (const inner of component.components ?? []) collect(inner, into);
}
