import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { ALL_SETTINGS } from "../../../src/domain/SettingsTable.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  NOAH,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
} from "../../support/fixtures.js";
import { rowsOf, setUp } from "../../support/layers.js";
import { asked, askedByOthers, type Browser, closed, served, signedIn } from "../../support/layers-web.js";
import { snapshot, unlogged } from "../../support/ledger.js";

const PASSWORD = "password-for-tests";
const CONFIG = { path: "/api/config" };
const change = (body: object) => ({ ...CONFIG, body: { password: PASSWORD, version: 1, ...body } });
const preview = (template: string, text: string) => ({
  path: "/api/config/template-preview",
  body: { template, text },
});

const ok = (name: string) => ({ _tag: "Ok", name }) as const;
const OTHERS_CHANNEL = GENERAL_CHANNEL.replace(/.$/, "9") as typeof GENERAL_CHANNEL;

/** The guild that is set up, and another one whose channels are not to be had. */
const begin = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  yield* fake.putGuild({
    id: GUILD,
    name: "The Den",
    channels: [
      [REVIEW_CHANNEL, ok("review")],
      [GATE_CHANNEL, ok("gate")],
      [GENERAL_CHANNEL, ok("general")],
      [LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }],
    ],
    roles: [
      [MEMBER_ROLE, ok("Member")],
      [REVIEWER_ROLE, { _tag: "AboveBot", name: "Reviewer", botRole: "Bot" }],
    ],
  });
  yield* fake.putGuild({ id: OTHER_GUILD, name: "Elsewhere", channels: [[OTHERS_CHANNEL, ok("theirs")]] });
  yield* setUp();
  return yield* signedIn();
});

const rowsAfterSetUp = rowsOf("SELECT name, actor, details FROM action_log WHERE seq > 1 ORDER BY seq");
const detailsOf = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>): ReadonlyArray<unknown> =>
  rows.map(({ details }) => JSON.parse(String(details)) as unknown);

/** What an answer was, when it is sure that nothing was written. */
const refused = (browser: Browser, body: object) =>
  Effect.gen(function* () {
    const before = yield* snapshot;
    const answer = yield* asked(browser, change(body));
    assert.deepStrictEqual(yield* snapshot, before, "something was written");
    // Five a minute are let through.
    yield* TestClock.adjust("1 minute");
    return answer;
  });

describe("GET /api/config", () => {
  it.effect("shows every setting of the table with what one has to know to change it", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const { status, body } = yield* asked(browser, CONFIG);
      assert.strictEqual(status, 200);
      assert.nestedInclude(body, { version: 1, "settings.length": ALL_SETTINGS.length });
      assert.deepNestedInclude(body, {
        "settings[0]": {
          name: "review_channel",
          group: "Channels",
          label: "Review channel",
          purpose: "Where moderators see applications",
          kind: "channel",
          value: REVIEW_CHANNEL,
          default: null,
          clearable: false,
          limits: null,
          most: null,
          needs: ["View Channel", "Send Messages", "Embed Links", "Read Message History"],
          otherwise: null,
        },
      });
      const threshold = JSON.stringify(body);
      assert.include(threshold, '"otherwise":"SILENT_FIRST_MSG_DAYS"');
      assert.include(threshold, '"limits":{"min":7,"max":365,"unit":"days"}');
      assert.nestedInclude(body, {
        "questions.texts.length": 5,
        "templates.length": 5,
        "templates[0].template": "gate",
        "templates[0].longest": 4_000,
      });
    }).pipe(served()),
  );

  it.effect("says when the guild is not set up", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      for (const route of [
        CONFIG,
        change({ settings: { stale_claim_minutes: 30 } }),
        preview("gate", "Hi"),
      ]) {
        const { status, body } = yield* asked(browser, route);
        assert.strictEqual(status, 409, route.path);
        assert.propertyVal(body, "_tag", "GuildNotSetUp");
      }
    }).pipe(served()),
  );
});

describe("POST /api/config", () => {
  it.effect("changes several settings at once, in one row of the log as Discord makes it", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const before = yield* snapshot;
      const { status, body } = yield* asked(
        browser,
        change({ settings: { stale_claim_minutes: 30, general_channel: REVIEW_CHANNEL, ping_role: null } }),
      );
      assert.strictEqual(status, 200);
      assert.propertyVal(body, "version", 2);
      const rows = yield* rowsAfterSetUp;
      assert.deepInclude(rows[0], { name: "config_change", actor: MAYA });
      assert.deepStrictEqual(detailsOf(rows), [
        {
          via: "web",
          password: "given",
          general_channel: REVIEW_CHANNEL,
          general_channel_was: GENERAL_CHANNEL,
          stale_claim_minutes: 30,
          stale_claim_minutes_was: 120,
        },
      ]);
      assert.deepStrictEqual(unlogged(before, yield* snapshot), []);
      assert.notInclude(JSON.stringify(yield* rowsOf("SELECT * FROM action_log")), PASSWORD);
    }).pipe(served()),
  );

  it.effect("changes texts and questions too, each with its row", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const before = yield* snapshot;
      const { status, body } = yield* asked(
        browser,
        change({
          settings: { join_wave_panic: true },
          questions: ["Why  are you here?", "Who are you?"],
          templates: [
            { template: "gate", text: "Hello {guild.name}" },
            { template: "kick", text: "" },
          ],
        }),
      );
      assert.strictEqual(status, 200);
      assert.deepNestedInclude(body, {
        version: 4,
        "questions.texts": ["Why are you here?", "Who are you?"],
        "templates[0].text": "Hello {guild.name}",
      });
      const rows = detailsOf(yield* rowsAfterSetUp);
      assert.strictEqual(rows.length, 3);
      for (const row of rows) assert.include(row, { via: "web", password: "given" });
      assert.deepStrictEqual(unlogged(before, yield* snapshot), []);
      assert.deepStrictEqual(yield* rowsOf("SELECT kind FROM side_effect WHERE kind = 'GateMessage'"), [
        { kind: "GateMessage" },
        { kind: "GateMessage" },
      ]);
    }).pipe(served()),
  );

  it.effect("writes nothing where nothing would change", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const { body } = yield* refused(browser, { settings: { stale_claim_minutes: 120 } });
      assert.propertyVal(body, "version", 1);
      assert.strictEqual((yield* refused(browser, {})).status, 200);
    }).pipe(served()),
  );

  it.effect("looks at channels and roles first, and says in words what is wrong with each", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const { status, body } = yield* refused(browser, {
        settings: {
          logging_channel: LOG_CHANNEL,
          rules_channel: OTHERS_CHANNEL,
          accepted_role: REVIEWER_ROLE,
          stale_claim_minutes: 30,
        },
      });
      assert.strictEqual(status, 422);
      assert.deepStrictEqual(body, {
        _tag: "SettingsRefused",
        findings: [
          {
            about: "logging_channel",
            label: "Logging channel",
            target: { kind: "channel", id: LOG_CHANNEL },
            problem: "the bot lacks Embed Links there. Grant it in the channel's settings.",
          },
          {
            about: "rules_channel",
            label: "Rules channel",
            target: { kind: "channel", id: OTHERS_CHANNEL },
            problem: "belongs to another server. Choose a channel of this one.",
          },
          {
            about: "accepted_role",
            label: "Accepted role",
            target: { kind: "role", id: REVIEWER_ROLE },
            problem: "**Reviewer** stands above the bot's role **Bot**. Move the bot's role above it.",
          },
        ],
      });
    }).pipe(served()),
  );

  it.effect("saves nothing at all when a text or a question will not do", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const settings = { stale_claim_minutes: 30 };
      const template = yield* refused(browser, {
        settings,
        templates: [{ template: "approval", text: "Hello {aplicant.mention}" }],
      });
      assert.strictEqual(template.status, 422);
      assert.deepNestedInclude(template.body, {
        "problems[0]": { _tag: "UnknownToken", token: "aplicant.mention", meant: "applicant.mention" },
      });
      const questions = yield* refused(browser, { settings, questions: ["Why?", "why?"] });
      assert.strictEqual(questions.status, 422);
      assert.deepNestedInclude(questions.body, { problems: [{ _tag: "Equal", number: 2, other: 1 }] });
      const none = yield* refused(browser, { settings, questions: [] });
      assert.deepNestedInclude(none.body, { problems: [{ _tag: "NoneLeft" }] });
    }).pipe(served()),
  );

  it.effect("tells whoever was slower what others have changed meanwhile", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const all = yield* Settings;
      yield* all.change(yield* all.get(GUILD), NOAH, { minAccountAgeDays: 7 }, { command: "config set" });
      const { status, body } = yield* refused(browser, { settings: { stale_claim_minutes: 30 } });
      assert.strictEqual(status, 409);
      assert.deepNestedInclude(body, {
        _tag: "ConfigChanged",
        version: 2,
        "meanwhile[0].by": NOAH,
        "meanwhile[0].details": {
          command: "config set",
          min_account_age_days: 7,
          min_account_age_days_was: 0,
        },
      });
      assert.nestedPropertyVal(body, "meanwhile.length", 1);
      const now = yield* asked(browser, change({ version: 2, settings: { stale_claim_minutes: 30 } }));
      assert.strictEqual(now.status, 200);
    }).pipe(served()),
  );

  it.effect("lets one of two admins through who save in the same moment", () =>
    Effect.gen(function* () {
      const maya = yield* begin;
      const before = yield* snapshot;
      const answers = yield* Effect.all(
        [
          asked(maya, change({ settings: { stale_claim_minutes: 30 } })),
          asked(maya, change({ settings: { min_account_age_days: 7 } })),
        ],
        { concurrency: "unbounded" },
      );
      assert.deepStrictEqual(answers.map(({ status }) => status).sort(), [200, 409]);
      assert.deepStrictEqual(unlogged(before, yield* snapshot), []);
    }).pipe(served()),
  );

  it.effect("wants the password, and after five wrong ones nothing for a quarter of an hour", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const wrong = change({ password: "guess", settings: { stale_claim_minutes: 30 } });
      const statuses: Array<number> = [];
      for (let left = 4; left >= 0; left -= 1) {
        const { status, body } = yield* asked(browser, wrong);
        statuses.push(status);
        if (left > 0) assert.deepStrictEqual(body, { _tag: "WrongPassword", left });
      }
      assert.deepStrictEqual(statuses, [403, 403, 403, 403, 429]);
      yield* TestClock.adjust("1 minute");
      const locked = yield* asked(browser, change({ settings: { stale_claim_minutes: 30 } }));
      assert.strictEqual(locked.status, 429);
      assert.propertyVal(locked.body, "_tag", "PasswordLocked");
      yield* TestClock.adjust("15 minutes");
      const right = yield* asked(browser, change({ settings: { stale_claim_minutes: 30 } }));
      assert.strictEqual(right.status, 200);
      const names = (yield* rowsAfterSetUp).map(({ name }) => name);
      assert.deepStrictEqual(names, [...Array<string>(6).fill("password_failed"), "config_change"]);
    }).pipe(served()),
  );

  it.effect("takes nothing that the table does not describe", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const bad: ReadonlyArray<object> = [
        { settings: { stale_claim_minutes: 4 } },
        { settings: { stale_claim_minutes: 5.5 } },
        { settings: { stale_claim_minutes: "30" } },
        { settings: { stale_claim_minutes: null } },
        { settings: { review_channel: null } },
        { settings: { review_channel: "#review" } },
        { settings: { accepted_role: 7 } },
        { settings: { mod_roles: Array<string>(11).fill(MEMBER_ROLE) } },
        { settings: { mod_roles: MEMBER_ROLE } },
        { settings: { join_wave_panic: 1 } },
        { settings: { flags_threshold: 6 } },
        { settings: { reviewChannelId: REVIEW_CHANNEL } },
        { settings: { version: 9 } },
        { settings: [] },
        { guildId: OTHER_GUILD },
        { version: "1" },
        { version: null },
        { password: null },
        { password: ["password-for-tests"] },
        { templates: [{ template: "modmail", text: "Hi" }] },
        { templates: [{ template: "gate" }] },
        { questions: ["1?", "2?", "3?", "4?", "5?", "6?"] },
        { questions: "Why?" },
      ];
      for (const body of bad) {
        const { status } = yield* refused(browser, body);
        assert.strictEqual(status, 400, JSON.stringify(body));
      }
    }).pipe(served()),
  );
});

describe("POST /api/config/template-preview", () => {
  it.effect("shows a text as it would be posted, and points at what is unknown", () =>
    Effect.gen(function* () {
      const browser = yield* begin;
      const before = yield* snapshot;
      const text = "Welcome {applicant.mention} ({applicant.display}) to {guild.name}, {guid.name}!";
      const { status, body } = yield* asked(browser, preview("welcome", text));
      assert.strictEqual(status, 200);
      assert.deepInclude(body, {
        text,
        rendered: `Welcome <@${MAYA}> (Maya) to The Den, {guid.name}!`,
        problems: [{ _tag: "UnknownToken", token: "guid.name", meant: "guild.name" }],
        max: 1_900,
      });
      const empty = yield* asked(browser, preview("gate", "  "));
      assert.include(JSON.stringify(empty.body), "**Welcome to The Den!**");
      const long = yield* asked(browser, preview("welcome", "x".repeat(1_901)));
      assert.deepNestedInclude(long.body, { "problems[0]": { _tag: "TooLong", length: 1_901, max: 1_900 } });
      for (const route of [preview("modmail", "Hi"), preview("gate", "x".repeat(8_001))]) {
        assert.strictEqual((yield* asked(browser, route)).status, 400);
      }
      assert.deepStrictEqual(yield* snapshot, before);
    }).pipe(served()),
  );
});

describe("the configuration", () => {
  it.effect.each([CONFIG, change({ settings: { stale_claim_minutes: 30 } }), preview("gate", "Hi")])(
    "is for admins of the guild: $path",
    (route) =>
      Effect.gen(function* () {
        yield* begin;
        assert.deepStrictEqual(yield* askedByOthers(route), closed(route));
      }).pipe(served()),
  );
});
