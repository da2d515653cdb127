import { assert, describe, it } from "@effect/vitest";
import { Effect, Redacted, TestClock } from "effect";
import { RoleId } from "../../../src/domain/Ids.js";
import { SETTINGS_DEFAULTS } from "../../../src/domain/Settings.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { OptionValue } from "../../../src/layers/discord/Interaction.js";
import { VerifyId, WithdrawId, WithdrawYesId } from "../../../src/programs/views/Apply.js";
import { GateResetId } from "../../../src/programs/views/GateReset.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../../src/programs/views/PasswordForm.js";
import { Gate } from "../../../src/services/Gate.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  ANSWERS,
  command,
  DEN,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  ok,
  OTHER_GUILD,
  PING_ROLE,
  press,
  REVIEW_CHANNEL,
  ROBIN,
  submit,
  userId,
} from "../../support/fixtures.js";
import { admin, ask, channel, inGuild, opened, role, told, wordsOf } from "../../support/asking.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { customIdsOf, formOf } from "../../support/limits.js";

const inWorld = inGuild({ resetPassword: Redacted.make("open sesame") });
const gate = (sub: string, by = admin()) => command("gate", by, [], sub);
const stored = Effect.flatMap(Settings, (settings) => settings.get(GUILD));
const statuses = rowsOf("SELECT user_id, status FROM application ORDER BY id");
const saveDraft = Effect.flatMap(Gate, (all) => all.saveDraft(GUILD, member(userId(7)), ANSWERS.slice(0, 1)));
const decide = (who: typeof ROBIN, kind: "reject" | "perm_reject") =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.decide(
      GUILD,
      { _tag: "Person", userId: who },
      { id: MAYA, admin: false, via: "command" },
      { kind, reason: "Spam" },
    ),
  );

describe("/gate setup", () => {
  const FOREIGN_CHANNEL = LOG_CHANNEL;
  const FOREIGN_ROLE = PING_ROLE;
  const GOOD = {
    review_channel: channel(REVIEW_CHANNEL),
    gate_channel: channel(GATE_CHANNEL),
    general_channel: channel(GENERAL_CHANNEL),
    accepted_role: role(MEMBER_ROLE),
  };
  const here = Effect.flatMap(DiscordFake, (fake) =>
    Effect.all([
      fake.putGuild({
        ...DEN,
        channels: DEN.channels.filter(([id]) => id !== FOREIGN_CHANNEL),
        roles: [...DEN.roles, [RoleId.make(GUILD), { _tag: "Everyone" }]],
      }),
      fake.putGuild({
        id: OTHER_GUILD,
        name: "Elsewhere",
        channels: [[FOREIGN_CHANNEL, ok("log")]],
        roles: [[FOREIGN_ROLE, ok("Greeter")]],
      }),
    ]),
  );
  const setup = (options: Readonly<Record<string, OptionValue>>) =>
    Effect.map(told(command("gate", admin(), Object.entries({ ...GOOD, ...options }), "setup")), wordsOf);

  it.effect.each<readonly [string, Readonly<Record<string, OptionValue>>, string]>([
    ...[
      "review_channel",
      "gate_channel",
      "general_channel",
      "unverified_channel",
      "modmail_channel",
      "logging_channel",
    ].map(
      (option) =>
        [
          `a channel of another server as ${option}`,
          { [option]: channel(FOREIGN_CHANNEL) },
          "belongs to another server",
        ] as const,
    ),
    [
      "a role of another server as the accepted role",
      { accepted_role: role(FOREIGN_ROLE) },
      "does not exist",
    ],
    [
      "a role of another server as the reviewer role",
      { reviewer_role: role(FOREIGN_ROLE) },
      "does not exist",
    ],
    ["@everyone as the accepted role", { accepted_role: role(GUILD) }, "everybody holds from the start"],
    ["@everyone as the reviewer role", { reviewer_role: role(GUILD) }, "everybody holds from the start"],
  ])("refuses %s and stores nothing", ([, options, words]) =>
    Effect.gen(function* () {
      yield* here;
      const answer = yield* setup(options);
      assert.include(answer, "**Not set up yet.**");
      assert.include(answer, words);
      assert.strictEqual(answer.split("\n").filter((line) => line.startsWith("❌")).length, 1);
      assert.deepStrictEqual(yield* rowsOf("SELECT guild_id FROM guild_settings"), []);
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log"), []);
    }).pipe(inWorld),
  );
});

describe("/gate status", () => {
  it.effect("counts applications by state, and says since when the oldest waits", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(wordsOf(yield* told(gate("status"))), "Nobody is waiting.");
      yield* apply();
      yield* TestClock.adjust("5 minutes");
      yield* apply(member(NOAH));
      yield* saveDraft;
      yield* decide(NOAH, "reject");
      const words = wordsOf(yield* told(gate("status")));
      assert.match(words, /\*\*1\*\* waiting, \*\*0\*\* claimed; the oldest since <t:\d+:R>/);
      for (const line of ["1 not sent yet", "1 waiting", "1 rejected", "0 kicked"])
        assert.include(words, line);
    }).pipe(inWorld),
  );

  it.effect("says which steps failed, and whether accepting somebody would work", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      const fine = wordsOf(yield* told(gate("status")));
      assert.include(fine, "No step has failed");
      yield* rowsOf("UPDATE side_effect SET state = 'failed' WHERE kind = 'DrawCard'");
      yield* rowsOf("UPDATE guild_settings SET general_channel_id = '100000000000000001'");
      const words = wordsOf(yield* told(gate("status")));
      assert.match(words, /❌ Failed review cards: 1, the last <t:\d+:R>\. .*`\/gate setup` again/);
      assert.include(words, "Accepting somebody would not work.");
      assert.include(words, "❌ General channel <#100000000000000001>: does not exist");
    }).pipe(inWorld),
  );
});

describe("/gate config", () => {
  it.effect("shows every setting, question and text", () =>
    Effect.gen(function* () {
      yield* setUp();
      const words = wordsOf(yield* told(gate("config")));
      for (const shown of [
        "Gate channel",
        "Wait after a rejection: 24 hours",
        "Welcome post",
        "Kick message",
      ])
        assert.include(words, shown);
      for (const question of SETTINGS_DEFAULTS.questions) assert.include(words, question);
    }).pipe(inWorld),
  );
});

describe("/gate reset", () => {
  const reset = (word = "RESET", password = "open sesame", by = admin()) =>
    Effect.flatMap(stored, ({ version }) =>
      told(
        submit(GateResetId.encode({ version }), by, [
          [CONFIRM_FIELD, word],
          [PASSWORD_FIELD, password],
        ]),
      ),
    );

  it.effect("says first what it will do", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      yield* apply(member(NOAH));
      yield* saveDraft;
      const [warning] = formOf(yield* opened(gate("reset"))).shown;
      assert.include(warning, "**2 open applications** will be withdrawn");
    }).pipe(inWorld),
  );

  it.effect("withdraws what is open, tells those who had sent one, and keeps the log and the history", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply(member(NOAH));
      yield* decide(NOAH, "perm_reject");
      yield* apply();
      yield* saveDraft;
      const before = yield* rowsOf("SELECT id FROM action_log");
      assert.include(wordsOf(yield* reset()), "1 open application withdrawn");
      assert.deepStrictEqual(yield* statuses, [
        { userId: NOAH, status: "perm_rejected" },
        { userId: ROBIN, status: "withdrawn" },
        { userId: userId(7), status: "withdrawn" },
      ]);
      assert.deepStrictEqual(yield* rowsOf("SELECT user_id FROM block"), [{ userId: NOAH }]);
      const log = yield* rowsOf(
        `SELECT name, actor, details FROM action_log ORDER BY seq LIMIT 10 OFFSET ${before.length}`,
      );
      assert.deepStrictEqual(
        log.map(({ name, actor }) => [name, actor]),
        [
          ["withdraw", MAYA],
          ["withdraw", MAYA],
          ["gate_reset", MAYA],
        ],
      );
      assert.strictEqual(log[2]?.["details"], '{"password":"given","withdrawn":1}');
      assert.deepStrictEqual(yield* rowsOf("SELECT kind FROM side_effect WHERE kind = 'ResetMessage'"), [
        { kind: "ResetMessage" },
      ]);
    }).pipe(inWorld),
  );

  it.effect("brings back questions, texts and rules, and keeps channels and roles", () =>
    Effect.gen(function* () {
      yield* setUp();
      const fresh = yield* stored;
      yield* rowsOf(`UPDATE guild_settings SET questions = '["Why?"]', min_account_age_days = 30, min_join_age_minutes = 5,
        reapply_cooldown_hours = 1, stale_claim_minutes = 7, gate_template = 'a', approval_template = 'b',
        rejection_template = 'c', kick_template = 'd', welcome_template = 'e'`);
      yield* reset();
      const { version, updatedAt: _, ...after } = yield* stored;
      const { version: was, updatedAt: __, ...expected } = fresh;
      assert.deepStrictEqual(after, { ...expected, staleClaimMinutes: 7 });
      assert.isAbove(version, was);
    }).pipe(inWorld),
  );

  it.effect.each([
    ["the word", "reset", "open sesame", "type **RESET**"],
    ["the password", "RESET", "guess", "4 tries are left"],
  ] as const)("does nothing without %s", ([, word, password, words]) =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      assert.include(wordsOf(yield* reset(word, password)), words);
      assert.deepStrictEqual(yield* statuses, [{ userId: ROBIN, status: "pending" }]);
    }).pipe(inWorld),
  );

  it.effect("is for admins, also when the form comes in", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(wordsOf(yield* reset("RESET", "open sesame", member())), "This is for admins");
    }).pipe(inWorld),
  );
});

describe("an applicant", () => {
  it.effect("can take an open application back where Verify says that it is in, and apply again", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { code } = yield* apply();
      const refused = yield* told(press(VerifyId.encode({}), member()));
      assert.deepStrictEqual(customIdsOf(refused), [WithdrawId.encode({ code })]);
      const question = yield* told(press(WithdrawId.encode({ code }), member()));
      assert.deepStrictEqual(customIdsOf(question), [WithdrawYesId.encode({ code })]);
      assert.deepStrictEqual(yield* statuses, [{ userId: ROBIN, status: "pending" }]);
      assert.include(wordsOf(yield* told(press(WithdrawYesId.encode({ code }), member()))), "is taken back");
      assert.deepStrictEqual(yield* statuses, [{ userId: ROBIN, status: "withdrawn" }]);
      assert.deepStrictEqual(
        yield* rowsOf("SELECT actor, target, reason FROM action_log WHERE name = 'withdraw'"),
        [{ actor: ROBIN, target: ROBIN, reason: "taken back by the applicant" }],
      );
      assert.strictEqual((yield* ask(press(VerifyId.encode({}), member())))._tag, "Modal");
    }).pipe(inWorld),
  );

  it.effect("cannot take back what is decided, nor somebody else's", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { code } = yield* apply();
      const takeBack = (who: typeof ROBIN) =>
        Effect.map(told(press(WithdrawYesId.encode({ code }), member(who))), wordsOf);
      assert.include(yield* takeBack(NOAH), "There is no application");
      yield* decide(ROBIN, "reject");
      assert.include(yield* takeBack(ROBIN), "is rejected already");
      assert.deepStrictEqual(yield* statuses, [{ userId: ROBIN, status: "rejected" }]);
    }).pipe(inWorld),
  );
});
