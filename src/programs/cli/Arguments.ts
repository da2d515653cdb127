import { parseArgs } from "node:util";
import { Effect } from "effect";
import { CliFailed } from "./CliFailed.js";

/** Reads `--name value` and `--name` as Node does, and refuses what is not known with `usage`. */
export const readArguments = <O extends Record<string, { readonly type: "string" | "boolean" }>>(
  args: ReadonlyArray<string>,
  options: O,
  usage: string,
) =>
  Effect.try({
    try: () => parseArgs({ args: [...args], options, allowPositionals: false }).values,
    catch: (error) =>
      new CliFailed({ message: `${error instanceof Error ? error.message : "Not understood"}\n${usage}` }),
  });
