/** Modals, with the limits Discord sets them. */
import { z } from "zod";
import { checkCustomIds } from "./componentRules.js";
import { customId, id, optional, selects, TextDisplay } from "./components.js";
import { integer, list, name, refuse, text } from "./kit.js";

const textInput = {
  type: z.literal(4),
  id,
  custom_id: customId,
  style: integer(1, 2),
  min_length: optional(integer(0, 4000)),
  max_length: optional(integer(1, 4000)),
  required: optional(z.boolean()),
  value: optional(text(4000)),
  placeholder: optional(text(100)),
};
const inOrder = (
  input: { min_length?: number | undefined; max_length?: number | undefined },
  context: z.RefinementCtx,
): void => {
  if ((input.min_length ?? 0) > (input.max_length ?? 4000))
    refuse(
      context,
      ["min_length"],
      "TEXT_INPUT_MIN_LENGTH_GREATER_THAN_MAX",
      "Min length must not be greater than max length",
    );
};
const ModalRow = z.strictObject({
  type: z.literal(1),
  id,
  components: list(z.strictObject({ ...textInput, label: name(45) }).superRefine(inOrder), 1, 1),
});
const Label = z.strictObject({
  type: z.literal(18),
  id,
  label: name(45),
  description: optional(text(100)),
  component: z.discriminatedUnion("type", [z.strictObject(textInput).superRefine(inOrder), ...selects]),
});

export const ModalForm = z
  .strictObject({
    custom_id: customId,
    title: name(45),
    components: list(z.discriminatedUnion("type", [ModalRow, Label, TextDisplay]), 5, 1),
  })
  .superRefine((modal, context) => {
    checkCustomIds(modal.components, context);
  });
