import { assert, describe, it } from "@effect/vitest";
import { commands } from "../../../../src/programs/commands/index.js";
import { render } from "../../../../src/programs/cli/CommandTable.js";

describe("npm run print:cmds", () => {
  const lines = render(commands).split("\n");
  const lineOf = (typed: string) => lines.find((line) => line.trim().split(/ {2,}/)[0] === typed);

  it("names everything that can be typed, with who may", () => {
    for (const { definition, leaves } of commands) {
      for (const [subcommand, { rung }] of leaves) {
        const typed = subcommand === null ? `/${definition.name}` : `/${definition.name} ${subcommand}`;
        assert.match(lineOf(typed) ?? `nothing about ${typed}`, new RegExp(`^ *${typed} +${rung} +\\S`));
      }
    }
  });

  it("shows an option below its command, and no group as if it were one", () => {
    const at = lines.findIndex((line) => line.trim().startsWith("/database recover"));
    assert.match(lines[at + 1] ?? "", /^ {4}backup {2,}Which backup to try$/);
    assert.isUndefined(lineOf("template"));
    assert.isDefined(lineOf("/gate template edit"));
  });
});
