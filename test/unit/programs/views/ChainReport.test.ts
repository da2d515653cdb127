import { assert, describe, expect, it } from "@effect/vitest";
import { ChainProblem } from "../../../../src/domain/Chain.js";
import { chainReport } from "../../../../src/programs/views/ChainReport.js";
import type { ChainLook } from "../../../../src/services/AuditChain.js";
import { GUILD, OTHER_GUILD } from "../../../support/fixtures.js";

const look = (changes: Partial<ChainLook> = {}): ChainLook => ({
  guildId: GUILD,
  rows: 1_204,
  all: true,
  first: null,
  ...changes,
});
const broken = ChainProblem.Changed({ seq: 17, id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });

describe("what a look at the logs came to", () => {
  it("names the server that asks, and counts the others", () => {
    expect(
      chainReport([look({ guildId: OTHER_GUILD, rows: 1 }), look(), look({ guildId: "9", rows: 2 })], GUILD),
    ).toMatchInlineSnapshot(`
      "✅ this server: 1,204 rows, whole
      ✅ 2 other servers: 3 rows, whole"
    `);
  });

  it("says of which rows it speaks where there was no time for all of them", () => {
    expect(chainReport([look({ all: false }), look({ guildId: OTHER_GUILD, all: false, rows: 3 })], GUILD))
      .toMatchInlineSnapshot(`
      "✅ this server: the newest 1,204 rows, whole
      ✅ 1 other server: the newest 3 rows, whole
      There was no time for older rows: \`npm run audit:verify\` on the server looks at all of them."
    `);
  });

  it("names the first broken row of each log, and where to learn more", () => {
    expect(
      chainReport(
        [
          look({ first: broken }),
          look({ guildId: OTHER_GUILD, all: false, first: ChainProblem.Removed({ seq: 3, to: 4 }) }),
        ],
        GUILD,
      ),
    ).toMatchInlineSnapshot(`
      "❌ this server: row 17 (01ARZ3NDEKTSV4RRFFQ69G5FAV) was changed: it does not match its own hash. (1,204 rows looked at)
      ❌ server 1135179988992000002: rows 3 to 4 were removed. (the newest 1,204 rows looked at)
      Keep a copy of the database. \`npm run audit:verify\` on the server names all that is wrong."
    `);
  });

  it("does not call whole what it had no time to look at", () => {
    assert.match(chainReport([look({ rows: 0, all: false })], GUILD), /^➖ this server: not looked at\n/);
  });

  it("of a server without a log says just that", () => {
    assert.strictEqual(chainReport([], GUILD), "This server's log is empty.");
  });

  it("fits into a field, however many are broken", () => {
    const many = Array.from({ length: 300 }, (_, n) => look({ guildId: `${10 ** 18 + n}`, first: broken }));
    const words = chainReport([look({ first: broken }), ...many], GUILD);
    assert.isBelow(words.length, 1_024);
    assert.include(words, "295 more servers");
    assert.include(words, "audit:verify");
  });
});
