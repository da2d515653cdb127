import { type APIApplicationCommandOption, ApplicationCommandOptionType } from "discord.js";
import type { Rung } from "../../domain/Permission.js";

interface Shown {
  readonly definition: {
    readonly name: string;
    readonly description: string;
    readonly options?: ReadonlyArray<APIApplicationCommandOption> | undefined;
  };
  readonly leaves: ReadonlyMap<string | null, { readonly rung: Rung }>;
}

type Row = readonly [command: string, who: string, about: string];

const rowsOf = ({ definition, leaves }: Shown): ReadonlyArray<Row> => {
  const { name, description, options = [] } = definition;
  /** What stands below a command, `path` being what is typed after its name so far. */
  const below = (path: string, own: ReadonlyArray<APIApplicationCommandOption>): ReadonlyArray<Row> =>
    own.flatMap((option): ReadonlyArray<Row> => {
      const longer = `${path} ${option.name}`.trim();
      switch (option.type) {
        case ApplicationCommandOptionType.SubcommandGroup:
          return below(longer, option.options ?? []);
        case ApplicationCommandOptionType.Subcommand:
          return [
            [`  /${name} ${longer}`, leaves.get(longer)?.rung ?? "", option.description],
            ...below(longer, option.options ?? []),
          ];
        default:
          return [
            [`    ${option.name}${option.required === true ? " (required)" : ""}`, "", option.description],
          ];
      }
    });
  return [[`/${name}`, leaves.get(null)?.rung ?? "", description], ...below("", options)];
};

/** Commands with their options, and the rung of the ladder that may use them. */
export const render = (commands: ReadonlyArray<Shown>): string => {
  const rows: ReadonlyArray<Row> = [["COMMAND", "WHO", "WHAT IT DOES"], ...commands.flatMap(rowsOf)];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([command, who, about]) => `${command.padEnd(first)}  ${who.padEnd(second)}  ${about}`.trimEnd())
    .join("\n");
};
