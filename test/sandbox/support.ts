/** A sandbox, its driver and a real discord.js client, all closed after the test. */
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import type {
  ButtonInteraction,
  ClientEvents,
  ClientOptions,
  Interaction,
  SendableChannels,
} from "discord.js";
import { assert, onTestFinished } from "vitest";
import { SandboxClient } from "../../sandbox/client.js";
import type { ExampleGuild, ExampleOptions } from "../../sandbox/client.js";
import { startSandbox } from "../../sandbox/index.js";
import type { Sandbox, SandboxOptions } from "../../sandbox/index.js";

export interface Town {
  readonly sandbox: Sandbox;
  readonly driver: SandboxClient;
  readonly guild: ExampleGuild;
}

export const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMembers,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildModeration,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

/** A sandbox with the example guild in it. */
export async function town(
  options: SandboxOptions & { readonly example?: ExampleOptions; readonly expectViolations?: boolean } = {},
): Promise<Town> {
  const { example, expectViolations, ...rest } = options;
  const sandbox = await startSandbox({ checks: true, ...rest });
  onTestFinished(async () => {
    // Whatever a test is about, the bot and the sandbox speak as Discord does.
    const violations = await driver.violations();
    await sandbox.close();
    if (expectViolations !== true) assert.deepEqual(violations, []);
  });
  const driver = await SandboxClient.connect(sandbox.controlUrl);
  return { sandbox, driver, guild: await driver.exampleGuild(example) };
}

export async function bot(
  { sandbox }: Pick<Town, "sandbox">,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = new Client({
    intents: INTENTS,
    ...options,
    rest: { api: sandbox.apiBase, cdn: sandbox.cdnBase, retries: 0, ...options.rest },
  });
  onTestFinished(() => client.destroy());
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(sandbox.token);
  return ready;
}

/** A request as a bot without discord.js sends it, to say what that library would not. */
export async function raw(
  { sandbox }: Pick<Town, "sandbox">,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${sandbox.apiBase}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${sandbox.token}`, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

/** The next time discord.js emits this. */
export function next<E extends keyof ClientEvents>(client: Client, event: E): Promise<ClientEvents[E]> {
  return new Promise((resolve) => client.once(event, (...args) => resolve(args)));
}

/** What a promise is rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("It was not refused");
}

/** Discord's error code, as discord.js throws it. */
export async function code(promise: Promise<unknown>): Promise<number | string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DiscordAPIError) return error.code;
    throw error;
  }
  throw new Error("It was not refused");
}

export const row = (...buttons: ButtonBuilder[]) =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(buttons);
export const button = (id: string, label = id) =>
  new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Success);

/** One question of 5 to 20 characters. */
export const applyModal = () =>
  new ModalBuilder()
    .setCustomId("apply")
    .setTitle("Apply")
    .addLabelComponents(
      new LabelBuilder()
        .setLabel("Why?")
        .setTextInputComponent(
          new TextInputBuilder()
            .setCustomId("why")
            .setStyle(TextInputStyle.Paragraph)
            .setMinLength(5)
            .setMaxLength(20),
        ),
    );

export async function textChannel(client: Client, id: string): Promise<SendableChannels> {
  const channel = await client.channels.fetch(id);
  if (channel?.isSendable() !== true) throw new Error("not a channel to write in");
  return channel;
}

/** Hands out the interactions that reach the bot, in order. */
export function incoming(client: Client): () => Promise<Interaction> {
  const waiting: ((interaction: Interaction) => void)[] = [];
  const arrived: Interaction[] = [];
  client.on(Events.InteractionCreate, (interaction) => {
    const taker = waiting.shift();
    if (taker === undefined) arrived.push(interaction);
    else taker(interaction);
  });
  return () =>
    new Promise((resolve) => {
      const first = arrived.shift();
      if (first === undefined) waiting.push(resolve);
      else resolve(first);
    });
}

/** A button on a message in the gate channel, ready to be pressed. */
export async function withButton({ sandbox, guild }: Town): Promise<{
  client: Client<true>;
  messageId: string;
  channelId: string;
  interactions: () => Promise<ButtonInteraction>;
}> {
  const client = await bot({ sandbox });
  const channel = await textChannel(client, guild.channels.gate);
  const message = await channel.send({ content: "Welcome", components: [row(button("verify", "Verify"))] });
  const take = incoming(client);
  return {
    client,
    messageId: message.id,
    channelId: channel.id,
    interactions: async () => {
      const interaction = await take();
      if (!interaction.isButton()) throw new Error("not a button");
      return interaction;
    },
  };
}
