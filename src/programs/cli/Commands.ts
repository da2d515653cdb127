import { parseArgs } from "node:util";
import { Console, Effect, Layer, Option, Schema } from "effect";
import { GuildId } from "../../domain/Ids.js";
import * as Registry from "../../layers/CommandRegistry.js";
import * as Config from "../../layers/Config.js";
import { commands } from "../commands/index.js";
import { readArguments } from "./Arguments.js";
import { CliFailed } from "./CliFailed.js";
import { difference, isEmpty, lines } from "./CommandDiff.js";
import * as CommandTable from "./CommandTable.js";

const definitions = commands.map(({ definition }) => definition);

const USAGE = `Usage: [--all | --guild ID] [--dry-run] [--clear]
  --all       npm run deploy:cmds: everywhere; npm run sync:cmds: all commands into the server of GUILD_ID
  --guild ID  one server, whatever --all would mean
  --dry-run   show what would change and send nothing
  --clear     take the commands away there`;

interface Asked {
  readonly scope: Registry.Scope;
  readonly dryRun: boolean;
  readonly clear: boolean;
}

const read = (args: ReadonlyArray<string>) =>
  Effect.try({
    try: () =>
      parseArgs({
        args: [...args],
        options: {
          all: { type: "boolean", default: false },
          guild: { type: "string" },
          "dry-run": { type: "boolean", default: false },
          clear: { type: "boolean", default: false },
        },
      }).values,
    catch: () => new CliFailed({ message: USAGE }),
  });

const ask = (args: ReadonlyArray<string>, scopeOfAll: Registry.Scope) =>
  Effect.gen(function* () {
    const { all, guild, clear, "dry-run": dryRun } = yield* read(args);
    if (!all && guild === undefined) return yield* new CliFailed({ message: USAGE });
    const scope =
      guild === undefined
        ? scopeOfAll
        : yield* Effect.mapError(
            Schema.decodeUnknown(GuildId)(guild),
            () => new CliFailed({ message: `--guild wants the id of a server, 17 to 20 digits.\n${USAGE}` }),
          );
    return { scope, dryRun, clear } satisfies Asked;
  });

const where = (scope: Registry.Scope): string => (scope === null ? "everywhere" : `in server ${scope}`);

const plural = (count: number): string => `${count} ${count === 1 ? "command" : "commands"}`;

/** Shows what differs from what Discord has, and sends only when something does. */
const register = ({ scope, dryRun, clear }: Asked) =>
  Effect.gen(function* () {
    const registry = yield* Registry.CommandRegistry;
    const wanted = clear ? [] : definitions;
    const found = difference(yield* registry.list(scope), wanted, scope);
    if (isEmpty(found)) {
      yield* Console.log(`${plural(wanted.length)} ${where(scope)}, as they should be. Nothing was sent.`);
      return;
    }
    const { added, changed, removed, same } = found;
    yield* Console.log(`Slash commands ${where(scope)}:`);
    yield* Effect.forEach(lines(found), (line) => Console.log(line), { discard: true });
    yield* Console.log(
      `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${same} as they are.`,
    );
    if (dryRun) {
      yield* Console.log("Dry run: nothing was sent.");
      return;
    }
    yield* registry.replace(scope, wanted);
    const delay = scope === null ? " It may take an hour until everybody sees it." : "";
    yield* Console.log(`Sent: ${plural(wanted.length)} ${where(scope)}.${delay}`);
  });

/** Discord shows a command twice in a guild that has it and everywhere. */
const warnOfDoubles = (scope: Registry.Scope, guildId: Option.Option<GuildId>) =>
  Effect.gen(function* () {
    const other = scope === null ? Option.getOrNull(guildId) : null;
    if (other === scope) return;
    const registry = yield* Registry.CommandRegistry;
    const names = new Set(definitions.map(({ name }) => name));
    // A hint is not worth a failure: the bot may have left that guild.
    const there = yield* Effect.orElseSucceed(registry.list(other), () => []);
    if (!there.some(({ name }) => names.has(name))) return;
    const remedy = other === null ? "npm run deploy:cmds -- --clear" : "npm run sync:cmds -- --clear";
    yield* Console.log(
      `note: the same commands are also registered ${where(other)}, so people see them twice. To take them away there: ${remedy}`,
    );
  });

const program = (args: ReadonlyArray<string>, all: "everywhere" | "guild") =>
  Effect.gen(function* () {
    const { discord } = yield* Config.AppConfig;
    const asked = yield* ask(args, all === "guild" ? Option.getOrNull(discord.guildId) : null);
    yield* register(asked);
    if (!asked.clear) yield* warnOfDoubles(asked.scope, discord.guildId);
  }).pipe(
    Effect.provide(Layer.provideMerge(Registry.layer, Config.layer)),
    Effect.tapError((error) => Console.error(error.message)),
  );

/** `npm run deploy:cmds`: `--all` registers everywhere, `--guild ID` in one guild. */
export const deploy = (args: ReadonlyArray<string>) => program(args, "everywhere");

/** `npm run sync:cmds`: `--all` registers all commands in the guild of `GUILD_ID`, or everywhere without one. */
export const sync = (args: ReadonlyArray<string>) => program(args, "guild");

/** Every command with who may use it, its subcommands and options; with `--json` as Discord is told. */
export const print = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { json = false } = yield* readArguments(
      args,
      { json: { type: "boolean" } },
      "Use --json for what Discord is told, or nothing for a table.",
    );
    yield* Console.log(json ? JSON.stringify(definitions, null, 2) : CommandTable.render(commands));
  }).pipe(Effect.tapError((error) => Console.error(error.message)));
