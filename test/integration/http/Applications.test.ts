import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer, Schema, TestClock } from "effect";
import type { DecisionKind } from "../../../src/domain/Application.js";
import { ApplicationDetail } from "../../../src/http/api/Applications.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable } from "../../../src/layers/discord/Errors.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { AcceptId, ClaimId } from "../../../src/programs/views/CardButtons.js";
import { Access } from "../../../src/services/Access.js";
import { Gate } from "../../../src/services/Gate.js";
import { Settings } from "../../../src/services/Settings.js";
import { Withdrawals } from "../../../src/services/Withdrawals.js";
import {
  ANSWERS,
  at,
  GENERAL_CHANNEL,
  GUILD,
  HOUR,
  MAYA,
  member,
  MINUTE,
  NOAH,
  OTHER_GUILD,
  press,
  reviewer,
  ROBIN,
  SETUP,
} from "../../support/fixtures.js";
import { claim, decide, logged } from "../../support/fixtures-reviews.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import {
  admin,
  askedByOthers,
  type Browser,
  closed,
  type Route,
  signedIn,
  web,
} from "../../support/layers-web.js";
import { snapshot } from "../../support/ledger.js";

const served = Effect.provide(CardHold.layer.pipe(Layer.provideMerge(web())));

const to = (path: string) => `/api/applications/${path}?guild=${GUILD}`;
const detailOf = Schema.decodeUnknown(ApplicationDetail);

/** Robin has applied, and Maya is at the dashboard. */
const begun = Effect.gen(function* () {
  yield* setUp({ unverifiedChannelId: GENERAL_CHANNEL });
  const { id, code } = yield* apply();
  const maya = yield* signedIn();
  return { id, code, maya };
});

const decideAs = (browser: Browser, id: string, kind: string, reason?: string | null) =>
  browser.post(to(`${id}/decide`), { kind, ...(reason === undefined ? {} : { reason }) });

/** Rows about applications since Robin's was sent. */
const log = Effect.map(
  rowsOf("SELECT name, actor, reason, details FROM action_log WHERE seq > 2 ORDER BY seq"),
  (rows) => rows.map(({ name, actor, reason, details }) => ({ name, actor, reason, via: viaOf(details) })),
);
const viaOf = (details: unknown) =>
  typeof details === "string" ? /"via":"(\w+)"/.exec(details)?.[1] : undefined;
const fromWeb = (name: string, actor: string, reason: string | null = null) => ({
  ...logged(name, actor, reason),
  via: "web",
});

/** What an answer was, and that it left no trace. */
const refused = <E, R>(asking: Effect.Effect<{ status: number; body: unknown }, E, R>) =>
  Effect.gen(function* () {
    const rows = Effect.all([snapshot, rowsOf("SELECT * FROM side_effect ORDER BY id")]);
    const before = yield* rows;
    const answer = yield* asking;
    assert.deepStrictEqual(yield* rows, before, "something was written");
    return answer;
  });

describe("GET /api/applications/:id", () => {
  it.effect("shows everything about an application", () =>
    Effect.gen(function* () {
      const first = yield* begun;
      yield* decide(MAYA, "reject");
      yield* TestClock.adjust("2 days");
      const { id, code } = yield* apply();
      const maya = yield* signedIn();
      const { status, body } = yield* maya.get(to(id));
      assert.strictEqual(status, 200);
      const detail = yield* detailOf(body);
      assert.deepInclude(detail.application, { id, code, userId: ROBIN, status: "pending", version: 1 });
      assert.deepStrictEqual(detail.application.answers, ANSWERS);
      assert.deepStrictEqual(
        detail.history.map((other) => [other.code, other.status, other.decidedBy, other.reason]),
        [[first.code, "rejected", MAYA, "Too few words"]],
      );
      assert.deepStrictEqual(
        detail.actions.map(({ name, actor }) => [name, actor]),
        [["app_submitted", ROBIN]],
      );
      assert.sameMembers(
        detail.effects.map(({ consequence: { _tag }, state }) => `${_tag} ${state}`),
        ["DrawCard waiting", "ReceivedMessage waiting"],
      );
      assert.deepInclude(detail, { reapplyAt: null, blocked: false, flag: null, role: null });
    }).pipe(served),
  );

  it.effect("tells of an old one when the person may apply again, and that they have", () =>
    Effect.gen(function* () {
      const { id } = yield* begun;
      yield* decide(MAYA, "reject");
      yield* TestClock.adjust("2 days");
      const second = yield* apply();
      const maya = yield* signedIn();
      const detail = yield* detailOf((yield* maya.get(to(id))).body);
      assert.strictEqual(detail.reapplyAt, at(24 * HOUR));
      assert.deepStrictEqual(
        detail.history.map((other) => other.code),
        [second.code],
      );
    }).pipe(served),
  );

  it.effect("finds it by its code, however it is written", () =>
    Effect.gen(function* () {
      const { maya, id, code } = yield* begun;
      for (const written of [code, code.toUpperCase(), `%23${code}`]) {
        const { body } = yield* maya.get(to(`by-code/${written}`));
        assert.strictEqual((yield* detailOf(body)).application.id, id);
      }
    }).pipe(served),
  );

  it.effect("says of a step that failed why, and that it can be tried again", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      yield* decide(MAYA);
      yield* rowsOf(
        "UPDATE side_effect SET state = 'failed', last_error = 'Too high' WHERE kind = 'GrantRole'",
      );
      const { effects } = yield* detailOf((yield* maya.get(to(id))).body);
      const role = effects.find(({ consequence }) => consequence._tag === "GrantRole");
      assert.deepInclude(role, { state: "failed", problem: "Too high", retryable: true });
    }).pipe(served),
  );

  it.effect("finds nothing by what was never sent, does not exist or is no id", () =>
    Effect.gen(function* () {
      const { maya } = yield* begun;
      yield* Effect.flatMap(Gate, (gate) => gate.saveDraft(GUILD, member(NOAH), ANSWERS));
      const [draft] = yield* rowsOf("SELECT id, code FROM application WHERE status = 'draft'");
      assert.isDefined(draft);
      for (const path of [
        String(draft["id"]),
        `by-code/${String(draft["code"])}`,
        "by-code/nothing",
        "0".repeat(26),
      ]) {
        const { status, body } = yield* refused(maya.get(to(path)));
        assert.strictEqual(status, 404, path);
        assert.deepInclude(body, { _tag: "ApplicationNotFound" });
      }
      assert.strictEqual((yield* maya.get(to("not-an-id"))).status, 400);
    }).pipe(served),
  );
});

describe("claiming from the web", () => {
  it.effect("claims, logs where it was done, and has the card redrawn in Discord", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* TestClock.adjust("5 minutes");
      const { status, body } = yield* maya.post(to(`${id}/claim`));
      assert.strictEqual(status, 200);
      const { application } = yield* detailOf(body);
      assert.deepInclude(application, { status: "claimed", claimedBy: MAYA, claimedAt: at(5 * MINUTE) });
      assert.deepStrictEqual(yield* log, [fromWeb("claim", MAYA)]);
      assert.deepStrictEqual(
        yield* rowsOf("SELECT kind, not_before FROM side_effect WHERE state = 'waiting'"),
        [{ kind: "DrawCard", notBefore: at(5 * MINUTE) }],
      );
    }).pipe(served),
  );

  it.effect("says who was faster", () =>
    Effect.gen(function* () {
      const { maya, id, code } = yield* begun;
      yield* claim(NOAH);
      assert.deepStrictEqual(yield* refused(maya.post(to(`${id}/claim`))), {
        status: 409,
        body: { _tag: "AlreadyClaimed", code, claimedBy: NOAH },
      });
    }).pipe(served),
  );

  it.effect("at once with the button in Discord: one has it, the other is told, one row of the log", () =>
    Effect.gen(function* () {
      const { id } = yield* begun;
      const browsers = yield* Effect.forEach([MAYA, ROBIN], (who) => signedIn(admin(who)));
      const pressed = Router.make(
        commands,
        components,
      )(press(ClaimId.encode({ application: id }), reviewer(NOAH)));
      const [first, , second] = yield* Effect.all(
        [
          Effect.forEach(browsers, (browser) => browser.post(to(`${id}/claim`)), {
            concurrency: "unbounded",
          }),
          pressed,
          Effect.forEach(browsers, (browser) => browser.post(to(`${id}/claim`)), {
            concurrency: "unbounded",
          }),
        ],
        { concurrency: "unbounded" },
      );
      const [application] = yield* rowsOf("SELECT claimed_by FROM application");
      const claimedBy = application?.["claimedBy"];
      assert.deepStrictEqual(
        (yield* log).map(({ name, actor }) => [name, actor]),
        [["claim", claimedBy]],
      );
      const won = [...first, ...second].filter(({ status }) => status === 200);
      assert.strictEqual(won.length, claimedBy === NOAH ? 0 : 1);
      for (const { status, body } of [...first, ...second].filter((answer) => !won.includes(answer))) {
        assert.strictEqual(status, 409);
        assert.deepInclude(body, { _tag: "AlreadyClaimed", claimedBy });
      }
    }).pipe(served),
  );
});

describe("unclaiming from the web", () => {
  it.effect("gives one's own back, and that of somebody else", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      yield* maya.post(to(`${id}/claim`));
      assert.strictEqual((yield* maya.post(to(`${id}/unclaim`))).status, 200);
      yield* claim(NOAH);
      const { body } = yield* maya.post(to(`${id}/unclaim`));
      assert.deepInclude((yield* detailOf(body)).application, { status: "pending", claimedBy: null });
      assert.deepStrictEqual(yield* log, [
        fromWeb("claim", MAYA),
        fromWeb("unclaim", MAYA),
        { ...logged("claim", NOAH), via: undefined },
        fromWeb("unclaim", MAYA),
      ]);
      assert.deepInclude(yield* refused(maya.post(to(`${id}/unclaim`))), { status: 409 });
    }).pipe(served),
  );
});

describe("deciding from the web", () => {
  it.effect.each([
    ["approve", "approved", null, ["DecisionMessage", "GrantRole", "WelcomePost"]],
    ["approve", "approved", "A friend of Noah's", ["DecisionMessage", "GrantRole", "WelcomePost"]],
    ["reject", "rejected", "Too few words", ["DecisionMessage"]],
    ["perm_reject", "perm_rejected", "Spam", ["DecisionMessage"]],
    ["kick", "kicked", "Spam", ["DecisionMessage", "KickMember"]],
  ] as const)("%s: %s, and all that follows in Discord is planned", ([kind, status, reason, steps]) =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      const { body } = yield* decideAs(maya, id, kind, reason === null ? undefined : `  ${reason} `);
      const { application, effects } = yield* detailOf(body);
      assert.deepInclude(application, { status, decidedBy: MAYA, reason });
      assert.includeMembers(
        effects.map(({ consequence }) => consequence._tag),
        [...steps],
      );
      assert.deepStrictEqual(yield* log, [fromWeb("claim", MAYA), fromWeb(kind, MAYA, reason)]);
    }).pipe(served),
  );

  it.effect.each(["reject", "perm_reject", "kick"] as const)("%s needs a reason that can be seen", (kind) =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      for (const reason of [undefined, null, "", " \n ", "\u200b\u202e", "\u2800"]) {
        assert.deepStrictEqual(yield* refused(decideAs(maya, id, kind, reason)), {
          status: 422,
          body: { _tag: "ReasonNeeded" },
        });
      }
    }).pipe(served),
  );

  it.effect("takes a reason as long as the form in Discord does, and no other kind", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      const wrong: ReadonlyArray<readonly [string, string]> = [
        ["reject", "x".repeat(501)],
        ["ban", "Spam"],
      ];
      for (const [kind, reason] of wrong) {
        const { status, body } = yield* refused(decideAs(maya, id, kind, reason));
        assert.strictEqual(status, 400);
        assert.deepInclude(body, { _tag: "HttpApiDecodeError" });
      }
      assert.strictEqual((yield* decideAs(maya, id, "reject", "x".repeat(500))).status, 200);
    }).pipe(served),
  );

  it.effect("is for the claimer alone, an admin is none by being one", () =>
    Effect.gen(function* () {
      const { maya, id, code } = yield* begun;
      yield* claim(NOAH);
      assert.deepStrictEqual(yield* refused(decideAs(maya, id, "approve")), {
        status: 409,
        body: { _tag: "NotClaimer", code, claimedBy: NOAH },
      });
    }).pipe(served),
  );

  it.effect.each(["approve", "reject", "perm_reject", "kick"] as const)(
    "what was decided a moment ago (%s) stays as it is, and the answer says what it is and by whom",
    (kind: DecisionKind) =>
      Effect.gen(function* () {
        const { maya, id, code } = yield* begun;
        const { facts } = yield* decide(NOAH, kind);
        for (const again of ["claim", "unclaim", "decide"]) {
          const { status, body } = yield* refused(
            again === "decide" ? decideAs(maya, id, "approve") : maya.post(to(`${id}/${again}`)),
          );
          const attempted = again === "decide" ? "approve" : again;
          assert.deepStrictEqual(
            { status, body },
            {
              status: 409,
              body: {
                _tag: "IllegalTransition",
                code,
                status: facts.application.status,
                decidedBy: NOAH,
                attempted,
              },
            },
          );
        }
      }).pipe(served),
  );

  it.effect("about one that was taken back is refused", () =>
    Effect.gen(function* () {
      const { maya, id, code } = yield* begun;
      yield* Effect.flatMap(Withdrawals, (all) => all.takeBack(GUILD, ROBIN, code));
      for (const asking of [decideAs(maya, id, "approve"), maya.post(to(`${id}/claim`))]) {
        const { status, body } = yield* refused(asking);
        assert.strictEqual(status, 409);
        assert.deepInclude(body, { _tag: "IllegalTransition", status: "withdrawn", decidedBy: null });
      }
    }).pipe(served),
  );

  it.effect("at once with the button in Discord: one decision, its rows once, the other is told", () =>
    Effect.gen(function* () {
      const { id } = yield* begun;
      const browsers = yield* Effect.forEach([MAYA, ROBIN], (who) => signedIn(admin(who)));
      const [answers] = yield* Effect.all(
        [
          Effect.forEach(browsers, (browser) => decideAs(browser, id, "reject", "Too few words"), {
            concurrency: "unbounded",
          }),
          Router.make(commands, components)(press(AcceptId.encode({ application: id }), reviewer(NOAH))),
        ],
        { concurrency: "unbounded" },
      );
      const [row] = yield* rowsOf("SELECT status, decided_by FROM application");
      const decidedBy = row?.["decidedBy"];
      assert.deepStrictEqual(
        (yield* log).map(({ name, actor }) => [name, actor]),
        [
          ["claim", decidedBy],
          [decidedBy === NOAH ? "approve" : "reject", decidedBy],
        ],
      );
      assert.strictEqual(answers.filter(({ status }) => status === 200).length, decidedBy === NOAH ? 0 : 1);
      for (const { body } of answers.filter(({ status }) => status === 409)) {
        assert.deepInclude(body, { _tag: "IllegalTransition", status: row?.["status"], decidedBy });
      }
      assert.strictEqual(
        (yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DecisionMessage'")).length,
        1,
      );
    }).pipe(served),
  );

  it.effect("ends with the role: whoever has lost it is refused at once", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      assert.strictEqual((yield* maya.post(to(`${id}/claim`))).status, 200);
      yield* Effect.flatMap(DiscordFake, (fake) => fake.putMember(GUILD, reviewer(MAYA)));
      yield* Effect.flatMap(Access, (access) => access.forget(MAYA));
      assert.deepStrictEqual(yield* refused(decideAs(maya, id, "approve")), {
        status: 404,
        body: { _tag: "UnknownGuild" },
      });
    }).pipe(served),
  );
});

describe("every route of applications", () => {
  it.effect("is for admins of the guild alone, and leaves no trace when it refuses", () =>
    Effect.gen(function* () {
      const { id, code } = yield* begun;
      const of = `/api/applications/${id}`;
      const routes: ReadonlyArray<Route> = [
        { path: of },
        { path: `/api/applications/by-code/${code}` },
        ...["claim", "unclaim", "retry", "ping"].map((act) => ({ path: `${of}/${act}`, body: {} })),
        { path: `${of}/decide`, body: { kind: "approve" } },
        { path: "/api/unblock", body: { userId: ROBIN, reason: "Was a mistake" } },
      ];
      for (const route of routes) {
        assert.deepStrictEqual(yield* askedByOthers(route), closed(route), route.path);
      }
    }).pipe(served),
  );
});

describe("applications of another guild", () => {
  it.effect("are there for nobody, whatever is asked, and nothing is written", () =>
    Effect.gen(function* () {
      const { maya } = yield* begun;
      yield* Effect.flatMap(DiscordFake, (fake) => fake.putGuild({ id: OTHER_GUILD, name: "The Burrow" }));
      const { id, code } = yield* Effect.zipRight(
        Effect.flatMap(Settings, (all) => all.setUp(OTHER_GUILD, NOAH, SETUP)),
        Effect.flatMap(Gate, (gate) => gate.submit(OTHER_GUILD, member(NOAH), ANSWERS)),
      );
      const theirs = yield* signedIn(admin(NOAH), OTHER_GUILD);
      const reject = { kind: "reject", reason: "Too few words" };
      const asked: ReadonlyArray<(who: Browser, guild: string) => ReturnType<Browser["get"]>> = [
        (who, guild) => who.get(`/api/applications/${id}?guild=${guild}`),
        (who, guild) => who.get(`/api/applications/by-code/${code}?guild=${guild}`),
        ...["claim", "unclaim", "retry", "ping"].map(
          (act) => (who: Browser, guild: string) => who.post(`/api/applications/${id}/${act}?guild=${guild}`),
        ),
        (who, guild) => who.post(`/api/applications/${id}/decide?guild=${guild}`, reject),
      ];
      for (const asking of asked) {
        const { status, body } = yield* refused(asking(maya, GUILD));
        assert.strictEqual(status, 404);
        assert.deepInclude(body, { _tag: "ApplicationNotFound" });
        const elsewhere = { status: 404, body: { _tag: "UnknownGuild" } };
        assert.deepStrictEqual(yield* refused(asking(maya, OTHER_GUILD)), elsewhere);
        assert.deepStrictEqual(yield* refused(asking(theirs, GUILD)), elsewhere);
      }
      assert.strictEqual((yield* theirs.get(`/api/applications/${id}?guild=${OTHER_GUILD}`)).status, 200);
    }).pipe(served),
  );
});

describe("what else moderators do, from the web", () => {
  it.effect("failed steps are put back to work", () =>
    Effect.gen(function* () {
      const { maya, id } = yield* begun;
      yield* decide(MAYA);
      yield* rowsOf(
        "UPDATE side_effect SET state = 'failed', last_error = 'Too high' WHERE kind = 'GrantRole'",
      );
      const retry = maya.post(to(`${id}/retry`));
      assert.deepNestedInclude((yield* retry).body, { retried: 1, "detail.application.id": id });
      assert.deepNestedInclude((yield* retry).body, { retried: 0 });
      const [role] = yield* rowsOf("SELECT state FROM side_effect WHERE kind = 'GrantRole'");
      assert.deepStrictEqual(role, { state: "waiting" });
    }).pipe(served),
  );

  it.effect("an applicant is called, once in ten minutes", () =>
    Effect.gen(function* () {
      const { id, code, maya } = yield* begun;
      const fake = yield* DiscordFake;
      yield* fake.script("isMember", {
        _tag: "Refused",
        error: new DiscordUnavailable({ detail: "secret" }),
      });
      assert.deepStrictEqual(yield* refused(maya.post(to(`${id}/ping`))), {
        status: 503,
        body: { _tag: "DiscordSilent" },
      });
      assert.strictEqual((yield* maya.post(to(`${id}/ping`))).status, 200);
      assert.deepStrictEqual(yield* log, [fromWeb("send", MAYA)]);
      assert.deepStrictEqual(yield* refused(maya.post(to(`${id}/ping`))), {
        status: 409,
        body: { _tag: "PingedRecently", code, until: at(10 * MINUTE) },
      });
    }).pipe(served),
  );

  it.effect("somebody is unblocked, with a reason, once", () =>
    Effect.gen(function* () {
      const { maya } = yield* begun;
      yield* decide(MAYA, "perm_reject");
      const unblock = (reason: string) => maya.post(`/api/unblock?guild=${GUILD}`, { userId: ROBIN, reason });
      assert.deepInclude(yield* refused(unblock(" ")), { status: 422 });
      assert.deepStrictEqual(yield* unblock("Was a mistake"), { status: 204, body: null });
      assert.deepStrictEqual((yield* log).at(-1), fromWeb("unblock", MAYA, "Was a mistake"));
      assert.deepStrictEqual(yield* rowsOf("SELECT user_id FROM block"), []);
      assert.deepStrictEqual(yield* refused(unblock("Again")), {
        status: 409,
        body: { _tag: "NotBlocked", userId: ROBIN },
      });
    }).pipe(served),
  );
});
