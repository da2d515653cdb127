import { assert, describe, it } from "@effect/vitest";
import { Effect, Option, TestClock } from "effect";
import { GuildId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { GUILD, MAYA, OTHER_GUILD } from "../../support/fixtures.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { asked, askedByOthers, closed, served, signedIn, stranger } from "../../support/layers-web.js";
import { snapshot, unlogged } from "../../support/ledger.js";

const reset = (changes: object = {}) => ({
  path: "/api/admin/resetdata",
  body: { password: "password-for-tests", confirm: "RESET", version: 1, ...changes },
});
const HEALTH = { path: "/api/admin/health" };
const BACKUPS = { path: "/api/admin/backups" };
const BACK_UP = { ...BACKUPS, body: {} };

describe("POST /api/admin/resetdata", () => {
  it.effect("resets the gate once, with the word and the password", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      const browser = yield* signedIn();
      const before = yield* snapshot;
      assert.deepStrictEqual(yield* asked(browser, reset()), { status: 200, body: { withdrawn: 1 } });
      const [row] = yield* rowsOf("SELECT actor, details FROM action_log WHERE name = 'gate_reset'");
      assert.deepStrictEqual(row, {
        actor: MAYA,
        details: '{"password":"given","via":"web","withdrawn":1}',
      });
      const after = yield* snapshot;
      assert.deepStrictEqual(unlogged(before, after), []);
      const again = yield* asked(browser, reset());
      assert.deepStrictEqual(again, { status: 409, body: { _tag: "ResetOutdated" } });
      assert.deepStrictEqual(yield* snapshot, after);
    }).pipe(served()),
  );

  it.effect("does nothing without the word; a wrong password is a row of the log", () =>
    Effect.gen(function* () {
      yield* setUp();
      const browser = yield* signedIn();
      const before = yield* snapshot;
      for (const changes of [{ confirm: "reset" }, { confirm: null }, { version: "1" }, { password: 7 }]) {
        assert.strictEqual((yield* asked(browser, reset(changes))).status, 400, JSON.stringify(changes));
      }
      assert.deepStrictEqual(yield* snapshot, before);
      yield* TestClock.adjust("1 minute");
      const { status, body } = yield* asked(browser, reset({ password: "guess" }));
      assert.deepStrictEqual([status, body], [403, { _tag: "WrongPassword", left: 4 }]);
      const failed = yield* rowsOf("SELECT actor, details FROM action_log WHERE name = 'password_failed'");
      assert.deepStrictEqual(failed, [{ actor: MAYA, details: '{"purpose":"gate reset","via":"web"}' }]);
      assert.deepStrictEqual((yield* snapshot).settings, before.settings);
    }).pipe(served()),
  );
});

describe("GET /api/admin/health", () => {
  it.effect("says how the bot is doing and what is still to be done", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* rowsOf("UPDATE side_effect SET state = 'failed' WHERE kind = 'GateMessage'");
      const browser = yield* signedIn();
      const { status, body } = yield* asked(browser, HEALTH);
      assert.strictEqual(status, 200);
      assert.deepNestedInclude(body, {
        ok: true,
        "database.answers": true,
        "gateway.connected": true,
        "effects.failed": 1,
        failedHere: [{ kind: "GateMessage", count: 1 }],
      });
    }).pipe(served()),
  );
});

describe("/api/admin/backups", () => {
  it.effect("are for the bot's owners: an admin is told so, and nothing is made", () =>
    Effect.gen(function* () {
      yield* setUp();
      const browser = yield* signedIn();
      const before = yield* snapshot;
      for (const route of [BACKUPS, BACK_UP]) {
        const { status, body } = yield* asked(browser, route);
        assert.deepStrictEqual([status, body], [403, { _tag: "NotAllowed", needed: "owner" }]);
      }
      assert.deepStrictEqual(yield* snapshot, before);
    }).pipe(served()),
  );

  it.effect("that fail say so, without a word about files of this machine", () =>
    Effect.gen(function* () {
      yield* setUp();
      const browser = yield* signedIn();
      const answer = yield* asked(browser, BACK_UP);
      assert.deepStrictEqual(answer, { status: 503, body: { _tag: "BackupsFailed" } });
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'backup'"), []);
    }).pipe(served({ ownerIds: [MAYA], databasePath: "/nowhere/data.db", backupsDir: "/nowhere/backups" })),
  );
});

describe("the routes of admins", () => {
  it.effect.each([reset(), HEALTH, BACKUPS, BACK_UP])("are for nobody else: $path", (route) =>
    Effect.gen(function* () {
      yield* setUp();
      const owners = route.path === BACKUPS.path;
      const { forged, ...rest } = closed(route);
      assert.deepStrictEqual(yield* askedByOthers(route), {
        ...rest,
        forged: owners && forged === 200 ? 403 : forged,
      });
    }).pipe(served()),
  );
});

describe("GET /api/banner", () => {
  const put = (id: string, name: string) =>
    Effect.flatMap(DiscordFake, (fake) =>
      fake.putGuild({
        id: GuildId.make(id),
        name,
        iconUrl: `https://cdn/icons/${id}.png`,
        bannerUrl: `https://cdn/banners/${id}.png`,
      }),
    );

  it.effect("shows anybody the only guild, and may be kept for five minutes", () =>
    Effect.gen(function* () {
      yield* put(GUILD, "The Den");
      const nobody = yield* stranger;
      const response = yield* Effect.promise(() => nobody.client.fetch("/api/banner"));
      assert.strictEqual(response.status, 200);
      assert.strictEqual(response.headers.get("cache-control"), "public, max-age=300");
      assert.deepStrictEqual(yield* Effect.promise(() => response.json()), {
        name: "The Den",
        iconUrl: `https://cdn/icons/${GUILD}.png`,
        bannerUrl: `https://cdn/banners/${GUILD}.png`,
      });
      yield* put(OTHER_GUILD, "Elsewhere");
      const two = yield* nobody.get("/api/banner");
      assert.deepStrictEqual(two, { status: 404, body: { _tag: "NotFound" } });
    }).pipe(served()),
  );

  it.effect("shows the guild of GUILD_ID where there are several", () =>
    Effect.gen(function* () {
      yield* put(GUILD, "The Den");
      yield* put(OTHER_GUILD, "Elsewhere");
      const nobody = yield* stranger;
      assert.propertyVal((yield* nobody.get("/api/banner")).body, "name", "Elsewhere");
    }).pipe(served({ discord: { guildId: Option.some(OTHER_GUILD) } })),
  );
});
