import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Array as Arr, Effect, FastCheck as fc, Layer, Option, Order, Schema } from "effect";
import type { Action, LogFilter, LogKey } from "../../../../src/domain/Action.js";
import {
  type Application,
  type ApplicationFilter,
  type ApplicationKey,
  ApplicationRow,
} from "../../../../src/domain/Application.js";
import { ActionId, ApplicationId, ShortCode } from "../../../../src/domain/Ids.js";
import { LogRow } from "../../../../src/http/api/LogRow.js";
import { ActionRepo } from "../../../../src/services/repos/ActionRepo.js";
import { ApplicationPageRepo } from "../../../../src/services/repos/ApplicationPageRepo.js";
import { ApplicationRepo } from "../../../../src/services/repos/ApplicationRepo.js";
import { type EncodedPage, SCANNED } from "../../../../src/services/repos/EncodedPage.js";
import * as Repos from "../../../../src/services/repos/index.js";
import { LogPageRepo } from "../../../../src/services/repos/LogPageRepo.js";
import {
  action,
  application,
  at,
  GUILD,
  MAYA,
  NOAH,
  OTHER_GUILD,
  ROBIN,
  userId,
} from "../../../support/fixtures.js";
import { anyAction, anyApplication } from "../../../support/fixtures-arbitrary.js";
import { database } from "../../../support/layers.js";
import { plansOf, statementsOf } from "../../../support/queryPlans.js";

const inDatabase = Effect.provide(Layer.fresh(Repos.layer.pipe(Layer.provideMerge(database))));
const ulid = (n: number) => `${n}`.padStart(26, "0");

const insertAction = (row: Action) =>
  Effect.flatMap(ActionRepo, (repo) =>
    repo.insert({ ...row, details: row.details === null ? null : JSON.stringify(row.details) }),
  );
const insertApplication = (row: Application) => Effect.flatMap(ApplicationRepo, (repo) => repo.insert(row));

const logRows = Schema.decodeUnknownSync(Schema.parseJson(Schema.Array(LogRow)));
const applicationRows = Schema.decodeUnknownSync(Schema.parseJson(Schema.Array(ApplicationRow)));
const plain = (row: object): unknown => JSON.parse(JSON.stringify(row));

/** Every page, from the first to the last. */
const allPages = <Key, R>(page: (after: Key | null) => Effect.Effect<EncodedPage<Key>, never, R>) =>
  Effect.gen(function* () {
    const pages: Array<string> = [];
    let after: Key | null = null;
    do {
      const { rows, next }: EncodedPage<Key> = yield* page(after);
      pages.push(rows);
      after = next;
    } while (after !== null && pages.length < 200);
    return pages;
  });

describe("a page of the log", () => {
  const page = (filter: LogFilter, after: LogKey | null = null, limit = 50) =>
    Effect.flatMap(LogPageRepo, (repo) => repo.page(GUILD, filter, after, limit));

  it.effect.prop(
    "is what an ordinary read gives, whatever people wrote",
    [anyAction],
    ([row]) =>
      Effect.gen(function* () {
        yield* insertAction(row);
        const { rows, next } = yield* page({});
        const stored = yield* Effect.flatMap(ActionRepo, (repo) => repo.find(row.id));
        const expected = Schema.encodeSync(LogRow)(Option.getOrThrow(stored));
        assert.deepStrictEqual(logRows(rows).map(plain), [plain(expected)]);
        assert.isNull(next);
      }).pipe(inDatabase),
    { fastCheck: { numRuns: 15 } },
  );

  const PEOPLE = [ROBIN, MAYA, NOAH] as const;
  const NAMES = ["claim", "approve", "app_submitted", "flag"] as const;
  const history = fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      actor: fc.constantFrom(...PEOPLE),
      target: fc.option(fc.constantFrom(...PEOPLE), { nil: null }),
      applicationId: fc.option(fc.constantFrom(ulid(1), ulid(2)), { nil: null }),
      guildId: fc.constantFrom(GUILD, GUILD, OTHER_GUILD),
      // Clocks may go back.
      at: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 60 },
  );
  const filter = fc.record(
    {
      names: fc.subarray([...NAMES]),
      actor: fc.constantFrom(...PEOPLE),
      target: fc.constantFrom(...PEOPLE),
      applicationId: fc.constantFrom(ulid(1), ulid(2)).map((id) => ApplicationId.make(id)),
      from: fc.integer({ min: 0, max: 20 }).map(at),
      to: fc.integer({ min: 0, max: 21 }).map(at),
    },
    { requiredKeys: [] },
  );

  it.effect.prop(
    "after page shows every row that the filter asks for, once, newest first, and nothing else",
    [history, fc.array(filter, { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 9 })],
    ([happened, filters, limit]) =>
      Effect.gen(function* () {
        const rows = happened.map((one, index) =>
          action({
            ...one,
            id: ActionId.make(ulid(index + 1)),
            seq: index + 1,
            at: at(one.at),
            applicationId: one.applicationId === null ? null : ApplicationId.make(one.applicationId),
          }),
        );
        yield* Effect.forEach(rows, insertAction);
        for (const wanted of filters) {
          const { names = [], actor, target, applicationId, from, to } = wanted;
          const expected = rows
            .filter(
              (row) =>
                row.guildId === GUILD &&
                (names.length === 0 || names.some((name) => name === row.name)) &&
                (actor === undefined || row.actor === actor) &&
                (target === undefined || row.target === target) &&
                (applicationId === undefined || row.applicationId === applicationId) &&
                (from === undefined || row.at >= from) &&
                (to === undefined || row.at < to),
            )
            .sort((left, right) => right.at - left.at || right.seq - left.seq)
            .map(({ id }) => id);
          const pages = yield* allPages((after: LogKey | null) => page(wanted, after, limit));
          assert.deepStrictEqual(
            pages.map((one) => logRows(one).map(({ id }) => id)),
            expected.length === 0 ? [[]] : Arr.chunksOf(expected, limit),
          );
        }
      }).pipe(inDatabase),
    { fastCheck: { numRuns: 15 } },
  );

  it.effect("looks at no more rows than it may where no index helps, and goes on from there", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      const count = 2 * SCANNED + 10;
      yield* sql`
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
        INSERT INTO action_log (id, guild_id, seq, name, actor, at, prev_hash, hash)
        SELECT printf('%026d', i), ${GUILD}, i, CASE i WHEN 5 THEN 'flag' ELSE 'claim' END, ${MAYA}, i, '', '' FROM n`;
      const pages = yield* allPages((after: LogKey | null) => page({ actor: MAYA, names: ["flag"] }, after));
      assert.deepStrictEqual(
        pages.map((one) => logRows(one).map(({ seq }) => seq)),
        [[], [], [5]],
      );
    }).pipe(inDatabase),
  );

  it.effect("finds the rows it shows by an index in their order, whatever is asked for", () =>
    Effect.gen(function* () {
      const bounds: ReadonlyArray<LogFilter> = [
        {},
        { from: at(0) },
        { to: at(9) },
        { from: at(0), to: at(9) },
      ];
      const filters: ReadonlyArray<LogFilter> = [
        {},
        { names: ["claim"] },
        { names: ["claim", "kick"] },
        { actor: MAYA },
        { target: ROBIN },
        { actor: MAYA, names: ["claim"] },
        { actor: MAYA, target: ROBIN, names: ["claim"] },
        { applicationId: ApplicationId.make(ulid(1)) },
        { applicationId: ApplicationId.make(ulid(1)), actor: MAYA, target: ROBIN, names: ["claim"] },
      ];
      for (const wanted of filters) {
        for (const bound of bounds)
          for (const after of [null, { at: at(5), seq: 5 }]) {
            const found = yield* searches(page({ ...wanted, ...bound }, after));
            const index =
              wanted.applicationId !== undefined
                ? "application"
                : wanted.target !== undefined
                  ? "target"
                  : wanted.actor !== undefined
                    ? "actor"
                    : wanted.names !== undefined
                      ? "name"
                      : "time";
            assert.deepStrictEqual(found, [`action_log_${index}`], JSON.stringify({ ...wanted, ...bound }));
          }
      }
    }).pipe(inDatabase),
  );
});

/** The indexes by which a page finds its rows. A table that is read whole, and rows of an index that are sorted, fail. */
const searches = <R>(page: Effect.Effect<unknown, never, R>) =>
  Effect.gen(function* () {
    const { statements } = yield* statementsOf(page);
    const found = new Set<string>();
    for (const { steps } of yield* plansOf(statements))
      for (const step of steps) {
        assert.notMatch(step, /^SCAN (action_log|application)|AUTOMATIC/);
        const index = /^SEARCH (?:action_log|application) USING (?:COVERING )?INDEX (\w+)/.exec(step)?.[1];
        if (index !== undefined) found.add(index);
      }
    return [...found].sort();
  });

describe("a page of applications", () => {
  const page = (filter: ApplicationFilter, after: ApplicationKey | null = null, limit = 50) =>
    Effect.flatMap(ApplicationPageRepo, (repo) => repo.page(GUILD, filter, after, limit));

  it.effect.prop(
    "is what an ordinary read gives, without answers; what was never sent is not there",
    // A claimed one has a claimer; the database says so too.
    [anyApplication.map((row) => application({ ...row, claimedBy: row.claimedBy ?? MAYA }))],
    ([row]) =>
      Effect.gen(function* () {
        yield* insertApplication(row);
        const { rows } = yield* page({});
        const stored = yield* Effect.flatMap(ApplicationRepo, (repo) => repo.find(GUILD, row.id));
        const expected = Schema.encodeSync(ApplicationRow)(Option.getOrThrow(stored));
        assert.deepStrictEqual(
          applicationRows(rows).map(plain),
          row.submittedAt === null ? [] : [plain(expected)],
        );
        assert.notInclude(rows, "answers");
      }).pipe(inDatabase),
    { fastCheck: { numRuns: 15 } },
  );

  const STATUSES = ["pending", "approved", "withdrawn"] as const;
  const USERNAMES = ["robin", "Robina", "rob", "ROBERT", "a1b", "élan", "50%_off"] as const;
  const sent = fc.array(
    fc.record({
      status: fc.constantFrom(...STATUSES),
      claimedBy: fc.option(fc.constantFrom(MAYA, NOAH), { nil: null }),
      username: fc.constantFrom(...USERNAMES),
      displayName: fc.constantFrom(...USERNAMES),
      submittedAt: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
      guildId: fc.constantFrom(GUILD, GUILD, OTHER_GUILD),
    }),
    { maxLength: 40 },
  );
  const filter = fc.record(
    {
      statuses: fc.subarray([...STATUSES]),
      claimedBy: fc.constantFrom(MAYA, NOAH),
      search: fc.constantFrom("", "rob", "ROBI", "#a1b", "a1b", "é", "50%", "%", "_", userId(103)),
    },
    { requiredKeys: [] },
  );

  it.effect.prop(
    "after page shows every application that the filter asks for, once, newest first, and nothing else",
    [sent, fc.array(filter, { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 9 })],
    ([happened, filters, limit]) =>
      Effect.gen(function* () {
        const rows = happened.map((one, index) =>
          application({
            ...one,
            id: ApplicationId.make(ulid(index + 1)),
            userId: userId(100 + index),
            code: ShortCode.make(`a1b${index.toString(16).padStart(3, "0")}`),
            submittedAt: one.submittedAt === null ? null : at(one.submittedAt),
          }),
        );
        yield* Effect.forEach(rows, insertApplication);
        const order = Order.make<Application>((left, right) => {
          const key = ({ submittedAt, id }: Application) => `${submittedAt ?? 0} ${id}`;
          return key(left) > key(right) ? -1 : 1;
        });
        const begins = (text: string, part: string) =>
          text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).startsWith(part);
        for (const wanted of filters) {
          const { statuses = [], claimedBy, search = "" } = wanted;
          const part = search.replace("#", "").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          const expected = rows
            .filter(
              (row) =>
                row.guildId === GUILD &&
                row.submittedAt !== null &&
                (statuses.length === 0 || statuses.some((status) => status === row.status)) &&
                (claimedBy === undefined || row.claimedBy === claimedBy) &&
                (begins(row.username, part) ||
                  begins(row.displayName, part) ||
                  begins(row.code, part) ||
                  row.userId === part),
            )
            .sort(order)
            .map(({ id }) => id);
          const pages = yield* allPages((after: ApplicationKey | null) => page(wanted, after, limit));
          assert.deepStrictEqual(
            pages.map((one) => applicationRows(one).map(({ id }) => id)),
            expected.length === 0 ? [[]] : Arr.chunksOf(expected, limit),
          );
        }
      }).pipe(inDatabase),
    { fastCheck: { numRuns: 15 } },
  );

  const many = (count: number, username: string) =>
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql`
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
        INSERT INTO application (id, guild_id, user_id, code, username, display_name, avatar_url, status, version, answers,
          submitted_at, created_at, updated_at)
        SELECT printf('%026d', i), ${GUILD}, printf('3%017d', i), printf('%06x', i),
          CASE WHEN i % 100 = 0 THEN 'rare' ELSE ${username} END, 'x', '', 'approved', 1, '[]', i, i, i FROM n`,
    );

  it.effect("finds what many have in common too, and all of it", () =>
    Effect.gen(function* () {
      yield* many(2 * SCANNED + 500, "robin");
      const pages = yield* allPages((after: ApplicationKey | null) => page({ search: "rob" }, after, 100));
      assert.strictEqual(pages.flatMap((one) => applicationRows(one)).length, (2 * SCANNED + 500) * 0.99);
      const rare = yield* page({ search: "rare" }, null, 100);
      assert.strictEqual(applicationRows(rare.rows).length, 45);
      assert.isNull(rare.next);
    }).pipe(inDatabase),
  );

  it.effect("finds the rows it shows by an index, whatever is asked for", () =>
    Effect.gen(function* () {
      const expected: ReadonlyArray<readonly [ApplicationFilter, ReadonlyArray<string>]> = [
        [{}, ["application_sent"]],
        [{ statuses: ["pending"] }, ["application_status"]],
        [{ statuses: ["pending", "claimed"] }, ["application_status"]],
        [{ claimedBy: MAYA }, ["application_claimer"]],
        [{ claimedBy: MAYA, statuses: ["approved"] }, ["application_claimer"]],
      ];
      for (const [wanted, indexes] of expected)
        for (const after of [null, { submittedAt: at(5), id: ApplicationId.make(ulid(5)) }])
          assert.deepStrictEqual(yield* searches(page(wanted, after)), indexes, JSON.stringify(wanted));

      const names = ["application_display_name", "application_username"];
      const byText = ["application_code", ...names, "sqlite_autoindex_application_1"];
      assert.deepStrictEqual(yield* searches(page({ search: "a1" })), byText);
      assert.deepStrictEqual(yield* searches(page({ search: "a1", claimedBy: MAYA })), byText);
      yield* many(1_500, "a1");
      const dense = ["application_code", ...names];
      assert.deepStrictEqual(yield* searches(page({ search: "a1" })), [...dense, "application_sent"].sort());
      assert.deepStrictEqual(
        yield* searches(page({ search: "a1", claimedBy: MAYA })),
        [...dense, "application_claimer"].sort(),
      );
    }).pipe(inDatabase),
  );
});
