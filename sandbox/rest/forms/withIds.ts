import type { WireComponent } from "../../contract/wire.js";

type Media = { url: string };

/** As Discord gives them back: an id for every component, unique in its message, and what was left out filled in. */
export function withIds(components: readonly WireComponent[]): WireComponent[] {
  let last = 0;
  const number = (component: WireComponent): WireComponent => {
    const id = component.id !== undefined && component.id > 0 ? component.id : ++last;
    return {
      ...component,
      id,
      ...defaults(component),
      ...(component.components !== undefined && { components: component.components.map(number) }),
      ...(component.component !== undefined && { component: number(component.component) }),
      ...(component.accessory !== undefined && { accessory: number(component.accessory) }),
    };
  };
  return components.map(number);
}

function defaults(component: WireComponent): Partial<WireComponent> & { name?: string; size?: number } {
  const { media, file, items, spoiler = false } = component;
  switch (component.type) {
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return { min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 };
    case 11:
      return {
        description: component.description ?? null,
        spoiler,
        ...(media !== undefined && { media: unfurled(media) }),
      };
    case 12:
      return {
        items: (items ?? []).map((item) => ({
          media: unfurled(item.media),
          description: item.description ?? null,
          spoiler: item.spoiler ?? false,
        })),
      };
    case 13:
      return {
        spoiler,
        name: file?.url.split("/").at(-1) ?? "",
        size: 0,
        ...(file !== undefined && { file: unfurled(file) }),
      };
    case 14:
      return { divider: component.divider ?? true, spacing: component.spacing ?? 1 };
    case 17:
      return { accent_color: component.accent_color ?? null, spoiler };
    default:
      return {};
  }
}

/** Nothing is fetched here: the picture stays where it was said to be. */
const unfurled = ({ url }: Media) => ({
  id: "0",
  url,
  proxy_url: url,
  width: null,
  height: null,
  content_type: null,
});
