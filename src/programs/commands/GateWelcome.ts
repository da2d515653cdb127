import { ChannelType } from "discord.js";
import { Effect, Option } from "effect";
import type { SettingsPatch } from "../../domain/Settings.js";
import { Settings } from "../../services/Settings.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { welcomeChannels, welcomeRole } from "../views/GateReports.js";
import { save } from "./save.js";

const channel = (description: string) =>
  Options.optional(
    Options.channel({ description, types: [ChannelType.GuildText, ChannelType.GuildAnnouncement] }),
  );

/** What is named is saved; without anything, what is set is shown. */
export const gateWelcomeChannels = Command.subcommand({
  name: "channels",
  description: "Show or choose the channels that {info} and {rules} stand for",
  rung: "admin",
  options: { info: channel("What {info} stands for"), rules: channel("What {rules} stands for") },
  handler: ({ guildId, actor, options: { info, rules } }) =>
    Effect.gen(function* () {
      const patch: SettingsPatch = {
        ...Option.match(info, { onNone: () => ({}), onSome: (infoChannelId) => ({ infoChannelId }) }),
        ...Option.match(rules, { onNone: () => ({}), onSome: (rulesChannelId) => ({ rulesChannelId }) }),
      };
      if (Object.keys(patch).length > 0)
        return yield* save(guildId, actor.id, patch, "gate welcome channels");
      const settings = yield* Settings;
      return Private(welcomeChannels(yield* settings.get(guildId)));
    }),
});

export const gateWelcomeRole = Command.subcommand({
  name: "role",
  description: "Show or choose who is pinged when somebody is welcomed",
  rung: "admin",
  options: { role: Options.optional(Options.role({ description: "The role to ping" })) },
  handler: ({ guildId, actor, options: { role } }) =>
    Effect.gen(function* () {
      if (Option.isSome(role))
        return yield* save(guildId, actor.id, { pingRoleId: role.value }, "gate welcome role");
      const settings = yield* Settings;
      return Private(welcomeRole(yield* settings.get(guildId)));
    }),
});
