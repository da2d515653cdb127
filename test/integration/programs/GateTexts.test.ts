import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { DEFAULT_QUESTIONS } from "../../../src/domain/Settings.js";
import { TEMPLATE_NAMES, type TemplateName } from "../../../src/domain/Template.js";
import { keyOf } from "../../../src/domain/Text.js";
import { ApplyId, fieldOf, VerifyId } from "../../../src/programs/views/Apply.js";
import { QuestionsEditId, questionField } from "../../../src/programs/views/Questions.js";
import {
  TEMPLATE_FIELD,
  TemplateEditId,
  TemplateId,
  TemplateSaveId,
} from "../../../src/programs/views/Templates.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  command,
  GUILD,
  INFO_CHANNEL,
  MAYA,
  member,
  NOAH,
  PING_ROLE,
  press,
  RULES_CHANNEL,
  submit,
} from "../../support/fixtures.js";
import {
  admin,
  ask,
  channel,
  inGuild,
  number,
  opened,
  role,
  text,
  told,
  wordsOf,
} from "../../support/asking.js";
import { rowsOf, setUp } from "../../support/layers.js";
import { customIdsOf, formOf } from "../../support/limits.js";

const inWorld = inGuild();
const stored = Effect.flatMap(Settings, (settings) => settings.get(GUILD));
const lastLog = Effect.map(
  rowsOf("SELECT name, details FROM action_log ORDER BY seq DESC LIMIT 1"),
  ([row]) => [row?.["name"], JSON.parse(String(row?.["details"]))] as const,
);

const set = (options: Parameters<typeof command>[2] = [], by = admin()) =>
  command("gate", by, options, "set-questions");

describe("/gate set-questions", () => {
  it.effect("without options shows what is asked", () =>
    Effect.gen(function* () {
      yield* setUp();
      const words = wordsOf(yield* told(set()));
      for (const question of DEFAULT_QUESTIONS) assert.include(words, question);
      assert.deepInclude((yield* lastLog)[1], { command: "gate setup" });
    }).pipe(inWorld),
  );

  it.effect("changes those that are named, says which, and logs what was there before", () =>
    Effect.gen(function* () {
      yield* setUp();
      const words = wordsOf(
        yield* told(
          set([
            ["q1", text("Who are you?")],
            ["q3", text("Why here?")],
          ]),
        ),
      );
      assert.include(words, "Changed: question 1, question 3.");
      const questions: ReadonlyArray<string> = (yield* stored).questions;
      assert.deepStrictEqual(
        questions,
        DEFAULT_QUESTIONS.map((was, index) => ["Who are you?", was, "Why here?"][index] ?? was),
      );
      assert.deepStrictEqual(yield* lastLog, [
        "config_change",
        {
          command: "gate set-questions",
          q1: "Who are you?",
          q1_was: DEFAULT_QUESTIONS[0],
          q3: "Why here?",
          q3_was: DEFAULT_QUESTIONS[2],
        },
      ]);
    }).pipe(inWorld),
  );

  it.effect("takes one out", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* told(set([["remove", number(5)]]));
      assert.deepStrictEqual((yield* stored).questions, DEFAULT_QUESTIONS.slice(0, 4));
    }).pipe(inWorld),
  );

  it.effect.each([
    ["blank ones", "  ", "Question 2 is empty"],
    ["two equal ones", DEFAULT_QUESTIONS[0] ?? "", "Questions 1 and 2 are the same"],
  ] as const)("refuses %s and changes nothing", ([, typed, words]) =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(wordsOf(yield* told(set([["q2", text(typed)]]))), words);
      assert.deepStrictEqual((yield* stored).questions, DEFAULT_QUESTIONS);
    }).pipe(inWorld),
  );

  it.effect("is for admins, in a server that is set up", () =>
    Effect.gen(function* () {
      assert.include(wordsOf(yield* told(set([], member()))), "This is for admins");
      assert.include(wordsOf(yield* told(set())), "not set up yet");
    }).pipe(inWorld),
  );
});

describe("the editor of questions", () => {
  const open = (by = admin(), from: "now" | "draft" = "now") =>
    opened(press(QuestionsEditId.encode({ from }), by));
  const values = (form: Effect.Effect.Success<ReturnType<typeof open>>) =>
    formOf(form).inputs.map(({ value }) => value);
  const typed = (questions: ReadonlyArray<string>) =>
    [1, 2, 3, 4, 5].map((n): [string, string] => [questionField(n), questions[n - 1] ?? ""]);

  it.effect("shows all of them, and takes out those that are left empty", () =>
    Effect.gen(function* () {
      yield* setUp();
      const form = yield* open();
      assert.deepStrictEqual(values(form), [...DEFAULT_QUESTIONS]);
      yield* told(submit(form.custom_id, admin(), typed(["Who?", "", "Why here?"])));
      assert.deepStrictEqual((yield* stored).questions, ["Who?", "Why here?"]);
    }).pipe(inWorld),
  );

  it.effect.each([
    ["two equal ones", ["Who?", "Why?", "who?"], "Questions 1 and 3 are the same"],
    ["one that is too long", ["Who?", "😀".repeat(300)], "Question 2 has 600 characters"],
    ["none at all", [], "At least one question is needed"],
  ] as const)("refuses %s, keeps what was typed, and goes on with it until it will do", ([, wrong, why]) =>
    Effect.gen(function* () {
      yield* setUp();
      const refused = yield* told(submit((yield* open()).custom_id, admin(), typed(wrong)));
      assert.include(wordsOf(refused), `**Nothing was changed; what you typed is kept:**\n- ${why}`);
      assert.deepStrictEqual((yield* stored).questions, DEFAULT_QUESTIONS);
      assert.deepStrictEqual(customIdsOf(refused), [QuestionsEditId.encode({ from: "draft" })]);

      const again = yield* open(admin(), "draft");
      assert.deepStrictEqual(
        values(again),
        [0, 1, 2, 3, 4].map((index) => wrong[index]),
      );
      assert.deepStrictEqual(
        values(yield* open(admin(NOAH), "draft")),
        [...DEFAULT_QUESTIONS],
        "is theirs alone",
      );
      yield* told(submit(again.custom_id, admin(), typed(["Who?", "Why?"])));
      assert.deepStrictEqual((yield* stored).questions, ["Who?", "Why?"]);
      assert.deepStrictEqual(values(yield* open(admin(), "draft")).slice(0, 2), ["Who?", "Why?"]);
      assert.deepStrictEqual(yield* rowsOf("SELECT texts FROM question_draft"), []);
    }).pipe(inWorld),
  );

  it.effect("can be gone on with from the list, also after an option was refused", () =>
    Effect.gen(function* () {
      yield* setUp();
      const first = DEFAULT_QUESTIONS[0] ?? "";
      const refused = yield* told(set([["q3", text(first)]]));
      assert.deepStrictEqual(customIdsOf(refused), [QuestionsEditId.encode({ from: "draft" })]);
      const list = yield* told(set());
      assert.include(wordsOf(list), "**Go on editing** brings them back");
      assert.deepStrictEqual(
        customIdsOf(list),
        (["now", "draft"] as const).map((from) => QuestionsEditId.encode({ from })),
      );
      assert.deepStrictEqual(values(yield* open(admin(), "draft"))[2], first);
      assert.deepStrictEqual(values(yield* open()), [...DEFAULT_QUESTIONS]);
    }).pipe(inWorld),
  );

  it.effect(
    "does not undo what somebody else changed meanwhile: it shows that, and keeps what was typed",
    () =>
      Effect.gen(function* () {
        yield* setUp();
        const mine = yield* open();
        const theirs = yield* open(admin(NOAH));
        yield* told(submit(theirs.custom_id, admin(NOAH), typed(["Theirs?"])));
        const late = yield* told(submit(mine.custom_id, admin(), typed(["Mine?"])));
        assert.include(wordsOf(late), "somebody else changed the questions meanwhile");
        assert.include(wordsOf(late), "**1.** Theirs?");
        assert.deepStrictEqual((yield* stored).questions, ["Theirs?"]);

        const again = yield* open(admin(), "draft");
        assert.deepStrictEqual(values(again)[0], "Mine?");
        yield* told(submit(again.custom_id, admin(), typed(["Mine?"])));
        assert.deepStrictEqual((yield* stored).questions, ["Mine?"]);
      }).pipe(inWorld),
  );

  it.effect("keeps the answers of a half-written application whose questions stay", () =>
    Effect.gen(function* () {
      yield* setUp();
      const answers = DEFAULT_QUESTIONS.map((question): [string, string] => [
        fieldOf(question),
        question === DEFAULT_QUESTIONS[4] ? "short" : "A good and long answer.",
      ]);
      yield* told(submit(ApplyId.encode({ page: 0 }), member(), answers));
      yield* told(command("gate", admin(), [["q1", text("Something new?")]], "set-questions"));
      const { inputs } = formOf(yield* opened(press(VerifyId.encode({}), member())));
      assert.deepStrictEqual(
        inputs.map(({ value }) => value),
        [undefined, ...Array<string>(3).fill("A good and long answer."), "short"],
      );
    }).pipe(inWorld),
  );
});

const form = (template: TemplateName, by = admin()) =>
  opened(command("gate", by, [["which", text(template)]], "template edit"));
const send = (form: Effect.Effect.Success<ReturnType<typeof opened>>, typed: string, by = admin()) =>
  told(submit(form.custom_id, by, [[TEMPLATE_FIELD, typed]]));
const type = (template: TemplateName, typed: string, by = admin()) =>
  Effect.flatMap(form(template, by), (opened) => send(opened, typed, by));
const save = (template: TemplateName, by = admin()) => ask(press(TemplateSaveId.encode({ template }), by));

describe("/gate template edit", () => {
  it.effect.each(TEMPLATE_NAMES)(
    "changes the text for %s in two steps: a preview first, and nothing before Save",
    (template) =>
      Effect.gen(function* () {
        yield* setUp();
        const before = (yield* stored)[`${template}Template`];
        assert.deepStrictEqual(
          formOf(yield* form(template)).inputs.map(({ value }) => value),
          [before],
        );
        const preview = yield* type(template, "In {guild.name} there is {rules}.");
        assert.include(wordsOf(preview), "In The Den there is the rules.");
        assert.include(wordsOf(preview), "Nothing is changed yet");
        assert.include(customIdsOf(preview), TemplateSaveId.encode({ template }));
        assert.strictEqual((yield* stored)[`${template}Template`], before);
        const saved = yield* save(template);
        assert.strictEqual(saved._tag, "Update");
        const now = yield* stored;
        assert.strictEqual(now[`${template}Template`], "In {guild.name} there is {rules}.");
        assert.deepStrictEqual(yield* lastLog, [
          "config_change",
          { command: "gate template", template, text: now[`${template}Template`], was: before },
        ]);
      }).pipe(inWorld),
  );

  it.effect("keeps what was typed when it will not do, says why, and offers it again", () =>
    Effect.gen(function* () {
      yield* setUp();
      const typed = "Hello {aplicant.mention}!";
      const refused = yield* type("welcome", typed);
      assert.include(
        wordsOf(refused),
        "`{aplicant.mention}` means nothing. Was `{applicant.mention}` meant?",
      );
      assert.deepStrictEqual(customIdsOf(refused), [TemplateEditId.encode({ template: "welcome" })]);
      const again = yield* opened(press(TemplateEditId.encode({ template: "welcome" }), admin()));
      assert.strictEqual(formOf(again).inputs[0]?.value, typed);
      assert.notStrictEqual(formOf(yield* form("welcome", admin(NOAH))).inputs[0]?.value, typed);
    }).pipe(inWorld),
  );

  it.effect("refuses what could become too long for Discord", () =>
    Effect.gen(function* () {
      yield* setUp();
      const words = wordsOf(yield* type("welcome", "{applicant.username}".repeat(40)));
      assert.include(words, "It can become 2560 characters long");
    }).pipe(inWorld),
  );

  it.effect("brings the default back for an empty text", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { welcomeTemplate } = yield* stored;
      yield* type("welcome", "Hello!");
      yield* save("welcome");
      yield* type("welcome", "  ");
      yield* save("welcome");
      assert.strictEqual((yield* stored).welcomeTemplate, welcomeTemplate);
    }).pipe(inWorld),
  );

  it.effect("redraws the gate message when it is the gate message, and only then", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* rowsOf("UPDATE side_effect SET state = 'done'");
      yield* type("kick", "Goodbye!");
      yield* save("kick");
      const waiting = rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting'");
      assert.deepStrictEqual(yield* waiting, []);
      yield* type("gate", "Come in!");
      yield* save("gate");
      assert.deepStrictEqual(yield* waiting, [{ kind: "GateMessage" }]);
    }).pipe(inWorld),
  );

  it.effect(
    "does not undo what somebody else saved meanwhile: it shows that, and saves when it is asked again",
    () =>
      Effect.gen(function* () {
        yield* setUp();
        const mine = yield* form("kick");
        yield* type("kick", "Theirs", admin(NOAH));
        yield* save("kick", admin(NOAH));
        yield* send(mine, "Mine");
        const late = yield* save("kick");
        const shown = "payload" in late ? late.payload : assert.fail("nothing is shown");
        assert.include(wordsOf(shown), "somebody else changed this text meanwhile");
        assert.include(wordsOf(shown), "Theirs");
        assert.strictEqual((yield* stored).kickTemplate, "Theirs");
        assert.deepStrictEqual(customIdsOf(shown), [
          TemplateSaveId.encode({ template: "kick" }),
          TemplateEditId.encode({ template: "kick" }),
        ]);
        assert.strictEqual(formOf(yield* form("kick")).inputs[0]?.value, "Mine");
        yield* save("kick");
        assert.strictEqual((yield* stored).kickTemplate, "Mine");
      }).pipe(inWorld),
  );

  it.effect("pressed twice saves once", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* type("kick", "Goodbye!");
      yield* save("kick");
      yield* save("kick");
      assert.strictEqual((yield* rowsOf("SELECT id FROM action_log WHERE name = 'config_change'")).length, 2);
    }).pipe(inWorld),
  );
});

describe("/gate template preview and /gate welcome preview", () => {
  const preview = (template: TemplateName) =>
    told(command("gate", admin(), [["which", text(template)]], "template preview"));

  it.effect("show what would be posted, and ping nobody", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* rowsOf(`UPDATE guild_settings SET ping_role_id = '${PING_ROLE}'`);
      const seen = yield* told(command("gate", admin(), [], "welcome preview"));
      assert.deepStrictEqual(seen, {
        content: `Please welcome <@${MAYA}> to **The Den**!\n<@&${PING_ROLE}>`,
      });
      assert.deepStrictEqual(yield* preview("welcome"), seen);
    }).pipe(inWorld),
  );

  it.effect("show the messages to a person with an example of a reason", () =>
    Effect.gen(function* () {
      yield* setUp();
      const words = wordsOf(yield* preview("rejection"));
      assert.include(words, "This time the answer is no.");
      assert.include(words, "Reason");
      assert.include(words, "You can apply again");
    }).pipe(inWorld),
  );
});

describe("/gate welcome", () => {
  const welcome = (sub: string, options: Parameters<typeof command>[2] = []) =>
    command("gate", admin(), options, `welcome ${sub}`);

  it.effect("set opens the form of the welcome post", () =>
    Effect.gen(function* () {
      yield* setUp();
      const seen = keyOf((yield* stored).welcomeTemplate);
      const { custom_id } = yield* opened(welcome("set"));
      assert.strictEqual(custom_id, TemplateId.encode({ template: "welcome", seen }));
    }).pipe(inWorld),
  );

  it.effect("channels refuses what is not there, and shows what is set", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(
        wordsOf(yield* told(welcome("channels", [["info", channel(INFO_CHANNEL)]]))),
        "does not exist",
      );
      yield* rowsOf(`UPDATE guild_settings SET rules_channel_id = '${RULES_CHANNEL}'`);
      const words = wordsOf(yield* told(welcome("channels")));
      assert.include(words, "`{info}`: not set");
      assert.include(words, `\`{rules}\`: <#${RULES_CHANNEL}>`);
    }).pipe(inWorld),
  );

  it.effect("role refuses what is not there, and shows what is set", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(wordsOf(yield* told(welcome("role", [["role", role(PING_ROLE)]]))), "does not exist");
      assert.include(wordsOf(yield* told(welcome("role"))), "Nobody is pinged but the person");
    }).pipe(inWorld),
  );
});
