/**
 * Discord's limits for messages and forms, as its documentation gives them. Lengths are counted in UTF-16 units: Discord
 * counts characters, of which there are never more.
 */
import { type APIEmbed, type APIMessageTopLevelComponent, ComponentType } from "discord.js";
import type { MessagePayload, ModalPayload } from "../../src/layers/discord/Interaction.js";

type Problems = ReadonlyArray<string>;

const atMost = (what: string, text: string | undefined, max: number): Problems =>
  text !== undefined && text.length > max ? [`${what} has ${text.length} of ${max}`] : [];

/** Discord trims what it is sent: blanks are nothing. */
const filled = (what: string, text: string | undefined, max: number): Problems =>
  text === undefined || text.trim() === "" ? [`${what} is empty`] : atMost(what, text, max);

const whole = (what: string, text: string | undefined): Problems =>
  text !== undefined && /\p{Surrogate}/u.test(text) ? [`${what} holds half a character`] : [];

const embedLength = (embed: APIEmbed): number =>
  [
    embed.title,
    embed.description,
    embed.footer?.text,
    embed.author?.name,
    ...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ].reduce((sum, text) => sum + (text?.length ?? 0), 0);

const embedProblems = (embed: APIEmbed): Problems => [
  ...atMost("title", embed.title, 256),
  ...atMost("description", embed.description, 4_096),
  ...atMost("footer", embed.footer?.text, 2_048),
  ...(embed.author === undefined ? [] : filled("author", embed.author.name, 256)),
  ...((embed.fields ?? []).length > 25 ? [`${embed.fields?.length} fields of 25`] : []),
  ...(embed.fields ?? []).flatMap(({ name, value }, index) => [
    ...filled(`name of field ${index}`, name, 256),
    ...filled(`value of field ${index}`, value, 1_024),
    ...whole(`field ${index}`, name + value),
  ]),
  ...whole("title", embed.title),
  ...whole("description", embed.description),
  ...whole("author", embed.author?.name),
];

const duplicates = (ids: ReadonlyArray<string>): Problems =>
  new Set(ids).size === ids.length ? [] : [`custom ids are not unique: ${ids.join(", ")}`];

/** Every custom id in a message. */
export const customIdsOf = ({ components = [] }: MessagePayload): ReadonlyArray<string> =>
  components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((component) => ("custom_id" in component ? [component.custom_id] : []))
      : [],
  );

const rowProblems = (row: APIMessageTopLevelComponent): Problems => {
  if (row.type !== ComponentType.ActionRow) return [];
  return [
    ...(row.components.length < 1 || row.components.length > 5
      ? [`${row.components.length} buttons in a row`]
      : []),
    ...row.components.flatMap((component) => [
      ...("label" in component ? filled("label of a button", component.label, 80) : []),
      ...("custom_id" in component ? filled("custom id", component.custom_id, 100) : []),
    ]),
  ];
};

/** What Discord would refuse in a message; nothing when all is well. */
export const messageProblems = (message: MessagePayload): Problems => {
  const { content, embeds = [], components = [] } = message;
  const total = embeds.reduce((sum, embed) => sum + embedLength(embed), 0);
  return [
    ...(content === undefined && embeds.length === 0 ? ["a message of nothing"] : []),
    ...(content === undefined ? [] : filled("content", content, 2_000)),
    ...whole("content", content),
    ...(embeds.length > 10 ? [`${embeds.length} embeds of 10`] : []),
    ...(total > 6_000 ? [`${total} characters of 6000 in all embeds`] : []),
    ...embeds.flatMap(embedProblems),
    ...(components.length > 5 ? [`${components.length} rows of 5`] : []),
    ...components.flatMap(rowProblems),
    ...duplicates(customIdsOf(message)),
  ];
};

/** What people read in a form, in order, and the fields they fill. */
export const formOf = (modal: ModalPayload) => {
  const shown: Array<string> = [];
  const inputs: Array<{ readonly id: string; readonly value: string | undefined }> = [];
  for (const component of modal.components) {
    if (component.type === ComponentType.TextDisplay) shown.push(component.content);
    if (component.type === ComponentType.Label) {
      shown.push(component.label);
      if (component.description != null) shown.push(component.description);
      if (component.component.type === ComponentType.TextInput) {
        inputs.push({ id: component.component.custom_id, value: component.component.value });
      }
    }
  }
  return { shown, inputs };
};

/** What Discord would refuse in a form; nothing when all is well. */
export const modalProblems = (modal: ModalPayload): Problems => [
  ...filled("title", modal.title, 45),
  ...filled("custom id", modal.custom_id, 100),
  ...(modal.components.length < 1 || modal.components.length > 5
    ? [`${modal.components.length} components of 5`]
    : []),
  ...modal.components.flatMap((component) => {
    if (component.type === ComponentType.TextDisplay) return filled("text", component.content, 4_000);
    if (component.type !== ComponentType.Label)
      return ["a component that is neither text nor a labelled field"];
    const { label, description, component: input } = component;
    return [
      ...filled("label", label, 45),
      ...(description == null ? [] : filled("description", description, 100)),
      ...whole("label", label),
      ...(input.type === ComponentType.TextInput
        ? atMost("value", input.value, 4_000)
        : ["not a text field"]),
      ...("value" in input ? whole("value", input.value) : []),
    ];
  }),
  ...duplicates([...formOf(modal).inputs.map(({ id }) => id)]),
];
