/** Filling in a modal, with the limits the Discord client holds people to. */
import { length } from "../characters.js";
import type { WireComponent } from "../contract/wire.js";
import type { Interaction, NewInteraction } from "../world/interactionState.js";
import { InteractionType } from "../world/interactionState.js";
import type { World } from "../world/World.js";
import type { Place } from "./act.js";
import { refuse } from "./refusal.js";
import { resolved } from "./resolve.js";
import { checkChoice, STRING_SELECT } from "./select.js";

const TEXT_DISPLAY = 10;
const TEXT_INPUT = 4;

export function submitted(
  world: World,
  opener: Interaction,
  at: Place,
  values: Record<string, string>,
  force: boolean,
): NewInteraction {
  const { modal } = opener;
  if (modal === null) return refuse("There is no modal");
  if (at.user.id !== opener.user.id && !force) refuse("Only the person it was shown to can submit a modal");
  checkNames(modal.title, modal.components, values);
  const chosen: string[] = [];
  const answer = (component: WireComponent, label: string | undefined): object => {
    const id = component.custom_id ?? "";
    const key = id in values ? id : label !== undefined && label in values ? label : undefined;
    const given = key === undefined ? (component.value ?? "") : (values[key] ?? "");
    if (component.type !== TEXT_INPUT) {
      const choice = given === "" ? [] : given.split(",");
      if (!force) checkChoice(component, choice, label);
      if (component.type !== STRING_SELECT) chosen.push(...choice);
      return { type: component.type, id: component.id, custom_id: id, values: choice };
    }
    if (!force) checkText(component, label, given);
    return { type: component.type, id: component.id, custom_id: id, value: given };
  };
  const components = modal.components.map((top) => {
    if (top.type === TEXT_DISPLAY) return { type: top.type, id: top.id };
    if (top.component !== undefined)
      return { type: top.type, id: top.id, component: answer(top.component, top.label) };
    return {
      type: top.type,
      id: top.id,
      components: (top.components ?? []).map((inner) => answer(inner, inner.label)),
    };
  });
  return {
    type: InteractionType.modal,
    ...at,
    source: opener.source,
    opener,
    data: {
      custom_id: modal.custom_id,
      components,
      ...(chosen.length > 0 && { resolved: resolved(world, at, chosen) }),
    },
  };
}

function checkNames(
  title: string,
  components: readonly WireComponent[],
  values: Record<string, string>,
): void {
  const names = components.flatMap((top) =>
    [...(top.components ?? []), ...(top.component === undefined ? [] : [top.component])].flatMap((inner) => [
      inner.custom_id,
      inner.label,
      top.label,
    ]),
  );
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) refuse(`The modal '${title}' has no field '${name}'`);
  }
}

/** A forged modal: every value in a text input of its own. */
export function modalAnswers(values: Record<string, string>): object[] {
  return Object.entries(values).map(([custom_id, value], index) => ({
    type: 18,
    id: index * 2 + 1,
    component: { type: TEXT_INPUT, id: index * 2 + 2, custom_id, value },
  }));
}

function checkText(input: WireComponent, label: string | undefined, value: string): void {
  const field = label ?? input.custom_id ?? "";
  if (value === "") {
    if (input.required !== false) refuse(`'${field}' is required`);
    return;
  }
  const min = input.min_length ?? 0;
  const max = input.max_length ?? 4000;
  const given = length(value);
  if (given < min) refuse(`'${field}' must be at least ${min} characters, not ${given}`);
  if (given > max) refuse(`'${field}' must be at most ${max} characters, not ${given}`);
}
