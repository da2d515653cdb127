/** Turns what a person does into an interaction, with the checks their Discord client makes. */
import type { Action } from "../contract/interactions.js";
import type { WireComponent } from "../contract/wire.js";
import { bit } from "../world/permissions.js";
import type { Interaction, NewInteraction } from "../world/interactionState.js";
import { InteractionType } from "../world/interactionState.js";
import type { Channel, Guild, Message, User } from "../world/state.js";
import type { World } from "../world/World.js";
import { contextMenu, slash } from "./commands.js";
import { modalAnswers, submitted } from "./modal.js";
import { checkChoice, STRING_SELECT } from "./select.js";
import { refuse } from "./refusal.js";
import { resolved } from "./resolve.js";

export interface Place {
  readonly user: User;
  readonly guild: Guild | null;
  readonly channel: Channel;
}

export function act(world: World, action: Action): Interaction {
  switch (action.kind) {
    case "slash":
    case "autocomplete":
      return world.interactions.send(slash(world, at(world, action), action));
    case "contextMenu":
      return world.interactions.send(contextMenu(world, at(world, action), action));
    case "press":
      return world.interactions.send(press(world, at(world, action), action));
    case "submit": {
      const opener = world.interactions.get(action.modalId);
      if (opener === undefined || opener.modal === null)
        return refuse(`No modal was opened by interaction ${action.modalId}`);
      const here = at(world, { ...action, channelId: opener.channel.id });
      return world.interactions.send(submitted(world, opener, here, action.values, action.force ?? false));
    }
    case "forge":
      return world.interactions.send(forge(world, at(world, action), action));
  }
}

/** Where an interaction comes from: the guild that was named, if any, with the bot still in it. */
function at(
  world: World,
  action: { userId: string; guildId?: string | undefined; channelId: string },
): Place {
  const here = place(world, action.userId, action.channelId);
  if (
    action.guildId !== undefined &&
    here.channel.guildId !== null &&
    here.channel.guildId !== action.guildId
  ) {
    refuse(`Channel ${action.channelId} is in another guild than ${action.guildId}`);
  }
  if (here.guild !== null && !world.guilds.hasBot(here.guild)) refuse(`The bot is not in ${here.guild.name}`);
  return here;
}

/** Where the person is; they must see the channel. */
export function place(world: World, userId: string, channelId: string): Place {
  const user = world.user(userId);
  const channel = world.channels.all.get(channelId) ?? refuse(`There is no channel ${channelId}`);
  const guild = channel.guildId === null ? null : world.guild(channel.guildId);
  if (guild !== null && !guild.members.has(user.id)) refuse(`${user.username} is not in ${guild.name}`);
  if ((world.channels.permissionsOf(user.id, channel) & bit("ViewChannel")) === 0n) {
    refuse(`${user.username} cannot see #${channel.name ?? "this direct channel"}`);
  }
  return { user, guild, channel };
}

type Press = Extract<Action, { kind: "press" }>;

function press(world: World, here: Place, action: Press): NewInteraction {
  const message = visible(here, action.messageId);
  const component =
    findComponent(message.components, action.component) ??
    refuse(
      `Message ${message.id} has no component '${action.component}'; it has ${names(message.components)}`,
    );
  if (component.disabled === true) refuse(`'${action.component}' is disabled`);
  if (component.custom_id === undefined)
    refuse(`'${action.component}' is a link: pressing it tells the bot nothing`);
  return {
    type: InteractionType.component,
    ...here,
    source: message,
    opener: null,
    data: {
      id: component.id,
      component_type: component.type,
      custom_id: component.custom_id,
      ...(component.type !== 2 && chosen(world, here, component, action.values ?? [])),
    },
  };
}

function chosen(world: World, at: Place, select: WireComponent, values: readonly string[]): object {
  checkChoice(select, values);
  return select.type === STRING_SELECT ? { values } : { values, resolved: resolved(world, at, values) };
}

/** Any custom id, from a message that may not have it: what a modified client can send. */
function forge(world: World, here: Place, action: Extract<Action, { kind: "forge" }>): NewInteraction {
  const source =
    action.messageId === undefined
      ? latestOfBot(world, here.channel)
      : (here.channel.messages.get(action.messageId) ?? null);
  if (action.type === "modal") {
    return {
      type: InteractionType.modal,
      ...here,
      source: null,
      opener: null,
      data: { custom_id: action.customId, components: modalAnswers(action.values ?? {}) },
    };
  }
  if (source === null) refuse("A forged press needs a message of the bot in that channel");
  return {
    type: InteractionType.component,
    ...here,
    source,
    opener: null,
    data: {
      id: 1,
      component_type: action.componentType ?? 2,
      custom_id: action.customId,
      ...(action.selected !== undefined && { values: action.selected }),
    },
  };
}

function latestOfBot(world: World, channel: Channel): Message | null {
  return (
    [...channel.messages.values()].reverse().find((message) => message.author.id === world.bot.id) ?? null
  );
}

/** A message that is there, and is not somebody else's ephemeral one. */
function visible(at: Place, messageId: string): Message {
  const message = at.channel.messages.get(messageId);
  if (message === undefined || (message.ephemeralFor !== null && message.ephemeralFor !== at.user.id)) {
    return refuse(`${at.user.username} sees no message ${messageId} in that channel`);
  }
  return message;
}

function findComponent(components: readonly WireComponent[], wanted: string): WireComponent | undefined {
  const all = flatten(components).filter(
    (component) => component.custom_id !== undefined || component.url !== undefined,
  );
  return (
    all.find((component) => component.custom_id === wanted) ??
    all.find((component) => component.label === wanted)
  );
}

export function flatten(components: readonly WireComponent[]): WireComponent[] {
  return components.flatMap((component) => [
    component,
    ...flatten(component.components ?? []),
    ...(component.component === undefined ? [] : flatten([component.component])),
    ...(component.accessory === undefined ? [] : flatten([component.accessory])),
  ]);
}

function names(components: readonly WireComponent[]): string {
  const all = flatten(components).flatMap(({ custom_id: id, label }) =>
    id === undefined ? [] : [label === undefined ? id : `${label} (${id})`],
  );
  return all.length === 0 ? "none" : all.join(", ");
}
