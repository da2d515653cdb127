/** What comes too late, from the wrong person or from the wrong server is answered in words, and changes nothing. */
import type { SqlError } from "@effect/sql/SqlError";
import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { Application, DecisionKind } from "../../../src/domain/Application.js";
import type { Rung } from "../../../src/domain/Permission.js";
import type { Member } from "../../../src/domain/Person.js";
import { ALL_SETTINGS, type Setting, type SettingName } from "../../../src/domain/SettingsTable.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Callback, Interaction, OptionValue } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import { AcceptId, ClaimId, PingId, RefuseId, UnclaimId } from "../../../src/programs/views/CardButtons.js";
import { REASON_FIELD, ReasonId } from "../../../src/programs/views/ReasonForm.js";
import { Gate } from "../../../src/services/Gate.js";
import { Settings } from "../../../src/services/Settings.js";
import {
  admin,
  ask,
  askAll,
  channel,
  inGuild,
  type InGuild,
  role,
  text,
  told,
  wordsOf,
} from "../../support/asking.js";
import {
  application,
  command,
  DEN,
  GENERAL_CHANNEL,
  GUILD,
  INFO_CHANNEL,
  MAYA,
  member,
  NOAH,
  ok,
  OTHER_GUILD,
  PING_ROLE,
  press,
  reviewer,
  ROBIN,
  submit,
} from "../../support/fixtures.js";
import { claim, decide } from "../../support/fixtures-reviews.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { snapshot } from "../../support/ledger.js";

const inWorld = inGuild();
const wordsIn = (callback: Callback | undefined): string =>
  callback !== undefined && "payload" in callback ? wordsOf(callback.payload) : `a ${callback?._tag}`;

/** What is asked changes nothing: not a row of what people decide about, and none of the log. */
const unchanged = <A, E, R>(asking: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = yield* snapshot;
    const answer = yield* asking;
    assert.deepStrictEqual(yield* snapshot, before);
    return answer;
  });

describe("a channel or a role of another server", () => {
  const FOREIGN_CHANNEL = INFO_CHANNEL;
  const FOREIGN_ROLE = PING_ROLE;
  const two = Effect.gen(function* () {
    const fake = yield* DiscordFake;
    yield* fake.putGuild(DEN);
    yield* fake.putGuild({
      id: OTHER_GUILD,
      name: "Elsewhere",
      channels: [[FOREIGN_CHANNEL, ok("log")]],
      roles: [[FOREIGN_ROLE, ok("Greeter")]],
    });
    yield* setUp();
  });
  const foreign = (setting: Setting): readonly [OptionValue, string] | null => {
    switch (setting.kind) {
      case "channel":
      case "optional_channel":
        return [channel(FOREIGN_CHANNEL), "belongs to another server"];
      case "role":
      case "pinged_role":
        return [role(FOREIGN_ROLE), "does not exist"];
      case "staff_roles":
        return [text(`<@&${FOREIGN_ROLE}>`), "does not exist"];
      case "number":
      case "optional_number":
      case "switch":
        return null;
    }
  };
  const settings = ALL_SETTINGS.flatMap(([name, setting]) => {
    const value = foreign(setting);
    return value === null ? [] : [["config", "set", name, ...value] as const];
  });

  it.effect.each<readonly [string, string, SettingName | "info" | "rules" | "role", OptionValue, string]>([
    ...settings,
    ["gate", "welcome channels", "info", channel(FOREIGN_CHANNEL), "belongs to another server"],
    ["gate", "welcome channels", "rules", channel(FOREIGN_CHANNEL), "belongs to another server"],
    ["gate", "welcome role", "role", role(FOREIGN_ROLE), "does not exist"],
  ])("is refused by /%s %s %s", ([name, sub, option, value, words]) =>
    Effect.gen(function* () {
      yield* two;
      const answer = yield* unchanged(told(command(name, admin(), [[option, value]], sub)));
      assert.include(wordsOf(answer), words);
    }).pipe(inWorld),
  );
});

describe("whoever stands a rung too low", () => {
  const RUNG_BELOW: Readonly<Record<Exclude<Rung, "everyone">, Member>> = {
    reviewer: member(NOAH),
    admin: reviewer(NOAH),
    owner: admin(NOAH),
  };
  const WORDS = {
    reviewer: "This is for moderators with the reviewer role.",
    admin: "This is for admins of this server.",
    owner: "This is for the owners of the bot.",
  } as const;
  const guarded: ReadonlyArray<readonly [string, Rung, (by: Member) => Interaction]> = [
    ...components.map(({ name, kind, rung }) => {
      const customId = `v1:${name}:1:1`;
      return [
        `${name} (${kind})`,
        rung,
        (by: Member) => (kind === "modal" ? submit(customId, by, []) : press(customId, by)),
      ] as const;
    }),
    ...commands.flatMap(({ definition, leaves }) =>
      [...leaves].map(([sub, { rung }]) => {
        const name = `/${definition.name}${sub === null ? "" : ` ${sub}`}`;
        return [name, rung, (by: Member) => command(definition.name, by, [], sub)] as const;
      }),
    ),
  ];

  it.effect("is told whom it is for, by every button, form and command", () =>
    Effect.gen(function* () {
      yield* setUp();
      const tried = guarded.flatMap(([name, rung, make]) =>
        rung === "everyone" ? [] : [{ name, words: WORDS[rung], asked: make(RUNG_BELOW[rung]) }],
      );
      const answers = yield* unchanged(askAll(...tried.map(({ asked }) => asked)));
      assert.isAbove(tried.length, 40);
      assert.deepStrictEqual(
        tried.map(({ name }, index) => [name, wordsIn(answers[index])]),
        tried.map(({ name, words }) => [name, words]),
      );
    }).pipe(inWorld),
  );

  it.effect("is told so too where an admin has chosen other reviewers while a form was open", () =>
    Effect.gen(function* () {
      yield* setUp();
      const { id } = yield* apply();
      const opened = yield* ask(press(RefuseId.encode({ kind: "kick", application: id }), reviewer()));
      const customId = opened._tag === "Modal" ? opened.modal.custom_id : assert.fail("no form");
      const all = yield* Settings;
      yield* all.change(yield* all.get(GUILD), NOAH, { reviewerRoleIds: [] }, { command: "test" });
      const answer = yield* unchanged(told(submit(customId, reviewer(), [[REASON_FIELD, "Spam"]])));
      assert.strictEqual(wordsOf(answer), WORDS.reviewer);
    }).pipe(inWorld),
  );
});

describe("what a moderator does to an application that", () => {
  const REFUSALS = ["reject", "perm_reject", "kick"] as const satisfies ReadonlyArray<DecisionKind>;
  /** Everything that decides about one, by button, form or command. */
  const deciding = (
    { id, code }: Pick<Application, "id" | "code">,
    by: Member,
  ): ReadonlyArray<Interaction> => {
    const of = { application: id };
    const reason = ["reason", text("Spam")] as const;
    const app = ["app", text(code)] as const;
    return [
      press(ClaimId.encode(of), by),
      press(UnclaimId.encode(of), by),
      press(AcceptId.encode(of), by),
      press(PingId.encode(of), by),
      ...REFUSALS.flatMap((kind) => [
        press(RefuseId.encode({ kind, ...of }), by),
        submit(ReasonId.encode({ kind, ...of }), by, [[REASON_FIELD, "Spam"]]),
      ]),
      command("unclaim", by, [app]),
      command("accept", by, [app]),
      command("reject", by, [app, reason]),
      command("kick", by, [app, reason]),
    ];
  };
  const applied = Effect.zipRight(setUp({ unverifiedChannelId: GENERAL_CHANNEL }), apply());
  const decided = (kind: DecisionKind) => Effect.tap(applied, () => decide(MAYA, kind));
  const leaves = Effect.flatMap(Gate, (gate) => gate.memberLeft(GUILD, ROBIN));

  const MEANWHILE: Readonly<
    Record<
      string,
      readonly [Effect.Effect<Pick<Application, "id" | "code">, SqlError, InGuild>, words: RegExp]
    >
  > = {
    "was approved": [
      Effect.orDie(decided("approve")),
      /is approved already, by <@\d+>\. Nothing was changed\.$/,
    ],
    "was rejected": [
      Effect.orDie(decided("reject")),
      /is rejected already, by <@\d+>\. Nothing was changed\.$/,
    ],
    "was permanently rejected": [
      Effect.orDie(decided("perm_reject")),
      /is permanently rejected already, by <@\d+>\. Nothing was changed\.$/,
    ],
    "was withdrawn": [
      Effect.orDie(Effect.tap(applied, () => leaves)),
      /is withdrawn already\. Nothing was changed\.$/,
    ],
    "is another server's, or nobody's": [
      Effect.as(Effect.orDie(setUp({ unverifiedChannelId: GENERAL_CHANNEL })), application()),
      /^There is no application for .+ in this server\.$/,
    ],
  };

  it.effect.each(Object.keys(MEANWHILE))("%s is refused in words, however they do it", (name) =>
    Effect.gen(function* () {
      const [given, words] = MEANWHILE[name] ?? assert.fail("no case");
      const asked = deciding(yield* given, reviewer());
      const answers = yield* unchanged(askAll(...asked));
      for (const answer of answers) assert.match(wordsIn(answer), words);
    }).pipe(inWorld),
  );

  it.effect("somebody else has claimed is refused in words, and they are named", () =>
    Effect.gen(function* () {
      const found = yield* applied;
      yield* claim(MAYA);
      const asked = deciding(found, reviewer(NOAH)).filter(
        (one) => one._tag !== "Component" || !one.customId.includes(":ping:"),
      );
      const answers = yield* unchanged(askAll(...asked));
      for (const answer of answers) assert.match(wordsIn(answer), new RegExp(`claimed by <@${MAYA}>`));
    }).pipe(inWorld),
  );
});

describe("two who decide otherwise in the same instant", () => {
  const ENDS = ["approve", "reject", "perm_reject", "kick", "withdraw"];
  const pairs = {
    "Accept and Kick": [AcceptId, "kick"],
    "Accept and Reject": [AcceptId, "reject"],
  } as const;

  it.effect.each(Object.keys(pairs) as ReadonlyArray<keyof typeof pairs>)("%s: one of them counts", (name) =>
    Effect.gen(function* () {
      yield* setUp();
      const { id } = yield* apply();
      const [button, kind] = pairs[name];
      const answers = yield* askAll(
        press(button.encode({ application: id }), reviewer(MAYA)),
        submit(ReasonId.encode({ kind, application: id }), reviewer(NOAH), [[REASON_FIELD, "Spam"]]),
      );
      const late = answers.filter((answer) => wordsIn(answer).includes("Nothing was changed."));
      assert.strictEqual(late.length, 1);
      const rows = yield* rowsOf("SELECT name FROM action_log");
      assert.strictEqual(rows.filter((row) => ENDS.includes(String(row["name"]))).length, 1);
    }).pipe(inWorld),
  );
});
