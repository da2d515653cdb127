import { assert, describe, it } from "@effect/vitest";
import { parse } from "csv-parse/sync";
import { Chunk, Effect, FastCheck as fc, Schema, Stream } from "effect";
import { ApplicationPage } from "../../../src/http/api/Applications.js";
import { ApplicationRepo } from "../../../src/services/repos/ApplicationRepo.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Exports } from "../../../src/services/Exports.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { Settings } from "../../../src/services/Settings.js";
import { ApplicationId, ShortCode } from "../../../src/domain/Ids.js";
import {
  application,
  at,
  GUILD,
  MAYA,
  member,
  MINUTE,
  NOAH,
  NOW,
  OTHER_GUILD,
  ROBIN,
  SETUP,
  userId,
} from "../../support/fixtures.js";
import { decide } from "../../support/fixtures-reviews.js";
import { hostileText } from "../../support/fixtures-text.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import {
  askedByOthers,
  type Browser,
  closed,
  type Route,
  served,
  signedIn,
} from "../../support/layers-web.js";

const LOGS = `/api/exports/logs.csv?guild=${GUILD}`;
const APPLICATIONS = `/api/exports/applications.csv?guild=${GUILD}`;
const HEADER = ["timestamp", "action", "moderator", "applicant", "reason", "response_time_ms"];

const download = ({ client }: Browser, path: string) =>
  Effect.promise(async () => {
    const response = await client.fetch(path);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, text: bytes.toString("utf8") };
  });
const parsed = (text: string): ReadonlyArray<ReadonlyArray<string>> => parse(text, { bom: true });

/** Many rows of the log at once, as a statement of SQLite. */
const fill = (count: number) =>
  rowsOf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO action_log (id, guild_id, seq, name, actor, target, reason, details, at, prev_hash, hash)
    SELECT printf('0%025d', i), '${GUILD}', 1000 + i, 'reject', '${NOAH}', '${ROBIN}', 'No ' || i,
      '{"response_ms":' || i || '}', ${NOW} + i, '', '' FROM n`);

describe("GET /api/exports/logs.csv", () => {
  it.effect("is the log, newest first, with the time that a decision took", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* decide(MAYA, "reject", 'Said "no", twice');
      const maya = yield* signedIn();
      const { status, headers, text } = yield* download(maya, LOGS);
      assert.strictEqual(status, 200);
      assert.strictEqual(headers.get("content-type"), "text/csv; charset=utf-8; header=present");
      assert.strictEqual(
        headers.get("content-disposition"),
        `attachment; filename="log-${GUILD}-2026-01-15.csv"`,
      );
      assert.isTrue(text.startsWith("\uFEFF"), "Excel takes it for UTF-8");
      const noon = new Date(NOW).toISOString();
      assert.deepStrictEqual(parsed(text), [
        HEADER,
        [noon, "export", MAYA, "", "", ""],
        [noon, "reject", MAYA, ROBIN, 'Said "no", twice', "0"],
        [noon, "claim", MAYA, ROBIN, "", ""],
        [noon, "app_submitted", ROBIN, ROBIN, "", ""],
        [noon, "config_change", MAYA, "", "", ""],
      ]);
    }).pipe(served()),
  );

  it.effect("holds what was asked for, and says in the log who asked for what", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* fill(3);
      const maya = yield* signedIn();
      const query = `&actions=reject,claim&actor=${NOAH}&target=${ROBIN}&from=${NOW + 2}&to=${NOW + 3}`;
      const { text } = yield* download(maya, `${LOGS}${query}`);
      assert.deepStrictEqual(parsed(text), [
        HEADER,
        [new Date(NOW + 2).toISOString(), "reject", NOAH, ROBIN, "No 2", "2"],
      ]);
      const [row] = yield* rowsOf("SELECT actor, target, details FROM action_log WHERE name = 'export'");
      const details: unknown = JSON.parse(String(row?.["details"]));
      assert.deepStrictEqual(
        { ...row, details },
        {
          actor: MAYA,
          target: null,
          details: {
            what: "log",
            actions: "reject, claim",
            actor: NOAH,
            target: ROBIN,
            from_at: NOW + 2,
            to_at: NOW + 3,
            via: "web",
          },
        },
      );
    }).pipe(served()),
  );

  it.effect("is read as it is taken, page by page, and each row is in it once", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* fill(900);
      const exports = yield* Exports;
      const { text } = yield* exports.log(GUILD, { names: ["reject"] }, { id: MAYA, via: "web" });
      const [row] = yield* rowsOf("SELECT COUNT(*) AS count FROM action_log WHERE name = 'export'");
      assert.deepStrictEqual(row, { count: 1 }, "written before the first byte");
      // Whoever takes the header and one page has had nothing more read: what is written now is not missed behind it.
      const begun = yield* Stream.runCollect(Stream.take(text, 2));
      assert.strictEqual(Chunk.join(begun, "").split("\r\n").length, 1 + 200 + 1);
      const all = parsed(Chunk.join(yield* Stream.runCollect(text), ""));
      assert.deepStrictEqual(
        all.slice(1).map((cells) => cells[4]),
        Array.from({ length: 900 }, (_, index) => `No ${900 - index}`),
      );
    }).pipe(served()),
  );

  it.effect("runs nothing in a spreadsheet, whatever people wrote", () =>
    Effect.gen(function* () {
      yield* setUp();
      const audit = yield* AuditLog;
      const { commit } = yield* Outbox;
      const texts = ["=HYPERLINK(1)", "  +1", "＠x", "-2", "a;=1", ...fc.sample(hostileText, 30)];
      for (const reason of texts) {
        yield* commit(audit.record({ guildId: GUILD, name: "flag", actor: MAYA, target: ROBIN, reason }));
      }
      const maya = yield* signedIn();
      const { text } = yield* download(maya, `${LOGS}&actions=flag`);
      const rows = parsed(text);
      assert.strictEqual(rows.length, texts.length + 1);
      for (const cell of rows.flat())
        assert.notMatch(cell, /^[\s\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠]/u);
    }).pipe(served()),
  );
});

describe("GET /api/exports/applications.csv", () => {
  it.effect("is the list of applications, without their answers", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply(member(ROBIN, { displayName: "=Robin" }));
      yield* decide(MAYA, "reject");
      const second = yield* apply(member(NOAH));
      const maya = yield* signedIn();
      const { text } = yield* download(maya, APPLICATIONS);
      const [header, newest, oldest] = parsed(text);
      assert.strictEqual(header?.length, newest?.length);
      assert.deepStrictEqual(newest?.slice(0, 3), [second.code, "pending", NOAH]);
      assert.includeMembers([...(oldest ?? [])], ["rejected", ROBIN, "'=Robin", MAYA, "Too few words"]);
      assert.notInclude(text, "A good answer");
      const some = yield* download(maya, `${APPLICATIONS}&statuses=pending,claimed&search=ro`);
      assert.strictEqual(parsed(some.text).length, 2);
      const rows = yield* rowsOf("SELECT details FROM action_log WHERE name = 'export' ORDER BY seq");
      assert.deepStrictEqual(
        rows.map(({ details }): unknown => JSON.parse(String(details))),
        [
          { what: "applications", via: "web" },
          { what: "applications", statuses: "pending, claimed", search: "ro", via: "web" },
        ],
      );
    }).pipe(served()),
  );
});

describe("GET /api/applications", () => {
  const pageOf = Schema.decodeUnknownSync(ApplicationPage);

  it.effect("lists what was sent, newest first, page after page, as the contract says", () =>
    Effect.gen(function* () {
      yield* setUp();
      const repo = yield* ApplicationRepo;
      const names = fc.sample(hostileText, 5).map((name) => name.replace(/\p{Surrogate}/gu, "\uFFFD"));
      for (const [n, displayName] of names.entries()) {
        yield* repo.insert(
          application({
            id: ApplicationId.make(`${n}`.padStart(26, "0")),
            userId: userId(100 + n),
            code: ShortCode.make(`00000${n}`),
            displayName,
            submittedAt: at(n * MINUTE),
          }),
        );
      }
      const maya = yield* signedIn();
      const first = pageOf((yield* maya.get(`/api/applications?guild=${GUILD}&limit=3`)).body);
      assert.deepStrictEqual(
        first.rows.map(({ code }) => code),
        ["000004", "000003", "000002"],
      );
      const cursor = Schema.encodeSync(ApplicationPage)(first).next;
      const rest = pageOf(
        (yield* maya.get(`/api/applications?guild=${GUILD}&limit=3&cursor=${cursor}`)).body,
      );
      assert.deepStrictEqual([rest.rows.map(({ code }) => code), rest.next], [["000001", "000000"], null]);
      assert.deepStrictEqual(
        [...first.rows, ...rest.rows].map(({ displayName }) => displayName),
        [...names].reverse(),
      );
    }).pipe(served()),
  );

  it.effect.each([
    ["statuses=pending,claimed", 1],
    ["statuses=rejected", 1],
    [`claimed_by=${MAYA}`, 1],
    [`claimed_by=${NOAH}`, 0],
    ["search=ROB", 2],
    ["search=nobody", 0],
    [`search=${ROBIN}`, 1],
  ] as const)("takes %s", ([query, count]) =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* decide(MAYA, "reject");
      yield* apply(member(NOAH));
      const maya = yield* signedIn();
      const { body } = yield* maya.get(`/api/applications?guild=${GUILD}&${query}`);
      assert.strictEqual(pageOf(body).rows.length, count);
    }).pipe(served()),
  );

  it.effect.each(["statuses=nothing", "claimed_by=1", `search=${"x".repeat(101)}`, "limit=0", "cursor=AAAA"])(
    "refuses %s",
    (query) =>
      Effect.gen(function* () {
        const maya = yield* signedIn();
        assert.strictEqual((yield* maya.get(`/api/applications?guild=${GUILD}&${query}`)).status, 400);
      }).pipe(served()),
  );
});

describe("lists and files", () => {
  it.effect("show nothing of another guild", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, NOAH, SETUP));
      yield* Effect.flatMap(ApplicationRepo, (repo) => repo.insert(application({ guildId: OTHER_GUILD })));
      const maya = yield* signedIn();
      assert.notInclude((yield* download(maya, LOGS)).text, NOAH);
      assert.strictEqual(parsed((yield* download(maya, APPLICATIONS)).text).length, 1);
      const { body } = yield* maya.get(`/api/applications?guild=${GUILD}`);
      assert.deepStrictEqual(body, { rows: [], next: null });
    }).pipe(served()),
  );

  it.effect("are for admins of the guild alone, and a refused export is not in the log", () =>
    Effect.gen(function* () {
      yield* setUp();
      const list: Route = { path: "/api/applications" };
      assert.deepStrictEqual(yield* askedByOthers(list), closed(list));
      for (const path of ["/api/exports/logs.csv", "/api/exports/applications.csv"]) {
        for (const who of [member(ROBIN), member(NOAH)]) {
          const browser = yield* signedIn(who);
          assert.strictEqual((yield* download(browser, `${path}?guild=${GUILD}`)).status, 404);
        }
        const maya = yield* signedIn();
        assert.strictEqual((yield* download(maya, `${path}?guild=${OTHER_GUILD}`)).status, 404);
        assert.strictEqual((yield* download(maya, `${path}?guild=${GUILD}&from=x&claimed_by=x`)).status, 400);
      }
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'export'"), []);
    }).pipe(served()),
  );
});
