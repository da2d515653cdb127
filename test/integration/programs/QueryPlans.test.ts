import { assert, describe, it } from "@effect/vitest";
import * as SqlClient from "@effect/sql/SqlClient";
import { ApplicationCommandOptionType } from "discord.js";
import { Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect";
import { ApplicationId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction } from "../../../src/layers/discord/Interaction.js";
import * as Bot from "../../../src/programs/Bot.js";
import { ApplyId, fieldOf, VerifyId } from "../../../src/programs/views/Apply.js";
import { AcceptId, AnswersId, ClaimId, UnclaimId } from "../../../src/programs/views/CardButtons.js";
import { OpenListId } from "../../../src/programs/views/OpenList.js";
import { REASON_FIELD, ReasonId } from "../../../src/programs/views/ReasonForm.js";
import * as Services from "../../../src/services/index.js";
import {
  ANSWERS,
  at,
  command,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  press,
  REVIEW_CHANNEL,
  reviewer,
  submit,
  userId,
} from "../../support/fixtures.js";
import { eventually, rested, rowsOf, setUp, world } from "../../support/layers.js";
import { plansOf, slowing, statementsOf } from "../../support/queryPlans.js";

/** With a whole bot, which is stopped in the end. */
const withBot = <A, E>(
  act: Effect.Effect<A, E, Layer.Layer.Success<typeof bot> | SqlClient.SqlClient | DiscordFake>,
) =>
  Effect.gen(function* () {
    const scope = yield* Scope.make();
    const context = yield* Layer.buildWithScope(bot, scope);
    const result = yield* Effect.provide(act, context);
    const closing = yield* Effect.fork(Scope.close(scope, Exit.void));
    yield* TestClock.adjust("20 seconds");
    yield* Fiber.join(closing);
    return result;
  });
const bot = Bot.layer.pipe(Layer.provideMerge(Services.layer));

/** Lets somebody do something, and what follows from it happen. */
const does = (...interactions: ReadonlyArray<Interaction>) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const before = (yield* fake.callsOf("respond")).length;
    yield* Effect.forEach(interactions, fake.interact);
    yield* eventually(
      "everybody has an answer",
      Effect.map(fake.callsOf("respond"), ({ length }) => length >= before + interactions.length),
    );
    yield* rested;
  });

const moderator = reviewer(MAYA);
const filled = ANSWERS.map(({ question, text }): [string, string] => [fieldOf(question), text]);
const applies = (person: number) =>
  Effect.gen(function* () {
    const who = member(userId(person));
    yield* does(press(VerifyId.encode({}), who));
    yield* does(submit(ApplyId.encode({ page: 0 }), who, filled));
    const [row] = yield* rowsOf(
      `SELECT id, code FROM application WHERE guild_id = '${GUILD}' AND user_id = '${who.id}'`,
    );
    const application = ApplicationId.make(String(row?.["id"]));
    return { application, code: String(row?.["code"]), who };
  });
const reason = (kind: "reject" | "perm_reject" | "kick", application: ApplicationId) =>
  submit(ReasonId.encode({ kind, application }), moderator, [[REASON_FIELD, "No"]]);
const typing = (typed: string): Interaction => {
  const { options: _, resolved: __, ...base } = command("accept", moderator);
  return { ...base, _tag: "Autocomplete", focused: { name: "app", typed } };
};

/** Everything that applicants and moderators do, the outbox and the schedules with it. */
const workday = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  yield* setUp({ loggingChannelId: LOG_CHANNEL });
  yield* fake.emit({ _tag: "MemberJoined", guildId: GUILD, userId: userId(20), bot: false, joinedAt: null });
  const [first, second, third, fourth, fifth] = yield* Effect.forEach([20, 21, 22, 23, 24], applies);
  yield* does(typing(""), typing(`#${first?.code ?? ""}`), typing("rob"));
  yield* does(
    command("listopen", moderator),
    command("listopen", moderator, [["scope", { type: ApplicationCommandOptionType.String, value: "mine" }]]),
    press(
      OpenListId.encode({
        scope: "all",
        direction: "next",
        submittedAt: at(0),
        id: first?.application ?? assert.fail("nobody"),
      }),
      moderator,
    ),
  );
  for (const applied of [first, second, third, fourth]) {
    const { application } = applied ?? assert.fail("nobody applied");
    yield* does(press(AnswersId.encode({ application }), moderator));
    yield* does(press(ClaimId.encode({ application }), moderator));
  }
  const id = (applied: typeof first) => applied?.application ?? assert.fail("nobody applied");
  yield* does(press(UnclaimId.encode({ application: id(first) }), moderator));
  yield* does(press(AcceptId.encode({ application: id(first) }), moderator));
  yield* does(reason("reject", id(second)));
  yield* does(reason("perm_reject", id(third)));
  yield* does(reason("kick", id(fourth)));
  yield* does(
    command("accept", moderator, [
      ["app", { type: ApplicationCommandOptionType.String, value: fifth?.code ?? "" }],
    ]),
  );
  const [card] = yield* fake.messages(REVIEW_CHANNEL);
  yield* fake.emit({
    _tag: "MessagesDeleted",
    channelId: REVIEW_CHANNEL,
    messageIds: card === undefined ? [] : [card.id],
  });
  yield* fake.emit({ _tag: "MemberLeft", guildId: GUILD, userId: userId(20), bot: false });
  yield* TestClock.adjust("5 minutes");
  yield* rested;
});

/** One piece of every statement without which this would prove little. */
const SEEN = [
  "INSERT INTO application ",
  "UPDATE application SET",
  "INSERT INTO block",
  "INSERT INTO action_log",
  "INSERT INTO chain_end",
  "INSERT INTO side_effect ",
  "INSERT INTO side_effect_dependency",
  "SELECT DISTINCT lane FROM side_effect",
  "SET state = ",
  "DELETE FROM side_effect_dependency",
  "ORDER BY submitted_at",
  "lower(username) LIKE",
  "claimed_at <",
  "AND code = ?",
];

/** Indexes without which somebody would wait longer with every application that is stored. */
const NEEDED = [
  "application_code",
  "application_queue",
  "application_person",
  "application_card",
  "action_log_application",
  "side_effect_application",
];

describe("a working day of applicants, moderators, the outbox and the schedules", () => {
  it.effect(
    "executes no statement that costs more as tables grow, and needs the indexes for that",
    () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient;
        const { statements } = yield* statementsOf(withBot(workday));
        const plans = yield* plansOf(statements);
        assert.deepStrictEqual(slowing(plans), []);
        const texts = plans.map(({ text }) => text);
        assert.deepStrictEqual(
          SEEN.filter((piece) => !texts.some((text) => text.includes(piece))),
          [],
        );
        for (const index of NEEDED) {
          const without = sql.withTransaction(
            sql.unsafe(`DROP INDEX ${index}`).pipe(
              Effect.zipRight(plansOf(statements)),
              Effect.flatMap((found) => Effect.fail(slowing(found))),
            ),
          );
          const found = yield* Effect.flip(without);
          assert.isTrue(Array.isArray(found) && found.length > 0, `nothing misses ${index}`);
        }
      }).pipe(Effect.provide(world({ schedulersEnabled: true }))),
    60_000,
  );
});
