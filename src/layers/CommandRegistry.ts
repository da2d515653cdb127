import { type RESTPostAPIChatInputApplicationCommandsJSONBody, Routes } from "discord.js";
import { Context, Effect, Layer } from "effect";
import type { GuildId } from "../domain/Ids.js";
import { AppConfig } from "./Config.js";
import { type DiscordError, fromDiscord } from "./discord/Errors.js";
import { makeRest } from "./discord/Rest.js";

/** Where Discord keeps the bot's slash commands. */
export class CommandRegistry extends Context.Tag("app/CommandRegistry")<
  CommandRegistry,
  {
    /** Replaces all commands of a guild, or with `null` the global ones. */
    readonly replace: (
      guildId: GuildId | null,
      definitions: ReadonlyArray<RESTPostAPIChatInputApplicationCommandsJSONBody>,
    ) => Effect.Effect<void, DiscordError>;
  }
>() {}

export const layer = Layer.effect(
  CommandRegistry,
  Effect.map(AppConfig, (config) => {
    const rest = makeRest(config);
    const { clientId } = config.discord;
    return CommandRegistry.of({
      replace: (guildId, definitions) =>
        Effect.asVoid(
          Effect.tryPromise({
            try: (signal) =>
              rest.put(
                guildId === null
                  ? Routes.applicationCommands(clientId)
                  : Routes.applicationGuildCommands(clientId, guildId),
                { body: definitions, signal },
              ),
            catch: (error) => fromDiscord(error, "applications.commands"),
          }),
        ),
    });
  }),
);
