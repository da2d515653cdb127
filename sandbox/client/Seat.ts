import type { OptionValues } from "../contract/interactions.js";
import type { WireComponent, WireMessage } from "../contract/wire.js";
import type { ActOptions, Actor, Answered } from "./Actor.js";

/** A person in one channel, where things are found by what is written on them:
 *  `const alice = driver.as(id, guildId).in(channelId); await alice.press("Verify")`. */
export class Seat {
  constructor(
    readonly person: Actor,
    readonly channelId: string,
  ) {}

  /** Of the newest message they see with this button: by label or custom id. */
  press(component: string, options: ActOptions = {}): Promise<Answered> {
    return this.use(component, options);
  }

  /** Of the newest message they see with this select menu: by custom id. */
  choose(component: string, values: readonly string[], options: ActOptions = {}): Promise<Answered> {
    return this.use(component, { ...options, values });
  }

  /** With its subcommand as typed: `slash("gate setup", { review: id })`. */
  slash(
    command: string,
    values: OptionValues = {},
    options: ActOptions & { readonly force?: boolean } = {},
  ): Promise<Answered> {
    const { name, ...path } = typed(command);
    return this.person.slash(this.channelId, name, values, { ...options, ...path });
  }

  /** The choices offered while they type into `focused`. */
  async autocomplete(command: string, focused: string, values: OptionValues): Promise<Answered["choices"]> {
    const { name, ...path } = typed(command);
    return (await this.person.autocomplete(this.channelId, name, focused, values, path)).choices;
  }

  /** A command of the Apps menu on a message or a person. */
  apps(command: string, targetId: string, options: ActOptions = {}): Promise<Answered> {
    return this.person.contextMenu(this.channelId, command, targetId, options);
  }

  say(content: string): Promise<WireMessage> {
    return this.person.say(this.channelId, content);
  }

  messages(): Promise<WireMessage[]> {
    return this.person.messages(this.channelId);
  }

  private async use(
    component: string,
    options: ActOptions & { readonly values?: readonly string[] },
  ): Promise<Answered> {
    const newest = (await this.messages()).reverse().find((message) => offers(message, component));
    if (newest === undefined) throw new Error(`No message there has '${component}'`);
    return this.person.press(this.channelId, newest.id, component, options);
  }
}

function typed(command: string): { name: string; group?: string; subcommand?: string } {
  const [name = "", first, second] = command.split(" ");
  if (first === undefined) return { name };
  return second === undefined ? { name, subcommand: first } : { name, group: first, subcommand: second };
}

/** Whether a message has a component with this label or custom id. */
export function offers(message: WireMessage, wanted: string): boolean {
  const has = (component: WireComponent): boolean =>
    component.custom_id === wanted ||
    component.label === wanted ||
    (component.components ?? []).some(has) ||
    (component.accessory !== undefined && has(component.accessory));
  return message.components.some(has);
}
