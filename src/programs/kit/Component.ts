import { Effect, Option } from "effect";
import type { Rung } from "../../domain/Permission.js";
import type { ComponentInteraction, ModalInteraction } from "../../layers/discord/Interaction.js";
import type { CustomId } from "./CustomId.js";
import { UnknownComponent } from "./Errors.js";
import type { Caller, Handled } from "./Handler.js";

/** A button or a form: its custom id, the rung it needs, and what it does. */
export interface Component<out R> {
  readonly kind: "button" | "modal";
  readonly name: string;
  readonly rung: Rung;
  /** Whether a press opens a form, which Discord takes as a first answer only: such a press is never deferred. */
  readonly opensModal: boolean;
  /** What a slow answer will be: the message redrawn, or a private reply. */
  readonly answers: "update" | "private";
  readonly run: (
    interaction: ComponentInteraction | ModalInteraction,
    fields: ReadonlyArray<string>,
    caller: Caller,
  ) => Handled<R>;
}

/** What the components of a list require together. */
export type Requirements<C> = C extends Component<infer R> ? R : never;

interface Spec<A, I, R> {
  readonly rung: Rung;
  readonly opensModal?: boolean;
  readonly answers?: "update" | "private";
  readonly handler: (input: Caller & { readonly params: A; readonly interaction: I }) => Handled<R>;
}

const decoded = <A, R>(
  id: CustomId<A>,
  fields: ReadonlyArray<string>,
  use: (params: A) => Handled<R>,
): Handled<R> =>
  Option.match(id.decode(fields), { onNone: () => Effect.fail(new UnknownComponent()), onSome: use });

export const button = <A, R>(id: CustomId<A>, spec: Spec<A, ComponentInteraction, R>): Component<R> => ({
  kind: "button",
  name: id.name,
  rung: spec.rung,
  opensModal: spec.opensModal ?? false,
  answers: spec.answers ?? "update",
  run: (interaction, fields, caller) =>
    interaction._tag === "Component"
      ? decoded(id, fields, (params) => spec.handler({ ...caller, params, interaction }))
      : Effect.fail(new UnknownComponent()),
});

export const modal = <A, R>(
  id: CustomId<A>,
  spec: Omit<Spec<A, ModalInteraction, R>, "opensModal">,
): Component<R> => ({
  kind: "modal",
  name: id.name,
  rung: spec.rung,
  opensModal: false,
  answers: spec.answers ?? "update",
  run: (interaction, fields, caller) =>
    interaction._tag === "Modal"
      ? decoded(id, fields, (params) => spec.handler({ ...caller, params, interaction }))
      : Effect.fail(new UnknownComponent()),
});
