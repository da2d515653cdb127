import { type ConfigError, Schema } from "effect";

export const Problem = Schema.Struct({ name: Schema.String, problem: Schema.String });
export type Problem = typeof Problem.Type;

/** Everything that is wrong with the environment. Its message is the whole text an operator reads. */
export class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>()("ConfigInvalid", {
  problems: Schema.Array(Problem),
}) {
  override get message(): string {
    const lines = this.problems.map(({ name, problem }) => `- ${name}: ${problem}`);
    return ["Environment validation failed:", ...lines].join("\n");
  }
}

/** The single problems inside Effect's tree of them, each once, in the order in which they were found. */
export const problemsIn = (error: ConfigError.ConfigError, describeMissing: (name: string) => string) => {
  const found = new Map<string, Problem>();
  const add = (path: ReadonlyArray<string>, problem: string): void => {
    const name = path.join(".");
    found.set(`${name}\n${problem}`, { name, problem });
  };
  const visit = (node: ConfigError.ConfigError): void => {
    switch (node._op) {
      case "And":
      case "Or":
        visit(node.left);
        visit(node.right);
        return;
      case "MissingData":
        add(node.path, describeMissing(node.path.join(".")));
        return;
      case "InvalidData":
      case "SourceUnavailable":
      case "Unsupported":
        add(node.path, node.message);
        return;
    }
  };
  visit(error);
  return [...found.values()];
};
