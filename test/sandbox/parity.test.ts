import { assert, describe, expect, it } from "vitest";
import { z } from "zod";
import { uncovered } from "../../sandbox/rest/uncovered.js";
import { routes } from "../../sandbox/rest/routes/index.js";
import { raw, town } from "./support.js";

// Its types are a TypeScript source that this compiler's settings do not take, so it is imported by name.
const packageName: string = "discord-api-spec";
const { pathsList } = z
  .object({ pathsList: z.record(z.string(), z.array(z.string())) })
  .parse(await import(packageName));

const operations = Object.entries(pathsList).flatMap(([method, paths]) =>
  paths.map((path) => `${method.toUpperCase()} ${path}`),
);

/** Parameters have other names here; `@original` is a message like any other. */
const shape = (operation: string): string =>
  operation
    .replace(/\{[^}]+\}/g, ":")
    .replace(/:\w+/g, ":")
    .replace("/messages/@original", "/messages/:");

const covered = new Set(routes(() => "").map(({ method, name }) => shape(`${method} ${name}`)));

describe("each of Discord's operations", () => {
  it("is covered, or is listed as not covered with a reason", () => {
    const neither = operations.filter((one) => !covered.has(shape(one)) && !uncovered.has(one));
    assert.deepEqual(neither, []);
    assert.deepEqual(
      [...uncovered.keys()].filter((one) => covered.has(shape(one))),
      [],
      "a route is there, and yet it is listed as not covered",
    );
    assert.deepEqual(
      [...uncovered.keys()].filter((one) => !operations.includes(one)),
      [],
      "Discord has no such operation",
    );
    const known = new Set(operations.map(shape));
    assert.deepEqual(
      [...covered].filter((one) => !known.has(one)),
      ["POST /oauth2/token", "POST /oauth2/token/revoke"],
      "documented elsewhere; any other is a route that Discord does not have",
    );
  });

  it("is told in docs/sandbox-parity.md", async () => {
    const yes = operations.filter((one) => covered.has(shape(one)));
    const reasons = [...new Set(uncovered.values())];
    const lines = [
      "# Which of Discord's operations the local Discord covers",
      "",
      "Written by `npx vitest run test/sandbox/parity.test.ts -u` from Discord's own description.",
      "",
      `## Covered: ${yes.length} of ${operations.length}`,
      "",
      ...yes.map((one) => `- \`${one}\``),
      "",
      `## Not covered: ${operations.length - yes.length}`,
      "",
      "These answer 501 with their name.",
      ...reasons.flatMap((reason) => [
        "",
        `### ${reason}`,
        "",
        ...[...uncovered].filter(([, why]) => why === reason).map(([one]) => `- \`${one}\``),
      ]),
      "",
    ];
    await expect(lines.join("\n")).toMatchFileSnapshot("../../docs/sandbox-parity.md");
  });

  it("that is not covered answers 501 with its name, and is a violation", async () => {
    const here = await town({ expectViolations: true });
    const answer = await raw(here, "GET", `/guilds/${here.guild.guildId}/emojis`);
    assert.equal(answer.status, 501);
    assert.match(JSON.stringify(answer.body), /GET \/guilds\/\{guild_id\}\/emojis: A world has no emojis/);
    const [violation] = await here.driver.violations();
    assert.equal(violation?.route, "GET /guilds/{guild_id}/emojis");
  });
});
