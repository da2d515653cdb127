import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { type Context, Effect, Layer } from "effect";
import {
  ActionId,
  ApplicationId,
  MessageId,
  PurgeId,
  SessionId,
  SideEffectId,
} from "../../../src/domain/Ids.js";
import { PanicPurge } from "../../../src/domain/PanicPurge.js";
import { Session } from "../../../src/domain/Session.js";
import { untroubled } from "../../../src/domain/OpsAlert.js";
import { ActionRepo } from "../../../src/services/repos/ActionRepo.js";
import { ApplicationRepo } from "../../../src/services/repos/ApplicationRepo.js";
import { BlockRepo } from "../../../src/services/repos/BlockRepo.js";
import { DraftRepo } from "../../../src/services/repos/DraftRepo.js";
import { OpsAlertRepo } from "../../../src/services/repos/OpsAlertRepo.js";
import { FlagRepo } from "../../../src/services/repos/FlagRepo.js";
import * as Repos from "../../../src/services/repos/index.js";
import { PanicPurgeRepo } from "../../../src/services/repos/PanicPurgeRepo.js";
import { MetricRepo } from "../../../src/services/repos/MetricRepo.js";
import { JoinRepo } from "../../../src/services/repos/JoinRepo.js";
import { RaidRepo } from "../../../src/services/repos/RaidRepo.js";
import { SessionRepo } from "../../../src/services/repos/SessionRepo.js";
import { SettingsRepo } from "../../../src/services/repos/SettingsRepo.js";
import { SideEffectRepo } from "../../../src/services/repos/SideEffectRepo.js";
import {
  action,
  application,
  at,
  flag,
  GUILD,
  MAYA,
  REVIEW_CHANNEL,
  ROBIN,
  settings,
  sideEffect,
} from "../../support/fixtures.js";
import { database } from "../../support/layers.js";
import { plansOf, slowing, statementsOf } from "../../support/queryPlans.js";

/** Methods that read much on purpose, none of them while somebody waits for a button. */
const READS_MUCH: ReadonlyArray<string> = [
  // `/gate status` counts a guild's applications, from an index alone.
  "countByStatus",
  // `/panic purge` reads the joins of a window of at most a day, and of each person the newest.
  "joiners",
  // An owner's list of sessions: the newest rows, in the order of the primary key.
  "newestOfAll",
  // Programs of the operator, which read the log of a guild or of all of them.
  "chains",
  "since",
  "behindEnd",
  // Figures: each reads a row a day and kind, never the log.
  "actions",
  "responses",
  "joinToSubmit",
];

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
    openApplicants: repo.openApplicants(GUILD),
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
    roleRecords: repo.roleRecords(GUILD, [ROBIN, MAYA]),
    markLeft: repo.markLeft(id, now),
    countByStatus: repo.countByStatus(GUILD),
    countWaiting: repo.countWaiting(GUILD),
    countOpen: repo.countOpen,
  }),
);

const actions = Effect.map(ActionRepo, (repo): Calls<Context.Tag.Service<typeof ActionRepo>> => ({
  insert: repo.insert({ ...action(), details: null }),
  last: repo.last(GUILD),
  find: repo.find(actionId),
  ofApplication: repo.ofApplication(id, 3),
  settingsRows: repo.settingsRows(GUILD, 3, 3),
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
  newestIn: repo.newestIn(GUILD),
  behindEnd: repo.behindEnd(GUILD, 100),
  after: repo.after(GUILD, 5, 100),
  signedInSince: repo.signedInSince(GUILD, MAYA, now),
}));

const session = new Session({
  id: SessionId.make("00000000000000000000000006"),
  userId: ROBIN,
  username: "robin",
  displayName: "Robin",
  avatarUrl: "",
  client: "",
  createdAt: now,
  seenAt: now,
  expiresAt: now,
});
const sessions = Effect.map(SessionRepo, (repo): Calls<Context.Tag.Service<typeof SessionRepo>> => ({
  insert: repo.insert(session, "hash"),
  findByToken: repo.findByToken("hash"),
  find: repo.find(session.id),
  touch: repo.touch(session.id, now),
  ofPerson: repo.ofPerson(ROBIN),
  newestOfAll: repo.newestOfAll(100),
  remove: repo.remove(session.id),
  removeOf: repo.removeOf(ROBIN),
  removeOver: repo.removeOver(now, now),
  useSignIn: repo.useSignIn("hash", now),
  forgetSignIns: repo.forgetSignIns(now),
}));

const DAYS = { first: 20_000, last: 20_365 };
const metrics = Effect.map(MetricRepo, (repo): Calls<Context.Tag.Service<typeof MetricRepo>> => ({
  count: Effect.forEach([undefined, "claim", "approve", "member_join", "app_submitted"] as const, (only) =>
    repo.count(GUILD, 4, 5, only),
  ),
  catchUp: repo.catchUp,
  actions: Effect.forEach(["whole", "day", "week", "month"] as const, (period) =>
    repo.actions(GUILD, ["claim", "approve"], DAYS, period),
  ),
  responses: repo.responses(GUILD, DAYS),
  joins: repo.joins(GUILD, [20_000, 0]),
  joinToSubmit: repo.joinToSubmit(GUILD),
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
  putOff: repo.putOff(effectId, now, "later", now),
  postpone: repo.postpone(effectId, now, "later", now),
  release: Effect.zipRight(repo.release(effectId, true), repo.release(effectId, false)),
  retry: repo.retry(effectId, "{}", "post", now),
  waitingCards: repo.waitingCards(id),
  bringForward: repo.bringForward(effectId, "{}", "post", now),
  takeFailedCards: repo.takeFailedCards(GUILD, now),
  replaceFailed: repo.replaceFailed(sideEffect({ id: effectId }), now),
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
  findByGateMessage: repo.findByGateMessage(message),
  all: repo.all,
  setGateMessage: repo.setGateMessage(GUILD, message),
}));

const joins = Effect.map(JoinRepo, (repo): Calls<Context.Tag.Service<typeof JoinRepo>> => ({
  add: repo.add(GUILD, ROBIN, now),
  knownUntil: repo.knownUntil(GUILD),
  setKnownUntil: repo.setKnownUntil(GUILD, now),
  lastByLog: repo.lastByLog(GUILD),
}));
const flags = Effect.map(FlagRepo, (repo): Calls<Context.Tag.Service<typeof FlagRepo>> => ({
  insert: repo.insert(flag()),
  find: repo.find(flag().id),
  findOpen: repo.findOpen(GUILD, ROBIN),
  lastBy: repo.lastBy(GUILD, ROBIN),
  countOpen: repo.countOpen(GUILD),
  page: Effect.forEach(["open", "closed"] as const, (state) =>
    Effect.zipRight(repo.page(GUILD, state, null, 3), repo.page(GUILD, state, { at: now, id: flag().id }, 3)),
  ),
  close: repo.close(GUILD, ROBIN, MAYA, null, now),
  firstMessage: repo.firstMessage(GUILD, ROBIN, now),
  listensSince: repo.listensSince(GUILD),
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

const opsAlerts = Effect.map(OpsAlertRepo, (repo): Calls<Context.Tag.Service<typeof OpsAlertRepo>> => ({
  all: repo.all,
  put: repo.put(untroubled("disk")),
}));

const PURGE = PanicPurge.make({
  id: PurgeId.make("00000000000000000000000005"),
  guildId: GUILD,
  state: "shown",
  minutes: 60,
  actor: ROBIN,
  shownAt: now,
  begunAt: null,
});
const purges = Effect.map(PanicPurgeRepo, (repo): Calls<Context.Tag.Service<typeof PanicPurgeRepo>> => ({
  joiners: repo.joiners(GUILD, now, 10),
  show: repo.show(PURGE, [ROBIN]),
  forget: repo.forget(GUILD, now),
  find: repo.find(GUILD, PURGE.id),
  latest: repo.latest(GUILD),
  begin: repo.begin(PURGE.id, ROBIN, now),
  shown: repo.shown(PURGE),
  plan: repo.plan(PURGE.id, [ROBIN], effectId),
  setFate: repo.setFate(PURGE.id, [ROBIN], "banned", null),
  planned: repo.planned(effectId),
  counts: repo.counts(PURGE.id),
  failures: repo.failures(PURGE.id, 10),
}));

const inDatabase = Effect.provide(Repos.layer.pipe(Layer.provideMerge(database)));

/** Runs a call, and says which of its statements cost more as tables grow. */
const slowingOf = (call: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const { statements } = yield* statementsOf(call);
    assert.isNotEmpty(statements);
    return slowing(yield* plansOf(statements));
  });

const allFast = (calls: Readonly<Record<string, Effect.Effect<unknown>>>) =>
  Effect.forEach(Object.entries(calls), ([name, call]) =>
    READS_MUCH.includes(name)
      ? call
      : Effect.map(slowingOf(call), (found) => assert.deepStrictEqual(found, [], name)),
  );

const drafts = Effect.map(DraftRepo, (repo): Calls<Context.Tag.Service<typeof DraftRepo>> => ({
  put: repo.put(GUILD, MAYA, "welcome", { text: "Hello", seen: null }, now),
  find: repo.find(GUILD, MAYA, "welcome"),
  remove: repo.remove(GUILD, MAYA, "welcome"),
  putQuestions: repo.putQuestions(GUILD, MAYA, { texts: ["Why?"], seen: "0" }, now),
  findQuestions: repo.findQuestions(GUILD, MAYA),
  removeQuestions: repo.removeQuestions(GUILD, MAYA),
}));

describe("every statement of the repositories finds its rows by index", () => {
  it.effect("applications", () =>
    Effect.flatMap(applications, (calls) => allFast({ ...calls })).pipe(inDatabase),
  );
  it.effect("the log", () => Effect.flatMap(actions, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("sessions", () => Effect.flatMap(sessions, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("figures", () => Effect.flatMap(metrics, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("side effects", () =>
    Effect.flatMap(sideEffects, (calls) => allFast({ ...calls })).pipe(inDatabase),
  );
  it.effect("blocks", () =>
    Effect.gen(function* () {
      yield* (yield* applications).insert;
      yield* allFast({ ...(yield* blocks) });
    }).pipe(inDatabase),
  );
  it.effect("purges", () => Effect.flatMap(purges, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("joins", () => Effect.flatMap(joins, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("flags", () => Effect.flatMap(flags, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("raids", () => Effect.flatMap(raids, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("drafts", () => Effect.flatMap(drafts, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("alerts", () => Effect.flatMap(opsAlerts, (calls) => allFast({ ...calls })).pipe(inDatabase));
  it.effect("settings", () => Effect.flatMap(allSettings, (calls) => allFast({ ...calls })).pipe(inDatabase));

  it.effect("the count of /gate status reads an index alone", () =>
    Effect.gen(function* () {
      const { statements } = yield* statementsOf((yield* applications).countByStatus);
      const [plan] = yield* plansOf(statements);
      assert.deepStrictEqual(plan?.steps, [
        "SEARCH application USING COVERING INDEX application_status (guild_id=?)",
      ]);
    }).pipe(inDatabase),
  );
  it.effect("a purge reads the joins of its window by index, and looks everybody up by index", () =>
    Effect.gen(function* () {
      const { statements } = yield* statementsOf((yield* purges).joiners);
      const [plan] = yield* plansOf(statements);
      const found = plan?.steps.filter((step) => / (member_join|application|other|side_effect)\b/.test(step));
      assert.isTrue(found?.some((step) => step.includes("member_join_time (guild_id=? AND joined_at>?)")));
      assert.isTrue(found?.every((step) => step.startsWith("SEARCH")));
    }).pipe(inDatabase),
  );
  it.effect("figures read their days of one guild, from the roll-ups alone", () =>
    Effect.gen(function* () {
      const { actions: named, responses, joins: ratios, joinToSubmit } = yield* metrics;
      const { statements } = yield* statementsOf(Effect.all([named, responses, ratios, joinToSubmit]));
      const plans = yield* plansOf(statements);
      const found = new Set(
        plans.flatMap(({ steps }) =>
          steps.filter((step) => / (\w+_day|action_log|application)\b/.test(step)),
        ),
      );
      assert.deepStrictEqual([...found].sort(), [
        "SEARCH join_day USING PRIMARY KEY (guild_id=? AND day>?)",
        "SEARCH join_submit_day USING PRIMARY KEY (guild_id=? AND day>?)",
        "SEARCH join_submit_day USING PRIMARY KEY (guild_id=?)",
        "SEARCH latency_day USING PRIMARY KEY (guild_id=? AND day>? AND day<?)",
        "SEARCH metric_day USING PRIMARY KEY (guild_id=? AND action=? AND day>? AND day<?)",
      ]);
    }).pipe(inDatabase),
  );
  it.effect("and one that does not is seen", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      const found = yield* slowingOf(Effect.orDie(sql`SELECT * FROM application WHERE username = 'robin'`));
      assert.strictEqual(found.length, 1);
    }).pipe(inDatabase),
  );
});
