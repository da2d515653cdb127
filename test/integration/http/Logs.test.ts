import { assert, describe, it } from "@effect/vitest";
import { Effect, FastCheck as fc, Schema } from "effect";
import { LogPage } from "../../../src/http/api/Logs.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GUILD, MAYA, member, NOAH, OTHER_GUILD, ROBIN } from "../../support/fixtures.js";
import { hostileText } from "../../support/fixtures-text.js";
import { served, signedIn, stranger } from "../../support/layers-web.js";

const LOGS = `/api/logs?guild=${GUILD}`;

const record = (reason: string | null, guildId = GUILD) =>
  Effect.gen(function* () {
    const { commit } = yield* Outbox;
    const audit = yield* AuditLog;
    return yield* commit(
      audit.record({
        guildId,
        name: "flag",
        actor: MAYA,
        target: ROBIN,
        reason,
        details: { code: "a1b2c3" },
      }),
    );
  });

const pageOf = Schema.decodeUnknownSync(LogPage);

describe("GET /api/logs", () => {
  it.effect("shows an admin the rows of their guild, newest first, page after page", () =>
    Effect.gen(function* () {
      for (const reason of ["one", "two", "three"]) yield* record(reason);
      yield* record("elsewhere", OTHER_GUILD);
      const browser = yield* signedIn();
      const first = pageOf((yield* browser.get(`${LOGS}&limit=2`)).body);
      assert.deepStrictEqual(
        first.rows.map(({ reason, details }) => [reason, details]),
        [
          ["three", { code: "a1b2c3" }],
          ["two", { code: "a1b2c3" }],
        ],
      );
      const cursor = Schema.encodeSync(LogPage)(first).next;
      const second = pageOf((yield* browser.get(`${LOGS}&limit=2&cursor=${cursor}`)).body);
      assert.deepStrictEqual([second.rows.map(({ reason }) => reason), second.next], [["one"], null]);
    }).pipe(served()),
  );

  it.effect.each([
    ["actions=flag,claim", 1],
    ["actions=claim", 0],
    [`actor=${MAYA}&target=${ROBIN}`, 1],
    [`target=${NOAH}`, 0],
    ["actor=system", 0],
    ["from=1&to=2", 0],
  ] as const)("takes %s", ([query, count]) =>
    Effect.gen(function* () {
      yield* record(null);
      const browser = yield* signedIn();
      assert.strictEqual(pageOf((yield* browser.get(`${LOGS}&${query}`)).body).rows.length, count);
    }).pipe(served()),
  );

  it.effect.each(["actions=nothing", "actor=1", "application=x", "from=a", "limit=101", "cursor=AAAA"])(
    "refuses %s",
    (query) =>
      Effect.gen(function* () {
        const browser = yield* signedIn();
        assert.strictEqual((yield* browser.get(`${LOGS}&${query}`)).status, 400);
      }).pipe(served()),
  );

  it.effect("is JSON of the contract, whatever people wrote", () =>
    Effect.gen(function* () {
      const audit = yield* AuditLog;
      const ids = yield* Effect.forEach(fc.sample(hostileText, 30), (text) => record(text));
      const stored = yield* Effect.forEach(ids, (id) => Effect.flatten(audit.find(id)));
      const browser = yield* signedIn();
      const { rows } = pageOf((yield* browser.get(LOGS)).body);
      assert.deepStrictEqual(
        rows.map(({ reason }) => reason).reverse(),
        stored.map(({ reason }) => reason),
      );
    }).pipe(served()),
  );

  it.effect("shows nobody else anything", () =>
    Effect.gen(function* () {
      const id = yield* record(null);
      for (const path of [LOGS, `/api/logs/${id}?guild=${GUILD}`]) {
        assert.strictEqual((yield* (yield* stranger).get(path)).status, 401);
        assert.strictEqual((yield* (yield* signedIn(member(ROBIN))).get(path)).status, 404);
      }
    }).pipe(served()),
  );
});

describe("GET /api/logs/:id", () => {
  it.effect("is one row; one of another guild is not there", () =>
    Effect.gen(function* () {
      const id = yield* record("why");
      const elsewhere = yield* record("why", OTHER_GUILD);
      const browser = yield* signedIn();
      const { status, body } = yield* browser.get(`/api/logs/${id}?guild=${GUILD}`);
      assert.strictEqual(status, 200);
      assert.deepInclude(body, { id, seq: 1, reason: "why", details: { code: "a1b2c3" } });
      assert.notProperty(body, "hash");
      const other = yield* browser.get(`/api/logs/${elsewhere}?guild=${GUILD}`);
      assert.deepStrictEqual(other, { status: 404, body: { _tag: "NotFound" } });
    }).pipe(served()),
  );
});
