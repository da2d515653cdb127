import {
  type APIApplicationCommand,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from "discord.js";
import { Context, Effect, Layer } from "effect";
import type { GuildId } from "../domain/Ids.js";
import { AppConfig, type AppConfigShape } from "./Config.js";
import { makeRest } from "./discord/Rest.js";
import { fromRegistry, type RegistryError } from "./discord/RegistryErrors.js";

export type Definition = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** Where commands are registered: in a guild, or with `null` everywhere. */
export type Scope = GuildId | null;

/** Where Discord keeps the bot's slash commands. */
export class CommandRegistry extends Context.Tag("app/CommandRegistry")<
  CommandRegistry,
  {
    /** What is registered there now, as Discord tells it: with its ids and defaults. */
    readonly list: (scope: Scope) => Effect.Effect<ReadonlyArray<APIApplicationCommand>, RegistryError>;
    /** Replaces all commands there. */
    readonly replace: (
      scope: Scope,
      definitions: ReadonlyArray<Definition>,
    ) => Effect.Effect<void, RegistryError>;
  }
>() {}

const make = (config: AppConfigShape) => {
  const rest = makeRest(config);
  const { clientId } = config.discord;
  const route = (scope: Scope) =>
    scope === null ? Routes.applicationCommands(clientId) : Routes.applicationGuildCommands(clientId, scope);
  const ask = <A>(
    scope: Scope,
    definitions: ReadonlyArray<Definition>,
    call: (signal: AbortSignal) => Promise<A>,
  ) => Effect.tryPromise({ try: call, catch: (error) => fromRegistry(error, scope, definitions) });
  return CommandRegistry.of({
    list: (scope) =>
      ask(scope, [], async (signal) => {
        const query = new URLSearchParams({ with_localizations: "true" });
        // discord.js answers `unknown`; Discord's own description of the route says what it is.
        return (await rest.get(route(scope), { query, signal })) as ReadonlyArray<APIApplicationCommand>;
      }),
    replace: (scope, definitions) =>
      Effect.asVoid(
        ask(scope, definitions, (signal) => rest.put(route(scope), { body: definitions, signal })),
      ),
  });
};

export const layer = Layer.effect(CommandRegistry, Effect.map(AppConfig, make));
