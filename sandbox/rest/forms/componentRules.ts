/** What holds for the components of a message or modal together. */
import type { z } from "zod";
import { length } from "../../characters.js";
import { refuse } from "./kit.js";

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
      if (node.type === 10) characters += length(node.content ?? "");
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

export function checkCustomIds(
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
