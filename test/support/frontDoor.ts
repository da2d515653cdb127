/** What people do at the front door, as hands do it in the Discord client; and how to read what they are shown. */
import type {
  ExampleGuild,
  Modal,
  Outcome,
  SandboxClient,
  WireComponent,
  WireMessage,
} from "../../sandbox/client.js";

/** A guild of the sandbox, seen from outside. */
export interface Door {
  readonly client: SandboxClient;
  readonly guild: ExampleGuild;
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Reads again and again until it holds or time is up. @returns what was read last. */
export const eventually = async <A>(
  read: () => Promise<A>,
  holds: (value: A) => boolean,
  limitMs = 10_000,
): Promise<A> => {
  const end = performance.now() + limitMs;
  let value = await read();
  while (!holds(value) && performance.now() < end) {
    await sleep(25);
    value = await read();
  }
  return value;
};

/** `/gate setup` with every channel and role of the example guild, as its admin. */
export const setUpGate = async (
  { client, guild }: Door,
  change: Record<string, string> = {},
): Promise<Outcome> => {
  const { channels, roles, adminId, guildId } = guild;
  const options = {
    review_channel: channels.review,
    gate_channel: channels.gate,
    general_channel: channels.general,
    accepted_role: roles.member,
    reviewer_role: roles.moderator,
    logging_channel: channels.logs,
    ...change,
  };
  const outcome = await client
    .as(adminId, guildId)
    .slash(channels.logs, "gate", options, { subcommand: "setup", until: "settled" });
  // The answer is edited once the gate message is there.
  return eventually(
    () => client.outcome(outcome.interactionId),
    ({ reply }) => !(reply?.content.includes("⏳") ?? false),
  );
};

/** The gate messages: those of the bot with a Verify button. There should be one. */
export const gateMessages = async ({ client, guild }: Door): Promise<ReadonlyArray<WireMessage>> =>
  (await client.messages(guild.channels.gate)).filter((message) => buttonsOf(message).includes("Verify"));

export const pressVerify = async (door: Door, userId: string): Promise<Outcome> => {
  const [gate] = await gateMessages(door);
  if (gate === undefined) throw new Error("There is no gate message");
  return door.client.as(userId, door.guild.guildId).press(door.guild.channels.gate, gate.id, "Verify");
};

export const modalOf = (outcome: Outcome): Modal => {
  if (outcome.modal === undefined) throw new Error(`No form came: ${outcome.failed ?? told(outcome)}`);
  return outcome.modal;
};

const flatten = (components: ReadonlyArray<WireComponent>): ReadonlyArray<WireComponent> =>
  components.flatMap((component) => [
    component,
    ...flatten(component.components ?? []),
    ...(component.component === undefined ? [] : flatten([component.component])),
  ]);

const TEXT_INPUT = 4;
const BUTTON = 2;

/** The text inputs of a form, in order. */
export const inputsOf = (modal: Modal): ReadonlyArray<WireComponent & { readonly custom_id: string }> =>
  flatten(modal.components).flatMap((component) =>
    component.type === TEXT_INPUT && component.custom_id !== undefined
      ? [{ ...component, custom_id: component.custom_id }]
      : [],
  );

/** The buttons that can be pressed: custom ids by label. */
export const buttonIdsOf = (message: WireMessage): ReadonlyMap<string, string> =>
  new Map(
    flatten(message.components).flatMap(({ type, label, disabled, custom_id }) =>
      type === BUTTON && disabled !== true && label !== undefined && custom_id !== undefined
        ? [[label, custom_id] as const]
        : [],
    ),
  );

/** Labels of the buttons that can be pressed. */
export const buttonsOf = (message: WireMessage): ReadonlyArray<string> => [...buttonIdsOf(message).keys()];

const CALM = [
  "A friend of mine is here and told me about it.",
  "I would like to talk with people who like the same things.",
  "I draw, I cook, and I read more than I should.",
  "Yes, a small one; we still write to each other.",
  "People listen, and help each other when it matters.",
];

/** An answer for every field: one text for all, or one each. */
export const filled = (modal: Modal, texts: string | ReadonlyArray<string> = CALM): Record<string, string> =>
  Object.fromEntries(
    inputsOf(modal).map(({ custom_id }, index) => [
      custom_id,
      typeof texts === "string" ? texts : (texts[index % texts.length] ?? ""),
    ]),
  );

/** Everything the bot told somebody in answer to one interaction. */
export const told = ({ ackType, reply, followUps }: Outcome): string =>
  [...(ackType === "update" || ackType === "deferUpdate" || reply === undefined ? [] : [reply]), ...followUps]
    .map(({ content }) => content)
    .join("\n");

/** The code of an application that was confirmed to the applicant; none when it was not. */
export const confirmedCode = (outcome: Outcome): string | undefined =>
  /Your application \*\*#([0-9a-f]{6})\*\* is in\. A moderator reads it/.exec(told(outcome))?.[1];

/** From Verify to the confirmation. @returns the application's code. */
export const applyAs = async (
  door: Door,
  userId: string,
  texts?: string | ReadonlyArray<string>,
): Promise<string> => {
  const modal = modalOf(await pressVerify(door, userId));
  const outcome = await door.client
    .as(userId, door.guild.guildId)
    .submitModal(modal, filled(modal, texts), { until: "settled" });
  const code = confirmedCode(outcome);
  if (code === undefined) throw new Error(`Not confirmed: ${outcome.failed ?? told(outcome)}`);
  return code;
};

/** Title, description, fields and footer of all embeds as one text. */
export const embedText = (message: WireMessage): string =>
  message.embeds
    .flatMap(({ author, title, description, fields, footer }) => [
      author?.name,
      title,
      description,
      ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
      footer?.text,
    ])
    .filter((part) => part !== undefined)
    .join("\n");

/** The review cards of one application. There should be one. */
export const cardsOf = async ({ client, guild }: Door, code: string): Promise<ReadonlyArray<WireMessage>> =>
  (await client.messages(guild.channels.review)).filter((message) =>
    message.embeds.some(({ title }) => title === `Application #${code}`),
  );

/** The card of an application, once it is there and, if asked, shows something. */
export const cardOf = (door: Door, code: string, shows = "", limitMs = 10_000): Promise<WireMessage> =>
  cardThat(
    door,
    code,
    (message) => embedText(message).includes(shows) || buttonsOf(message).includes(shows),
    limitMs,
  );

const cardThat = async (
  door: Door,
  code: string,
  holds: (message: WireMessage) => boolean,
  limitMs = 10_000,
): Promise<WireMessage> => {
  const found = await eventually(
    () => cardsOf(door, code),
    (cards) => cards.some(holds),
    limitMs,
  );
  const card = found.find(holds) ?? found[0];
  if (card === undefined) throw new Error(`There is no card of #${code}`);
  return card;
};

/** What is left to press once an application is decided or withdrawn. */
export const LOOKS: ReadonlyArray<string> = ["Copy UID", "View Avatar"];

export const pressCard = async (
  door: Door,
  moderatorId: string,
  code: string,
  label: string,
): Promise<Outcome> => {
  const card = await cardThat(door, code, (message) => buttonsOf(message).includes(label));
  return door.client
    .as(moderatorId, door.guild.guildId)
    .press(door.guild.channels.review, card.id, label, { until: "settled" });
};

/** A button that asks for the reason, and the form sent. */
export const pressWithReason = async (
  door: Door,
  moderatorId: string,
  code: string,
  label: string,
  reason: string,
): Promise<Outcome> => {
  const modal = modalOf(await pressCard(door, moderatorId, code, label));
  return door.client
    .as(moderatorId, door.guild.guildId)
    .submitModal(modal, filled(modal, reason), { until: "settled" });
};

/** How many embeds of the log channel are about an action (`app_submitted`), of one application if told. */
export const logEmbeds = async (
  { client, guild }: Door,
  action: string,
  includes = "",
): Promise<ReadonlyArray<string>> =>
  (await client.messages(guild.channels.logs)).flatMap(({ embeds }) =>
    embeds.flatMap(({ title = "", description = "", footer }) =>
      footer?.text.startsWith(`${action} ·`) === true && `${title}\n${description}`.includes(includes)
        ? [`${title}\n${description}\n${footer.text}`]
        : [],
    ),
  );

/** Direct messages about an application: `received`, `approved`, `rejected`, `perm_rejected`, `kicked`. */
export const dmsAbout = async (
  { client }: Door,
  userId: string,
  code: string,
  topic: string,
): Promise<ReadonlyArray<WireMessage>> =>
  (await client.dmsOf(userId)).filter((message) =>
    message.embeds.some(({ footer }) => footer?.text.endsWith(`#${code} · ${topic}`) === true),
  );
