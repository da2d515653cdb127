import { Console, Effect, Layer, Option, Schema } from "effect";
import { GuildId } from "../../domain/Ids.js";
import * as CommandRegistry from "../../layers/CommandRegistry.js";
import { AppConfig } from "../../layers/Config.js";
import * as Config from "../../layers/Config.js";
import { commands } from "../commands/index.js";
import { describe } from "../views/ErrorText.js";

/** The operator asked for something that does not work; the message is all that is printed. */
export class CliFailed extends Schema.TaggedError<CliFailed>()("CliFailed", { message: Schema.String }) {}

const definitions = commands.map(({ definition }) => definition);

const replace = (guildId: GuildId | null) =>
  Effect.gen(function* () {
    const registry = yield* CommandRegistry.CommandRegistry;
    yield* Effect.mapError(
      registry.replace(guildId, definitions),
      (error) => new CliFailed({ message: `The commands were not registered. ${describe(error)}` }),
    );
    const where = guildId === null ? "everywhere (may take an hour to show)" : `in server ${guildId}`;
    yield* Console.log(`${definitions.length} commands registered ${where}.`);
  });

const USAGE = "Use --all for everywhere, --guild ID for one server, or nothing for the server of GUILD_ID.";

/** `--all` registers globally, `--guild ID` in one guild; without either, in the guild of `GUILD_ID`, else globally. */
export const deploy = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const [flag, id, ...rest] = args;
    if (rest.length > 0) return yield* new CliFailed({ message: USAGE });
    if (flag === "--all" && id === undefined) return yield* replace(null);
    if (flag === "--guild") {
      const guildId = yield* Effect.mapError(
        Schema.decodeUnknown(GuildId)(id),
        () => new CliFailed({ message: `--guild wants the id of a server, 17 to 20 digits. ${USAGE}` }),
      );
      return yield* replace(guildId);
    }
    if (flag !== undefined) return yield* new CliFailed({ message: USAGE });
    const { discord } = yield* AppConfig;
    return yield* replace(Option.getOrNull(discord.guildId));
  }).pipe(
    Effect.provide(Layer.provideMerge(CommandRegistry.layer, Config.layer)),
    Effect.tapError((error) => Console.error(error.message)),
  );

/** Every command with its subcommands and options, a line each. */
export const print = Effect.forEach(
  definitions,
  ({ name, description, options = [] }) =>
    Effect.zipRight(
      Console.log(`/${name}  ${description}`),
      Effect.forEach(options, (option) => Console.log(`    ${option.name}  ${option.description}`), {
        discard: true,
      }),
    ),
  { discard: true },
);
