import { Console, Effect, Layer, Schema } from "effect";
import { GuildId } from "../../domain/Ids.js";
import * as Config from "../../layers/Config.js";
import * as Database from "../../layers/Database.js";
import * as AuditChain from "../../services/AuditChain.js";
import { problemLine } from "../views/ChainReport.js";
import { readArguments } from "./Arguments.js";
import { CliFailed } from "./CliFailed.js";

const USAGE = "Use --guild ID for one server and --json for a machine; nothing for every server.";

const reportLines = ({ guildId, rows, end, problems, problemCount }: AuditChain.ChainReport) =>
  problemCount === 0
    ? [`server ${guildId}: ${rows} rows, whole. It ends with row ${end?.seq ?? 0}, ${end?.hash ?? "no hash"}`]
    : [
        `server ${guildId}: ${rows} rows, NOT whole: ${problemCount} ${problemCount === 1 ? "problem" : "problems"}`,
        ...problems.map((problem) => `  ${problemLine(problem)}`),
        ...(problemCount > problems.length ? [`  … and ${problemCount - problems.length} more`] : []),
      ];

/** Checks the log of every guild, or of one; fails, after the report, when a log is not whole. */
export const program = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const options = { guild: { type: "string" }, json: { type: "boolean" } } as const;
    const { guild, json = false } = yield* readArguments(args, options, USAGE);
    const chain = yield* AuditChain.AuditChain;
    const guilds =
      guild === undefined
        ? yield* chain.guilds
        : [
            yield* Effect.mapError(
              Schema.decodeUnknown(GuildId)(guild),
              () => new CliFailed({ message: `--guild wants the id of a server, 17 to 20 digits. ${USAGE}` }),
            ),
          ];
    const reports = yield* Effect.forEach(guilds, chain.verify);
    const whole = reports.every(({ problemCount }) => problemCount === 0);
    yield* json
      ? Console.log(JSON.stringify({ whole, guilds: reports }, null, 2))
      : Effect.forEach(reports.flatMap(reportLines), (line) => Console.log(line), { discard: true });
    if (!json && reports.length === 0) yield* Console.log("The log is empty.");
    if (!whole) {
      return yield* new CliFailed({
        message: "The log is not what the bot wrote. docs/action-log.md says what to do.",
      });
    }
  }).pipe(
    Effect.provide(
      AuditChain.layerAlone.pipe(Layer.provide(Database.layerReadOnly), Layer.provide(Config.layer)),
    ),
    Effect.tapError((error) => Console.error(error.message)),
  );
