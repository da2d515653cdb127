/** What Discord really sends and its description says otherwise, brought to the form of the description. */

const OFFSET = "+00:00";

/** Dates end in `Z`; `default_member_permissions` of a request is a number, of an answer a string. */
export function normalise(value: unknown, kind: "request" | "answer"): unknown {
  if (typeof value === "string") return isDate(value) ? `${value.slice(0, -OFFSET.length)}Z` : value;
  if (Array.isArray(value)) return value.map((item: unknown) => normalise(item, kind));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const bits = kind === "request" && key === "default_member_permissions" && typeof inner === "string";
    copy[key] = bits ? Number(inner) : normalise(inner, kind);
  }
  return copy;
}

function isDate(text: string): boolean {
  return text.length > 20 && text.endsWith(OFFSET) && /^\d{4}-\d\d-\d\dT/.test(text);
}
