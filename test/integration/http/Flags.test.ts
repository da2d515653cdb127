import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import type { Flag } from "../../../src/domain/Flag.js";
import type { UserId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { UnknownTarget } from "../../../src/layers/discord/Errors.js";
import { Flags } from "../../../src/services/Flags.js";
import { GUILD, MAYA, member, NOAH, OTHER_GUILD, ROBIN, userId } from "../../support/fixtures.js";
import { rowsOf, setUp } from "../../support/layers.js";
import { asked, askedByOthers, type Browser, closed, served, signedIn } from "../../support/layers-web.js";
import { snapshot } from "../../support/ledger.js";

const FLAGS = { path: "/api/flags" };
const flag = (who: string, reason: unknown = "Sells accounts") => ({
  ...FLAGS,
  body: { userId: who, reason },
});
const close = (id: string, reason?: unknown) => ({ path: `/api/flags/${id}/close`, body: { reason } });

const begin = Effect.zipRight(setUp(), signedIn());
const rows = rowsOf("SELECT * FROM flag ORDER BY id");
const log = rowsOf("SELECT name, actor, target, reason, details FROM action_log WHERE seq > 1 ORDER BY seq");

/** Flags made a minute apart, the oldest first. */
const flagged = (count: number) =>
  Effect.gen(function* () {
    const flags = yield* Flags;
    const made: Array<Flag> = [];
    for (let n = 0; n < count; n += 1) {
      yield* TestClock.adjust("1 minute");
      const person: { id: UserId; bot: boolean } = { id: userId(200 + n), bot: false };
      made.push((yield* flags.flag(GUILD, person, NOAH, `Reason ${n}`)).flag);
    }
    return made;
  });

/** Ids of all pages. */
const pages = (browser: Browser, state: string) =>
  Effect.gen(function* () {
    const ids: Array<string> = [];
    let cursor = "";
    for (;;) {
      const { body } = yield* asked(browser, { path: `/api/flags?state=${state}&limit=2${cursor}` });
      const page = body as { flags: ReadonlyArray<{ id: string }>; next: string | null };
      assert.isAtMost(page.flags.length, 2);
      ids.push(...page.flags.map(({ id }) => id));
      if (page.next === null) return ids;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  });

describe("GET /api/flags", () => {
  it.effect("shows open and closed ones in pages, the newest first", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const made = yield* flagged(5);
      const flags = yield* Flags;
      for (const { userId: who } of [made[1], made[3], made[0]].flatMap((one) => one ?? [])) {
        yield* TestClock.adjust("1 minute");
        yield* flags.unflag(GUILD, who, MAYA, null);
      }
      const idOf = (n: number) => made[n]?.id ?? "";
      assert.deepStrictEqual(yield* pages(browser, "open"), [idOf(4), idOf(2)]);
      assert.deepStrictEqual(yield* pages(browser, "closed"), [idOf(0), idOf(3), idOf(1)]);
      const { body } = yield* asked(browser, FLAGS);
      assert.deepNestedInclude(body, {
        open: 2,
        next: null,
        "flags[0].reason": "Reason 4",
        "flags[0].flaggedBy": NOAH,
      });
      for (const query of ["state=all", "limit=0", "limit=101", "cursor=abc"]) {
        assert.strictEqual((yield* asked(browser, { path: `/api/flags?${query}` })).status, 400, query);
      }
    }).pipe(served()),
  );
});

describe("POST /api/flags", () => {
  it.effect("flags somebody as /flag does, also somebody who left", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const { status, body } = yield* asked(browser, flag(ROBIN, " Sells\u200b accounts "));
      assert.strictEqual(status, 201);
      assert.deepInclude(body, { userId: ROBIN, reason: "Sells accounts", flaggedBy: MAYA, closedAt: null });
      const [row] = yield* log;
      assert.deepInclude(row, { name: "flag", actor: MAYA, target: ROBIN, reason: "Sells accounts" });
      assert.strictEqual(row?.["details"], '{"kind":"manual","via":"web"}');
      yield* TestClock.adjust("1 minute");
      assert.strictEqual((yield* asked(browser, flag(userId(77)))).status, 201);
    }).pipe(served()),
  );

  it.effect("refuses what /flag refuses, and writes nothing", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const browser = yield* begin;
      const robot = member(userId(78), { bot: true });
      yield* fake.putMember(GUILD, robot);
      yield* asked(browser, flag(ROBIN));
      const before = [yield* snapshot, yield* rows];
      const answers: Array<readonly [number, unknown]> = [];
      for (const who of [ROBIN, NOAH, MAYA, robot.id]) {
        const { status, body } = yield* asked(browser, flag(who));
        answers.push([status, (body as { _tag: string })._tag]);
      }
      yield* fake.script("user", { _tag: "Refused", error: new UnknownTarget({ target: "user" }) });
      const nobody = yield* asked(browser, flag(userId(79)));
      assert.deepStrictEqual(answers, [
        [409, "AlreadyFlagged"],
        [429, "FlaggedRecently"],
        [422, "NotFlaggable"],
        [422, "NotFlaggable"],
      ]);
      assert.deepStrictEqual(nobody, { status: 404, body: { _tag: "UnknownPerson", userId: userId(79) } });
      for (const route of [
        flag("robin"),
        flag(ROBIN, ""),
        flag(ROBIN, " \u200b "),
        flag(ROBIN, "x".repeat(501)),
        flag(ROBIN, null),
        { ...FLAGS, body: {} },
      ]) {
        assert.strictEqual((yield* asked(browser, route)).status, 400, JSON.stringify(route));
      }
      assert.deepStrictEqual([yield* snapshot, yield* rows], before);
    }).pipe(served()),
  );
});

describe("POST /api/flags/:id/close", () => {
  it.effect("takes a flag away as /unflag does, once", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const [made] = yield* flagged(1);
      const id = made?.id ?? "";
      assert.strictEqual((yield* asked(browser, close(id, "A mistake"))).status, 204);
      const row = (yield* log).at(-1);
      assert.deepInclude(row, { name: "unflag", actor: MAYA, reason: "A mistake", details: '{"via":"web"}' });
      const before = [yield* snapshot, yield* rows];
      const again = yield* asked(browser, close(id));
      assert.deepStrictEqual(again, { status: 409, body: { _tag: "NotFlagged", userId: made?.userId } });
      assert.deepStrictEqual([yield* snapshot, yield* rows], before);
    }).pipe(served()),
  );

  it.effect("does not close a newer flag of the same person, nor one of another guild", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const flags = yield* Flags;
      const [first] = yield* flagged(1);
      yield* flags.unflag(GUILD, first?.userId ?? ROBIN, MAYA, null);
      const [second] = yield* flagged(1);
      assert.strictEqual(second?.userId, first?.userId);
      assert.strictEqual((yield* asked(browser, close(first?.id ?? ""))).status, 409);
      yield* rowsOf(`UPDATE flag SET guild_id = '${OTHER_GUILD}' WHERE id = '${second?.id ?? ""}'`);
      const before = [yield* snapshot, yield* rows];
      const theirs = yield* asked(browser, close(second?.id ?? ""));
      assert.deepStrictEqual(theirs, { status: 404, body: { _tag: "NotFound" } });
      assert.strictEqual((yield* asked(browser, close("7"))).status, 400);
      assert.strictEqual((yield* asked(browser, close(second?.id ?? "", "x".repeat(501)))).status, 400);
      assert.deepStrictEqual([yield* snapshot, yield* rows], before);
    }).pipe(served()),
  );
});

describe("flags", () => {
  it.effect.each([FLAGS, flag(ROBIN), close("00000000000000000000000001")])(
    "are for admins of the guild: $path",
    (route) =>
      Effect.gen(function* () {
        yield* setUp();
        assert.deepStrictEqual(yield* askedByOthers(route), closed(route));
        assert.deepStrictEqual(yield* rows, []);
      }).pipe(served()),
  );
});
