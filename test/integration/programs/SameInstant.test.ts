/**
 * Two people who press, send or type the same in the same instant, and one person who does it twice: it happens once, the
 * log has it once, and the slower one is told how things stand. Whatever changes something has a case here.
 */
import type { SqlError } from "@effect/sql/SqlError";
import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType as Type } from "discord.js";
import { Effect, Redacted } from "effect";
import type { ApplicationId } from "../../../src/domain/Ids.js";
import { keyOfAll } from "../../../src/domain/Questions.js";
import type { Member } from "../../../src/domain/Person.js";
import { DEFAULT_QUESTIONS, type SettingsPatch } from "../../../src/domain/Settings.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction, OptionValue } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import type { CustomId } from "../../../src/programs/kit/CustomId.js";
import { ApplyId, fieldOf, WithdrawYesId } from "../../../src/programs/views/Apply.js";
import { AcceptId, ClaimId, PingId, RetryId, UnclaimId } from "../../../src/programs/views/CardButtons.js";
import { GateResetId } from "../../../src/programs/views/GateReset.js";
import { PurgeFormId } from "../../../src/programs/views/PanicPurge.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../../src/programs/views/PasswordForm.js";
import { questionField, QuestionsId } from "../../../src/programs/views/Questions.js";
import { REASON_FIELD, ReasonId } from "../../../src/programs/views/ReasonForm.js";
import { TEMPLATE_FIELD, TemplateSaveId } from "../../../src/programs/views/Templates.js";
import { Flags } from "../../../src/services/Flags.js";
import { Gate } from "../../../src/services/Gate.js";
import { PanicPurge } from "../../../src/services/PanicPurge.js";
import { Raid } from "../../../src/services/Raid.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  admin,
  askAll,
  channel,
  inGuild,
  type InGuild,
  number,
  opened,
  role,
  text,
  told,
  wordsOf,
} from "../../support/asking.js";
import {
  ANSWERS,
  command,
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  press,
  REVIEW_CHANNEL,
  reviewer,
  REVIEWER_ROLE,
  ROBIN,
  submit,
  userId,
} from "../../support/fixtures.js";
import { claim, decide } from "../../support/fixtures-reviews.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { snapshot, unlogged } from "../../support/ledger.js";

const PASSWORD = "open sesame";
const inWorld = inGuild({ resetPassword: Redacted.make(PASSWORD) });

type By = (by: Member) => Interaction;
interface Case {
  /** What there is already. @returns what somebody sends. */
  readonly begin: Effect.Effect<By, SqlError, InGuild>;
  /** Those who are equally fast; reviewers where nothing is said. */
  readonly by?: readonly [Member, Member];
  /** Rows of the log that come of it, by name. */
  readonly logged: Readonly<Record<string, number>>;
  /** What the bot has to do on Discord then, by kind; but for cards and the log's own posts. */
  readonly planned: Readonly<Record<string, number>>;
  /** What the slower one is told. */
  readonly heard: RegExp;
  /** Both are told so, where nobody is in anybody's way. */
  readonly both?: true;
}

const ADMINS = [admin(MAYA), admin(NOAH)] as const;
const ROBINS_OWN = [member(), member()] as const;

const applied = Effect.orDie(Effect.zipRight(setUp(), apply()));
/** A press on the card of Robin's application, once `before` has happened to it. */
const onCard = (
  id: CustomId<{ readonly application: ApplicationId }>,
  before: Effect.Effect<unknown, unknown, InGuild> = Effect.void,
): Case["begin"] =>
  Effect.map(
    Effect.tap(applied, () => Effect.orDie(before)),
    ({ id: application }) =>
      (by) =>
        press(id.encode({ application }), by),
  );
/** A command about Robin's application, once `before` has happened to it. */
const about = (
  name: string,
  options: Readonly<Record<string, OptionValue>> = {},
  before: Effect.Effect<unknown, unknown, InGuild> = Effect.void,
): Case["begin"] =>
  Effect.map(
    Effect.tap(applied, () => Effect.orDie(before)),
    ({ code }) =>
      (by) =>
        command(name, by, Object.entries({ app: text(code), ...options })),
  );
/** A command of a server that is set up, once `before` has happened. */
const inDen = (
  name: string,
  sub: string | null,
  options: Readonly<Record<string, OptionValue>> = {},
  before: Effect.Effect<unknown, unknown, InGuild> = Effect.void,
): Case["begin"] =>
  Effect.as(Effect.orDie(Effect.zipRight(setUp(), before)), (by) =>
    command(name, by, Object.entries(options), sub),
  );
/** The same about Robin. */
const aboutRobin = (
  name: "flag" | "unflag",
  before: Effect.Effect<unknown, unknown, InGuild>,
): Case["begin"] =>
  Effect.as(Effect.orDie(Effect.zipRight(setUp(), before)), (by) => ({
    ...command(name, by, [
      ["user", { type: Type.User, value: ROBIN }],
      ["reason", text("Sells accounts")],
    ]),
    resolved: { users: new Map([[ROBIN, member()]]), channels: new Map(), roles: new Map() },
  }));

const refusing = (kind: "reject" | "perm_reject" | "kick"): Case["begin"] =>
  Effect.map(applied, ({ id }) => (by) => {
    const customId = ReasonId.encode({ kind, application: id });
    return submit(customId, by, [[REASON_FIELD, "Too few words"]]);
  });
const changeSettings = (patch: SettingsPatch) =>
  Effect.gen(function* () {
    const settings = yield* Settings;
    yield* settings.change(yield* settings.get(GUILD), MAYA, patch, { command: "test" });
  });
const version = Effect.flatMap(Settings, (settings) =>
  Effect.map(Effect.orDie(settings.get(GUILD)), (guild) => guild.version),
);
const typedPassword = [
  [CONFIRM_FIELD, "RESET"],
  [PASSWORD_FIELD, PASSWORD],
] as const;

const TOLD = { DecisionMessage: 1 };
/** By what `docs/permissions.md` calls it. */
const CASES: Readonly<Record<string, Case>> = {
  "claim (button)": {
    begin: onCard(ClaimId),
    logged: { claim: 1 },
    planned: {},
    heard: /is already claimed by <@\d+>\./,
  },
  "unclaim (button)": {
    begin: onCard(UnclaimId, claim(MAYA)),
    by: [reviewer(MAYA), admin(NOAH)],
    logged: { unclaim: 1 },
    planned: {},
    heard: /is not claimed\. Nothing was changed\./,
  },
  "accept (button)": {
    begin: onCard(AcceptId),
    logged: { claim: 1, approve: 1 },
    planned: { GrantRole: 1, WelcomePost: 1, ...TOLD },
    heard: /is approved already, by <@\d+>\. Nothing was changed\./,
  },
  "reason (modal)": {
    begin: refusing("kick"),
    logged: { claim: 1, kick: 1 },
    planned: { KickMember: 1, ...TOLD },
    heard: /is kicked already, by <@\d+>\. Nothing was changed\./,
  },
  "retry (button)": {
    begin: onCard(
      RetryId,
      Effect.all([
        decide(MAYA),
        rowsOf("UPDATE side_effect SET state = 'failed', last_error = 'No' WHERE kind = 'GrantRole'"),
      ]),
    ),
    logged: {},
    planned: { GrantRole: 1 },
    heard: /⏳ Role/,
    both: true,
  },
  "ping (button)": {
    begin: onCard(PingId, changeSettings({ unverifiedChannelId: GENERAL_CHANNEL })),
    logged: { send: 1 },
    planned: { PingPost: 1 },
    heard: /was pinged a moment ago\./,
  },
  "withdraw-yes (button)": {
    begin: Effect.map(
      applied,
      ({ code }) =>
        (by) =>
          press(WithdrawYesId.encode({ code }), by),
    ),
    by: ROBINS_OWN,
    logged: { withdraw: 1 },
    planned: {},
    heard: /is withdrawn already\. Nothing was changed\./,
  },
  "apply (modal)": {
    begin: Effect.as(Effect.orDie(setUp()), (by) =>
      submit(
        ApplyId.encode({ page: 0 }),
        by,
        ANSWERS.map(({ question, text }) => [fieldOf(question), text]),
      ),
    ),
    by: ROBINS_OWN,
    logged: { app_submitted: 1 },
    planned: { ReceivedMessage: 1 },
    heard: /^Your application \*\*#\w+\*\* is in and waiting/,
  },
  "gate-reset (modal)": {
    begin: Effect.flatMap(applied, () =>
      Effect.map(version, (now) => (by) => submit(GateResetId.encode({ version: now }), by, typedPassword)),
    ),
    by: ADMINS,
    logged: { gate_reset: 1, withdraw: 1 },
    planned: { ResetMessage: 1, GateMessage: 1 },
    heard: /^Nothing was changed: the gate was reset/,
  },
  "questions (modal)": {
    begin: Effect.as(Effect.orDie(setUp()), (by) => {
      const customId = QuestionsId.encode({ seen: keyOfAll(DEFAULT_QUESTIONS) });
      return submit(customId, by, [[questionField(1), "Why here?"]]);
    }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /^Nothing was changed: the questions are the same\./,
  },
  "template-save (button)": {
    begin: Effect.gen(function* () {
      yield* Effect.orDie(setUp());
      for (const by of ADMINS) {
        const { custom_id } = yield* opened(command("gate", by, [], "welcome set"));
        yield* told(submit(custom_id, by, [[TEMPLATE_FIELD, "Hello!"]]));
      }
      return (by) => press(TemplateSaveId.encode({ template: "welcome" }), by);
    }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /Saved\. The \*\*welcome post\*\* looks like this now\./,
    both: true,
  },
  "panic-purge-form (modal)": {
    begin: Effect.orDie(
      Effect.gen(function* () {
        yield* setUp();
        const fake = yield* DiscordFake;
        const gate = yield* Gate;
        for (const id of [userId(1_001), userId(1_002)]) {
          yield* fake.putMember(GUILD, member(id));
          yield* gate.membersJoined(GUILD, [{ userId: id, joinedAt: null }]);
        }
        const purges = yield* PanicPurge;
        const { purge } = yield* purges.preview(GUILD, MAYA, 60);
        return (by) => submit(PurgeFormId.encode({ purge: purge.id }), by, typedPassword);
      }),
    ),
    by: ADMINS,
    logged: { purge: 1 },
    planned: { BulkBan: 1 },
    heard: /^This was begun <t:\d+:R> by <@\d+>; nothing was done twice\./,
  },
  "/accept": {
    begin: about("accept"),
    logged: { claim: 1, approve: 1 },
    planned: { GrantRole: 1, WelcomePost: 1, ...TOLD },
    heard: /is approved already, by <@\d+>\. Nothing was changed\./,
  },
  "/reject": {
    begin: about("reject", { reason: text("Too few words") }),
    logged: { claim: 1, reject: 1 },
    planned: TOLD,
    heard: /is rejected already, by <@\d+>\. Nothing was changed\./,
  },
  "/kick": {
    begin: about("kick", { reason: text("Too few words") }),
    logged: { claim: 1, kick: 1 },
    planned: { KickMember: 1, ...TOLD },
    heard: /is kicked already, by <@\d+>\. Nothing was changed\./,
  },
  "/unclaim": {
    begin: about("unclaim", {}, claim(MAYA)),
    by: [reviewer(MAYA), admin(NOAH)],
    logged: { unclaim: 1 },
    planned: {},
    heard: /is not claimed\. Nothing was changed\./,
  },
  "/unblock": {
    begin: Effect.as(Effect.orDie(Effect.zipRight(applied, decide(MAYA, "kick"))), (by) =>
      command("unblock", by, [
        ["user_id", text(ROBIN)],
        ["reason", text("It was a mistake")],
      ]),
    ),
    logged: { unblock: 1 },
    planned: {},
    heard: /^Nothing was changed: <@\d+> is not blocked here\./,
  },
  "/flag": {
    begin: aboutRobin("flag", changeSettings({ flagsChannelId: LOG_CHANNEL })),
    logged: { flag: 1 },
    planned: { FlagPost: 1 },
    heard: /is flagged already, <t:\d+:R> by <@\d+>\./,
  },
  "/unflag": {
    begin: aboutRobin(
      "unflag",
      Effect.flatMap(Flags, (flags) => flags.flag(GUILD, member(), NOAH, "Sells accounts")),
    ),
    logged: { unflag: 1 },
    planned: {},
    heard: /^Nothing was changed: <@\d+> is not flagged\./,
  },
  "/config set": {
    begin: inDen("config", "set", { min_account_age_days: number(7) }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /^This is what is set already\. Nothing was changed\./,
  },
  "/config clear": {
    begin: inDen(
      "config",
      "clear",
      { setting: text("logging_channel") },
      Effect.suspend(() => changeSettings({ loggingChannelId: LOG_CHANNEL })),
    ),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /^This is what is set already\. Nothing was changed\./,
  },
  "/panic on": {
    begin: inDen("panic", "on"),
    by: ADMINS,
    logged: { panic_on: 1 },
    planned: { DrawDigest: 1 },
    heard: /on already/,
  },
  "/panic off": {
    begin: inDen(
      "panic",
      "off",
      {},
      Effect.flatMap(Raid, (raid) => raid.panicOn(GUILD, MAYA)),
    ),
    by: ADMINS,
    logged: { panic_off: 1 },
    planned: { DrawDigest: 1 },
    heard: /off already/,
  },
  "/gate setup": {
    begin: inDen("gate", "setup", {
      review_channel: channel(REVIEW_CHANNEL),
      gate_channel: channel(GATE_CHANNEL),
      general_channel: channel(GENERAL_CHANNEL),
      accepted_role: role(MEMBER_ROLE),
      reviewer_role: role(REVIEWER_ROLE),
    }),
    by: ADMINS,
    // Each is asked to put things right, and each of them finds the one gate message.
    logged: { config_change: 2 },
    planned: { GateMessage: 2 },
    heard: /^\*\*Set up\.\*\*/,
    both: true,
  },
  "/gate set-questions": {
    begin: inDen("gate", "set-questions", { q1: text("Why here?") }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /^Nothing was changed: the questions are the same\./,
  },
  "/gate welcome channels": {
    begin: inDen("gate", "welcome channels", { info: channel(GENERAL_CHANNEL) }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: { GateMessage: 1 },
    heard: /^This is what is set already\. Nothing was changed\./,
  },
  "/gate welcome role": {
    begin: inDen("gate", "welcome role", { role: role(REVIEWER_ROLE) }),
    by: ADMINS,
    logged: { config_change: 1 },
    planned: {},
    heard: /^This is what is set already\. Nothing was changed\./,
  },
};

/** What shows or asks, and changes nothing; what opens a form is left out by itself. */
const SHOWS: ReadonlyArray<string> = [
  "answers (button)",
  "answers-page (button)",
  "avatar (button)",
  "copy-uid (button)",
  "open (button)",
  "withdraw (button)",
  "/config get flags",
  "/config get logging",
  "/config view",
  "/database check",
  "/database recover",
  "/gate config",
  "/gate status",
  "/gate template preview",
  "/gate welcome preview",
  "/health",
  "/listopen",
  "/panic purge",
  "/panic status",
];
/** A draft is its author's alone; a restart into a backup has tests of its own. */
const NOBODYS_BUSINESS: ReadonlyArray<string> = ["template (modal)", "restore-form (modal)"];

const rowNames = Effect.map(rowsOf("SELECT name FROM action_log ORDER BY seq"), (rows) =>
  rows.map(({ name }) => String(name)),
);
const counted = (names: ReadonlyArray<string>) =>
  names.reduce<Record<string, number>>((sum, name) => ({ ...sum, [name]: (sum[name] ?? 0) + 1 }), {});
const waiting = Effect.map(
  rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting' AND kind NOT IN ('LogPost', 'DrawCard')"),
  (rows) => counted(rows.map(({ kind }) => String(kind))),
);

describe.each([
  ["two people in the same instant", [0, 1]],
  ["one person twice in the same instant", [0, 0]],
] as const)("%s", (_, [first, second]) => {
  it.effect.each(Object.keys(CASES))("%s", (name) =>
    Effect.gen(function* () {
      const {
        begin,
        by = [reviewer(MAYA), reviewer(NOAH)],
        logged,
        planned,
        heard,
        both,
      } = CASES[name] ?? assert.fail("no case");
      const send = yield* begin;
      yield* rowsOf("UPDATE side_effect SET state = 'done' WHERE state = 'waiting'");
      const before = yield* snapshot;
      const known = (yield* rowNames).length;
      const answers = yield* askAll(send(by[first]), send(by[second]));
      const words = answers.map((answer) => ("payload" in answer ? wordsOf(answer.payload) : answer._tag));
      const slower = answers.filter((_, index) => heard.test(words[index] ?? ""));
      assert.strictEqual(slower.length, both === true ? 2 : 1, words.join("\n---\n"));
      if (both !== true) assert.deepInclude(slower[0], { _tag: "Reply", private: true });
      assert.deepStrictEqual(counted((yield* rowNames).slice(known)), logged);
      assert.deepStrictEqual(yield* waiting, planned);
      assert.deepStrictEqual(unlogged(before, yield* snapshot), []);
    }).pipe(inWorld),
  );
});

it("everything that changes something is tried", () => {
  const all = [
    ...components.flatMap(({ name, kind, opensModal }) => (opensModal ? [] : [`${name} (${kind})`])),
    ...commands.flatMap(({ definition, leaves }) =>
      [...leaves].flatMap(([sub, { opensModal }]) =>
        opensModal ? [] : [`/${definition.name}${sub === null ? "" : ` ${sub}`}`],
      ),
    ),
  ];
  const known = [...Object.keys(CASES), ...SHOWS, ...NOBODYS_BUSINESS];
  assert.deepStrictEqual(known.sort(), all.sort());
});
