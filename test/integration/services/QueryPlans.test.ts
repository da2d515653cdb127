import * as SqlClient from "@effect/sql/SqlClient";
import * as Statement from "@effect/sql/Statement";
import { assert, describe, it } from "@effect/vitest";
import { type Context, Effect, Layer } from "effect";
import { ActionId, ApplicationId, MessageId, SideEffectId } from "../../../src/domain/Ids.js";
import { ActionRepo } from "../../../src/services/repos/ActionRepo.js";
import { ApplicationRepo } from "../../../src/services/repos/ApplicationRepo.js";
import { BlockRepo } from "../../../src/services/repos/BlockRepo.js";
import * as Repos from "../../../src/services/repos/index.js";
import { RaidRepo } from "../../../src/services/repos/RaidRepo.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { SideEffectRepo } from "../../../src/services/repos/SideEffectRepo.js";
import {
  action,
  application,
  at,
  GUILD,
  REVIEW_CHANNEL,
  ROBIN,
  settings,
  sideEffect,
} from "../../support/fixtures.js";
import { database } from "../../support/layers.js";

/** One call of every method, so that every statement is seen: a method without one does not compile. */
type Calls<S> = { readonly [M in keyof S]: Effect.Effect<unknown> };

const APPLICATION = application();
const id = ApplicationId.make("00000000000000000000000001");
const actionId = ActionId.make("00000000000000000000000002");
const effectId = SideEffectId.make("00000000000000000000000003");
const otherId = SideEffectId.make("00000000000000000000000004");
const message = MessageId.make("700000000000000001");
const now = at(0);

const applications = Effect.map(
  ApplicationRepo,
  (repo): Calls<Context.Tag.Service<typeof ApplicationRepo>> => ({
    insert: repo.insert(APPLICATION),
    find: repo.find(GUILD, id),
    findByCode: repo.findByCode(GUILD, APPLICATION.code),
    findOpenOf: repo.findOpenOf(GUILD, ROBIN),
    open: repo.open(GUILD),
    historyOf: repo.historyOf(GUILD, ROBIN, 6),
    queue: repo.queue(GUILD, 200),
    queueFrom: Effect.forEach([null, ROBIN], (by) =>
      Effect.forEach(["next", "previous"] as const, (direction) =>
        Effect.zipRight(
          repo.queueFrom(GUILD, by, null, direction, 10),
          repo.queueFrom(GUILD, by, { submittedAt: now, id }, direction, 10),
        ),
      ),
    ),
    countQueue: Effect.zipRight(repo.countQueue(GUILD, null), repo.countQueue(GUILD, ROBIN)),
    queueMatching: repo.queueMatching(GUILD, "rob", 25),
    staleClaims: repo.staleClaims(GUILD, now, 100),
    change: repo.change(APPLICATION, { reason: "a" }, now),
    setCard: repo.setCard(id, REVIEW_CHANNEL, message),
    findByCard: repo.findByCard(message),
    markLeft: repo.markLeft(id, now),
    countByStatus: repo.countByStatus(GUILD),
    countOpen: repo.countOpen,
  }),
);

const actions = Effect.map(ActionRepo, (repo): Calls<Context.Tag.Service<typeof ActionRepo>> => ({
  insert: repo.insert({ ...action(), details: null }),
  last: repo.last(GUILD),
  find: repo.find(actionId),
  ofApplication: repo.ofApplication(id, 3),
  newest: repo.newest(id, "role_granted"),
  hasDetails: repo.hasDetails(GUILD, "restore", "{}", 0),
  wrongPasswords: repo.wrongPasswords(GUILD, ROBIN, 5),
  since: Effect.zipRight(repo.since(actionId, null, null, 100), repo.since(actionId, actionId, GUILD, 100)),
  chains: repo.chains,
  end: repo.end(GUILD),
  page: Effect.zipRight(
    repo.page(GUILD, null, 1_000, 500),
    repo.page(GUILD, { seq: 1, id: actionId }, 1_000, 500),
  ),
  behindEnd: repo.behindEnd(GUILD, 100),
}));

const row = (rowId: SideEffectId) => ({
  id: rowId,
  guildId: GUILD,
  applicationId: id,
  kind: "LogPost",
  payload: JSON.stringify({ _tag: "LogPost", actionId }),
  lane: "post",
  blockedBy: 0,
  notBefore: now,
  at: now,
});
const sideEffects = Effect.map(SideEffectRepo, (repo): Calls<Context.Tag.Service<typeof SideEffectRepo>> => ({
  insert: repo.insert(
    [row(effectId), row(otherId)],
    [{ sideEffectId: otherId, onId: effectId, mustBeDone: true }],
  ),
  find: repo.find(effectId),
  ofApplication: repo.ofApplication(id),
  dueLanes: repo.dueLanes(now),
  nextDue: repo.nextDue(now),
  firstDue: repo.firstDue("post", now),
  ofBatch: repo.ofBatch(effectId),
  firstInOrder: repo.firstInOrder("post", now),
  following: repo.following(sideEffect({ id: effectId, lane: "post" }), 7),
  park: repo.park(effectId, "no channel", true, now),
  takeBack: repo.takeBack(GUILD, now),
  countParked: repo.countParked,
  reopen: repo.reopen([effectId, otherId], now),
  knownOf: repo.knownOf([effectId, otherId]),
  unpostedActions: repo.unpostedActions,
  postedOf: repo.postedOf([effectId, otherId]),
  setBatch: repo.setBatch([effectId, otherId], effectId),
  settle: repo.settle(effectId, "done", null, null, now),
  postpone: repo.postpone(effectId, now, "later", now),
  release: Effect.zipRight(repo.release(effectId, true), repo.release(effectId, false)),
  retry: repo.retry(effectId, "{}", "post", now),
  waitingCards: repo.waitingCards(id),
  bringForward: repo.bringForward(effectId, "{}", "post", now),
  takeFailedCards: repo.takeFailedCards(GUILD, now),
  cardShown: repo.cardShown(effectId, 1, now, now),
  countActive: repo.countActive(id),
  countFailed: repo.countFailed(GUILD),
  countByState: repo.countByState,
}));

const blocks = Effect.map(BlockRepo, (repo): Calls<Context.Tag.Service<typeof BlockRepo>> => ({
  put: repo.put(GUILD, ROBIN, id, now),
  find: repo.find(GUILD, ROBIN),
  remove: repo.remove(GUILD, ROBIN),
}));

const allSettings = Effect.map(SettingsRepo, (repo): Calls<Context.Tag.Service<typeof SettingsRepo>> => ({
  put: repo.put(settings()),
  find: repo.find(GUILD),
  all: repo.all,
  setGateMessage: repo.setGateMessage(GUILD, message),
}));

const raids = Effect.map(RaidRepo, (repo): Calls<Context.Tag.Service<typeof RaidRepo>> => ({
  switchTo: Effect.zipRight(repo.switchTo(GUILD, true, ROBIN, now), repo.switchTo(GUILD, false, ROBIN, now)),
  find: repo.find(GUILD),
  setDigest: repo.setDigest(GUILD, REVIEW_CHANNEL, message),
  joinsSince: repo.joinsSince(GUILD, now),
  lastOfWave: repo.lastOfWave(GUILD),
  waveGoesOn: repo.waveGoesOn(GUILD, now),
  digestWaits: Effect.zipRight(repo.digestWaits(GUILD, []), repo.digestWaits(GUILD, [effectId])),
}));

/** The tables that grow with every applicant. */
const TABLES = ["application", "action_log", "side_effect", "side_effect_dependency"];
const inDatabase = Effect.provide(Repos.layer.pipe(Layer.provideMerge(database)));

/** Runs a call, and says of each of its statements how SQLite finds the rows. */
const plansOf = (call: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient;
    const statements: Array<ReturnType<Statement.Statement<unknown>["compile"]>> = [];
    yield* Statement.withTransformer(call, (statement) =>
      Effect.sync(() => {
        statements.push(statement.compile());
        return statement;
      }),
    );
    assert.isNotEmpty(statements);
    return yield* Effect.forEach(statements, ([text, params]) =>
      Effect.map(sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params), (steps) => ({
        text,
        steps: steps.map(({ detail }) => detail),
      })),
    );
  });

/** Steps that read a table from end to end. */
const scansOf = (call: Effect.Effect<unknown>) =>
  Effect.map(plansOf(call), (plans) =>
    plans.flatMap(({ text, steps }) =>
      steps
        .filter((step) => TABLES.some((table) => step === `SCAN ${table}`) || step.includes("AUTOMATIC"))
        .map((step) => `${step}: ${text}`),
    ),
  );

const noScans = (calls: Readonly<Record<string, Effect.Effect<unknown>>>) =>
  Effect.forEach(Object.entries(calls), ([name, call]) =>
    Effect.map(scansOf(call), (scans) => assert.deepStrictEqual(scans, [], name)),
  );

describe("every statement of the repositories finds its rows by index", () => {
  it.effect("applications", () =>
    Effect.flatMap(applications, (calls) => noScans({ ...calls })).pipe(inDatabase),
  );
  it.effect("the log", () => Effect.flatMap(actions, (calls) => noScans({ ...calls })).pipe(inDatabase));
  it.effect("side effects", () =>
    Effect.flatMap(sideEffects, (calls) => noScans({ ...calls })).pipe(inDatabase),
  );
  it.effect("blocks", () =>
    Effect.gen(function* () {
      yield* (yield* applications).insert;
      yield* noScans({ ...(yield* blocks) });
    }).pipe(inDatabase),
  );
  it.effect("raids", () => Effect.flatMap(raids, (calls) => noScans({ ...calls })).pipe(inDatabase));
  it.effect("settings", () => Effect.flatMap(allSettings, (calls) => noScans({ ...calls })).pipe(inDatabase));

  it.effect("and one that does not is seen", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      const scans = yield* scansOf(Effect.orDie(sql`SELECT * FROM application WHERE username = 'robin'`));
      assert.strictEqual(scans.length, 1);
    }).pipe(inDatabase),
  );
});
