/** What the Discord client lets one choose in a select. */
import type { WireComponent } from "../contract/wire.js";
import { refuse } from "./refusal.js";

export const STRING_SELECT = 3;

/** As many as it takes, and of its own options; in a form that does not ask for it also nothing. */
export function checkChoice(
  select: WireComponent,
  values: readonly string[],
  name = select.custom_id ?? "",
): void {
  if (values.length === 0 && select.required === false) return;
  const min = select.min_values ?? 1;
  const max = select.max_values ?? 1;
  if (values.length < min || values.length > max)
    refuse(`'${name}' takes ${min} to ${max} values, not ${values.length}`);
  if (select.type !== STRING_SELECT) return;
  for (const value of values) {
    if (select.options?.some((option) => option.value === value) !== true)
      refuse(`'${name}' does not offer '${value}'`);
  }
}
