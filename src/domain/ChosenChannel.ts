import { Schema } from "effect";
import { ChannelId } from "./Ids.js";

export const ChosenChannel = Schema.Struct({
  channelId: ChannelId,
  from: Schema.Literal("guild", "default").annotations({
    description:
      "Who chose it: the guild's settings, or the environment for every guild without a choice of its own.",
  }),
});
export type ChosenChannel = typeof ChosenChannel.Type;

/** Whether something could be posted there at this moment, point by point. */
export const ChosenChannelHealth = Schema.Struct({
  ...ChosenChannel.fields,
  exists: Schema.Boolean.annotations({
    description: "Somewhere the bot can see; `false` for a deleted channel.",
  }),
  inGuild: Schema.Boolean.annotations({
    description: "A channel of another guild is never used: its members would read what is this guild's.",
  }),
  isText: Schema.Boolean,
  rights: Schema.Struct({
    ViewChannel: Schema.Boolean,
    SendMessages: Schema.Boolean,
    EmbedLinks: Schema.Boolean,
  }),
  outage: Schema.Boolean.annotations({
    description: "Discord has an outage and says nothing of this guild: the points above are not known.",
  }),
  usable: Schema.Boolean.annotations({ description: "All of the above is well." }),
});
export type ChosenChannelHealth = typeof ChosenChannelHealth.Type;
