import { SqlClient } from "@effect/sql";
import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { migrations } from "../../../migrations/index.js";
import { historyOf, scanStatements } from "../../../scripts/scan/schema.js";
import { scanSecrets } from "../../../scripts/scan/secrets.js";
import { scanSource } from "../../../scripts/scan/source.js";
import { statementsIn } from "../../../scripts/scan/statements.js";

const found = (text: string, file = "src/services/Planted.ts") =>
  scanSource({ file, text }).map(({ line, rule }) => `${line} ${rule}`);

describe("scan:legacy", () => {
  it("finds the environment wherever it is read outside Config, however it is written", () => {
    for (const text of [
      "const port = process.env.PORT;",
      'const port = process["env"]["PORT"];',
      "const port = globalThis.process.env.PORT;",
      "const { env } = process;",
      "const { env: environment } = process;",
      'import { env } from "node:process";',
    ]) {
      assert.deepStrictEqual(found(`\n${text}`), ["2 environment"], text);
      assert.deepStrictEqual(found(text, "src/layers/config/Environment.ts"), [], text);
    }
    assert.deepStrictEqual(found("// process.env\nconst process_env = 'process.env'; config.env;"), []);
  });

  it("finds printing outside the scripts and the log", () => {
    for (const text of [
      "console.log('here');",
      "console['error']('here');",
      "Console.log('here');",
      "process.stdout.write('here');",
      "process.stderr.write('here');",
    ]) {
      assert.deepStrictEqual(found(text), ["1 printing"], text);
      assert.deepStrictEqual(found(text, "src/programs/cli/Planted.ts"), [], text);
    }
  });

  it("finds what looks like a secret, and the values of this machine's .env", () => {
    const token = ["MTQyNzQzNjYxNTAyMTYyOTU5MA", "GabcdE", "nNotARealTokenButLongEnough0123456789"].join(".");
    const planted = (text: string, own = new Map<string, string>()) =>
      scanSecrets({ file: "dist/index.js", text }, own).map(({ line, message }) => `${line} ${message}`);
    assert.deepStrictEqual(planted(`\nconst token = "${token}";`), ["2 looks like a Discord token"]);
    assert.deepStrictEqual(planted(`"AIza${"x".repeat(35)}"`), ["1 looks like a Google API key"]);
    assert.deepStrictEqual(planted(`https://${"0a".repeat(16)}@o1.ingest.sentry.io/12`), [
      "1 looks like a Sentry DSN",
    ]);
    assert.deepStrictEqual(planted(`discord.com/api/webhooks/123456789012345678/${"x".repeat(68)}`), [
      "1 looks like a Discord webhook",
    ]);
    assert.deepStrictEqual(planted(`-----BEGIN PRIVATE KEY-----\\n${"Ab1/".repeat(16)}`), [
      "1 looks like a private key",
    ]);
    assert.deepStrictEqual(planted("a\nb correct horse c", new Map([["RESET_PASSWORD", "correct horse"]])), [
      "2 the value of RESET_PASSWORD in .env",
    ]);
    assert.deepStrictEqual(planted("const token = 'your-bot-token-here';"), []);
  });

  const changing = {
    "0001_first": Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      yield* sql`CREATE TABLE pet (id TEXT PRIMARY KEY, name TEXT, colour TEXT)`;
      yield* sql`CREATE TABLE kennel (id TEXT PRIMARY KEY, place TEXT)`;
    }),
    "0002_second": Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      yield* sql`ALTER TABLE pet DROP COLUMN colour`;
      yield* sql`DROP TABLE kennel`;
    }),
  };
  const scanned = (text: string) =>
    Effect.map(historyOf(changing), (history) =>
      scanStatements(statementsIn({ file: "src/services/repos/PetRepo.ts", text }), history),
    );

  it.effect("finds tables and columns that a migration dropped, also in fragments", () =>
    Effect.gen(function* () {
      const { findings } = yield* scanned(
        "const a = sql`SELECT id FROM kennel`;\nconst order = sql`ORDER BY colour`;\nconst b = sql`SELECT id FROM pet WHERE name = ${name} AND id = ${id}`;",
      );
      assert.deepStrictEqual(
        findings.map(({ line, rule, message }) => `${line} ${rule} ${message}`),
        ["1 dropped kennel was dropped by a migration", "2 dropped colour was dropped by a migration"],
      );
    }),
  );

  it.effect("finds tables and columns that never were", () =>
    Effect.gen(function* () {
      const { findings, prepared } = yield* scanned(
        [
          "sql`SELECT nmae FROM pet`;",
          "sql`SELECT name FROM pets WHERE id IN ${sql.in(ids)}`;",
          "sql`INSERT INTO pet ${sql.insert({ id, nickName: name })}`;",
          "sql`UPDATE pet SET ${sql.update({ name })} WHERE id = ${id}`;",
        ].join("\n"),
      );
      assert.deepStrictEqual(
        findings.map(({ line, rule }) => `${line} ${rule}`),
        ["1 schema", "2 schema", "3 schema"],
      );
      assert.strictEqual(prepared, 1);
    }),
  );

  it.effect("finds nothing to complain about in today's schema: every migration runs", () =>
    Effect.map(historyOf(migrations), ({ ddl }) => assert.isAbove(ddl.length, 5)),
  );
});
