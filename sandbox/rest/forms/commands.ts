/** The definitions of application commands. */
import { z } from "zod";
import { length } from "../../characters.js";
import type { CommandOption } from "../../world/state.js";
import { filled, integer, list, name, permissionBits, refuse, text } from "./kit.js";

const CHAT_INPUT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const localized = z.record(z.string(), z.string()).nullish();
const absent = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const chatInputName = z
  .string()
  .refine((value) => CHAT_INPUT_NAME.test(value) && value === value.toLowerCase(), {
    error: "APPLICATION_COMMAND_INVALID_NAME|Command name is invalid",
  });
const Choice = z.strictObject({
  name: name(100),
  name_localizations: localized,
  value: z.union([text(100), z.number()]),
});

const optionParts = {
  type: integer(1, 11),
  name: chatInputName,
  name_localizations: localized,
  description: filled(100),
  description_localizations: localized,
  required: absent(z.boolean()),
  autocomplete: absent(z.boolean()),
  choices: absent(list(Choice, 25)),
  channel_types: absent(z.array(z.number().int())),
  min_value: absent(z.number()),
  max_value: absent(z.number()),
  min_length: absent(integer(0, 6000)),
  max_length: absent(integer(1, 6000)),
};
const Value = z.strictObject(optionParts);
const Subcommand = z.strictObject({ ...optionParts, options: absent(list(Value, 25)) });
const Option = z
  .strictObject({ ...optionParts, options: absent(list(Subcommand, 25)) })
  .superRefine((option, context) => checkOption(option, context, []));

const SUBCOMMAND = 1;
const GROUP = 2;

function checkOption(option: CommandOption, context: z.RefinementCtx, path: PropertyKey[]): void {
  if (option.autocomplete === true && (option.choices?.length ?? 0) > 0) {
    refuse(
      context,
      [...path, "autocomplete"],
      "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
      "Choices cannot be specified for autocomplete options",
    );
  }
  if (option.type === GROUP && option.options?.some(({ type }) => type !== SUBCOMMAND) === true) {
    refuse(
      context,
      [...path, "options"],
      "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
      "Sub-command groups can only contain sub-commands",
    );
  }
  checkOptions(option.options ?? [], context, [...path, "options"]);
  option.options?.forEach((inner, index) => checkOption(inner, context, [...path, "options", index]));
}

function checkOptions(
  options: readonly CommandOption[],
  context: z.RefinementCtx,
  path: PropertyKey[],
): void {
  const names = new Set<string>();
  let optional = false;
  options.forEach((option, index) => {
    if (names.has(option.name))
      refuse(
        context,
        [...path, index, "name"],
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        "Option name already exists",
      );
    names.add(option.name);
    if (option.type <= GROUP) return;
    if (option.required === true && optional) {
      refuse(
        context,
        [...path, index],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
    }
    optional ||= option.required !== true;
  });
}

const command = {
  type: absent(integer(1, 3)),
  name: name(32),
  name_localizations: localized,
  description: absent(text(100)),
  description_localizations: localized,
  options: absent(list(Option, 25)),
  default_member_permissions: permissionBits.nullish(),
  default_permission: absent(z.boolean()),
  dm_permission: absent(z.boolean()),
  contexts: z.array(integer(0, 2)).nullish(),
  integration_types: absent(z.array(integer(0, 1))),
  nsfw: absent(z.boolean()),
  handler: absent(z.number()),
  id: z.string().optional(),
};

/** All text of a chat-input command together: names, descriptions and values. */
const MAX_TOTAL = 8_000;

export const CommandForm = z.strictObject(command).superRefine((form, context) => {
  checkOptions(form.options ?? [], context, ["options"]);
  if ((form.type ?? 1) === 1) {
    if (!chatInputName.safeParse(form.name).success)
      refuse(context, ["name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    if ((form.description ?? "") === "")
      refuse(context, ["description"], "BASE_TYPE_REQUIRED", "This field is required");
    if (size(form) > MAX_TOTAL)
      refuse(context, [], "APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${MAX_TOTAL})`);
  } else if ((form.description ?? "") !== "") {
    refuse(
      context,
      ["description"],
      "APPLICATION_COMMAND_DESCRIPTION_INVALID",
      "Context menu commands cannot have description",
    );
  }
});

export const CommandPatchForm = z.strictObject({ ...command, name: name(32).optional() });

function size(of: {
  name: string;
  description?: string | undefined;
  options?: readonly CommandOption[] | undefined;
}): number {
  return (
    length(of.name) +
    length(of.description ?? "") +
    (of.options ?? []).reduce(
      (sum, option) =>
        sum +
        size(option) +
        (option.choices ?? []).reduce(
          (all, choice) => all + length(choice.name) + length(String(choice.value)),
          0,
        ),
      0,
    )
  );
}
