import { statSync } from "node:fs";
import { join } from "node:path";
import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer } from "effect";
import * as Database from "../../../src/layers/Database.js";
import { ChainProblem } from "../../../src/domain/Chain.js";
import { AuditChain } from "../../../src/services/AuditChain.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import * as Services from "../../../src/services/index.js";
import { GUILD, MAYA, OTHER_GUILD } from "../../support/fixtures.js";
import { folder, rowsOf, services, world } from "../../support/layers.js";
import { runScript } from "../../support/process.js";

const record = (count: number, guildId = GUILD) =>
  Effect.flatMap(AuditLog, (log) =>
    Effect.forEach(
      Array.from({ length: count }, (_, n) => `number ${n}`),
      (reason) => log.record({ guildId, name: "send", actor: MAYA, reason }),
    ),
  );
const verified = Effect.flatMap(AuditChain, (chain) => chain.verify(GUILD));
const problems = Effect.map(verified, (report) => report.problems);
/** What somebody with the file and a SQLite shell can do. */
const tamper = (...statements: ReadonlyArray<string>) =>
  Effect.forEach(
    ["DROP TRIGGER action_log_no_update", "DROP TRIGGER action_log_no_delete", ...statements],
    rowsOf,
  );
const inWorld = Effect.provide(services());

describe("the log as it is stored", () => {
  it.effect("is whole as the bot writes it, guild by guild", () =>
    Effect.gen(function* () {
      yield* record(3);
      yield* record(2, OTHER_GUILD);
      const chain = yield* AuditChain;
      assert.deepStrictEqual(yield* chain.guilds, [GUILD, OTHER_GUILD]);
      const report = yield* verified;
      assert.deepInclude(report, { rows: 3, problemCount: 0, problems: [] });
      assert.strictEqual(report.end?.seq, 3);
      assert.deepInclude(yield* chain.verify(OTHER_GUILD), { rows: 2, problemCount: 0 });
    }).pipe(inWorld),
  );

  it.effect("names the changed row", () =>
    Effect.gen(function* () {
      const ids = yield* record(5);
      yield* tamper("UPDATE action_log SET reason = 'nicer' WHERE seq = 4");
      assert.deepStrictEqual(yield* problems, [ChainProblem.Changed({ seq: 4, id: ids[3] ?? "" })]);
    }).pipe(inWorld),
  );

  it.effect("names a row that does not even decode any more, and a text that became a blob", () =>
    Effect.gen(function* () {
      const ids = yield* record(3);
      yield* tamper(
        "UPDATE action_log SET details = '{' WHERE seq = 1",
        "UPDATE action_log SET reason = CAST(reason AS BLOB) WHERE seq = 3",
      );
      assert.deepStrictEqual(yield* problems, [
        ChainProblem.Changed({ seq: 1, id: ids[0] ?? "" }),
        ChainProblem.Changed({ seq: 3, id: ids[2] ?? "" }),
      ]);
    }).pipe(inWorld),
  );

  it.effect("never forgets a cut-off end, not even when more is written afterwards", () =>
    Effect.gen(function* () {
      yield* record(5);
      yield* tamper("DELETE FROM action_log WHERE seq > 3");
      const expected = [ChainProblem.Removed({ seq: 4, to: 5 })];
      assert.deepStrictEqual(yield* problems, expected);
      yield* record(2);
      assert.deepStrictEqual(yield* problems, expected);
    }).pipe(inWorld),
  );

  it.effect("goes on where the record of its end was removed or set back, and says so", () =>
    Effect.gen(function* () {
      yield* record(3);
      yield* tamper("UPDATE chain_end SET seq = 1");
      assert.strictEqual((yield* problems).length, 3);
      yield* rowsOf("DELETE FROM chain_end");
      assert.deepStrictEqual(yield* problems, [ChainProblem.NoEnd({ seq: 3 })]);
      yield* record(1);
      assert.deepStrictEqual(yield* problems, []);
    }).pipe(inWorld),
  );

  it.effect("holds a hundred problems and counts the rest", () =>
    Effect.gen(function* () {
      yield* record(150);
      yield* tamper("UPDATE action_log SET reason = 'nicer'");
      const report = yield* verified;
      assert.deepInclude(report, { problemCount: 150 });
      assert.strictEqual(report.problems.length, 100);
    }).pipe(inWorld),
  );

  it.effect("gets its end from its newest row when an older database is brought up to date", () =>
    Effect.gen(function* () {
      yield* record(2);
      yield* record(1, OTHER_GUILD);
      const kept = yield* rowsOf("SELECT guild_id, seq, hash FROM chain_end ORDER BY guild_id");
      const sql = yield* SqlClient.SqlClient;
      yield* sql`DROP TABLE chain_end`;
      const { migrations } = yield* Effect.promise(() => import("../../../migrations/index.js"));
      yield* migrations["0005_chain_end"];
      assert.deepStrictEqual(
        yield* rowsOf("SELECT guild_id, seq, hash FROM chain_end ORDER BY guild_id"),
        kept,
      );
      assert.strictEqual(kept.length, 2);
    }).pipe(inWorld),
  );
});

/** `npm run audit:verify -- …` on the database of a folder. */
const auditVerify = (path: string, ...args: ReadonlyArray<string>) =>
  Effect.promise(() =>
    runScript("audit-verify", {
      args,
      env: {
        NODE_ENV: "test",
        DISCORD_TOKEN: "token-for-tests",
        CLIENT_ID: "100000000000000001",
        RESET_PASSWORD: "password-for-tests",
        DB_PATH: path,
      },
    }),
  );

describe("npm run audit:verify", () => {
  it.effect(
    "says that all is well with 0, and which row is not with 1, and writes nothing",
    () =>
      Effect.gen(function* () {
        const path = join(yield* folder, "data.db");
        const onFile = Effect.provide(
          Services.layer.pipe(Layer.provideMerge(Database.layerTest(path)), Layer.provideMerge(world())),
        );
        const missing = yield* auditVerify(path);
        assert.strictEqual(missing.code, 1);
        assert.match(missing.stderr, /Cannot use the database/);

        const ids = yield* onFile(record(3));
        const before = statSync(path);
        const whole = yield* auditVerify(path);
        assert.deepInclude(whole, { code: 0, stderr: "" });
        assert.match(
          whole.stdout,
          new RegExp(`server ${GUILD}: 3 rows, whole\\. It ends with row 3, [0-9a-f]{64}`),
        );
        assert.strictEqual(statSync(path).mtimeMs, before.mtimeMs);

        yield* onFile(tamper("UPDATE action_log SET actor = 'system' WHERE seq = 2"));
        const broken = yield* auditVerify(path, "--guild", GUILD, "--json");
        assert.strictEqual(broken.code, 1);
        assert.deepNestedInclude(JSON.parse(broken.stdout), {
          whole: false,
          "guilds[0].problems": [{ _tag: "Changed", seq: 2, id: ids[1] }],
        });
        const words = yield* auditVerify(path);
        assert.include(words.stdout, `row 2 (${ids[1]}) was changed`);
        const wrong = yield* auditVerify(path, "--guild", "here");
        assert.deepInclude(wrong, { code: 1, stdout: "" });
        assert.match(wrong.stderr, /17 to 20 digits/);
      }).pipe(Effect.scoped),
    60_000,
  );
});
