import { assert, describe, it } from "@effect/vitest";
import { Effect, Option, Redacted, Schema, TestClock } from "effect";
import { Details } from "../../../src/domain/Action.js";
import { GuildId, Millis, type UserId } from "../../../src/domain/Ids.js";
import { PURGE_MAX } from "../../../src/domain/PanicPurge.js";
import { PasswordProof } from "../../../src/domain/Password.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable, MissingPermission } from "../../../src/layers/discord/Errors.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../../src/programs/views/PasswordForm.js";
import { PurgeButtonId, PurgeFormId } from "../../../src/programs/views/PanicPurge.js";
import { Gate } from "../../../src/services/Gate.js";
import { PanicPurge } from "../../../src/services/PanicPurge.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { admin, ask, number, opened, told, wordsOf } from "../../support/asking.js";
import {
  command,
  GUILD,
  HOUR,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  NOW,
  press,
  reviewer,
  REVIEWER_ROLE,
  ROBIN,
  submit,
  userId,
} from "../../support/fixtures.js";
import { apply, eventually, rested, rowsOf, setUp, startBot, world } from "../../support/layers.js";

const PASSWORD = "password-for-tests";
const inWorld = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  test.pipe(Effect.scoped, Effect.provide(world({ resetPassword: Redacted.make(PASSWORD) })));

const raider = (n: number) => userId(1_000 + n);
const joins = (id: UserId, changes: Parameters<typeof member>[1] = {}) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    yield* fake.putMember(GUILD, member(id, changes));
    const gate = yield* Gate;
    yield* gate.membersJoined(GUILD, [{ userId: id, joinedAt: null }]);
  });
const raid = (count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, n) => raider(n)),
    (id) => joins(id, { displayName: `Raider ${id.slice(-3)}` }),
  );

const purge = (minutes = 60, by = admin()) => command("panic", by, [["minutes", number(minutes)]], "purge");
const preview = (minutes = 60, by = MAYA) =>
  Effect.flatMap(PanicPurge, (purges) => purges.preview(GUILD, by, minutes));
const form = (id: string, password = PASSWORD, by = admin()) =>
  submit(id, by, [
    [PASSWORD_FIELD, password],
    [CONFIRM_FIELD, ""],
  ]);
const proof = PasswordProof({ password: "given" });

const banned = Effect.flatMap(DiscordFake, (fake) => fake.bansOf(GUILD));
const bulkBans = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.callsOf("bulkBan")),
  (calls) => calls.map(({ userIds }) => userIds.length),
);
const decode = Schema.decodeUnknownSync(Schema.parseJson(Details));
const purgeRows = Effect.map(
  rowsOf("SELECT actor, details FROM action_log WHERE name = 'purge' ORDER BY seq"),
  (rows) =>
    rows.map(({ actor, details }): Readonly<Record<string, unknown>> => ({ actor, ...decode(details) })),
);

describe("/panic purge", () => {
  it.effect("shows who would go and who stays, and does nothing yet", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(joins(userId(900)));
        yield* TestClock.adjust("2 minutes");
        yield* run(raid(3));
        yield* run(joins(NOAH, { roles: [REVIEWER_ROLE] }));
        yield* run(joins(userId(901), { permissions: 1n << 5n }));
        yield* run(joins(userId(902), { roles: [MEMBER_ROLE] }));
        yield* run(joins(userId(903), { bot: true }));
        yield* run(
          Effect.flatMap(Gate, (gate) =>
            gate.membersJoined(GUILD, [{ userId: userId(904), joinedAt: null }]),
          ),
        );
        yield* run(joins(ROBIN));
        yield* run(apply(member(ROBIN)));
        yield* run(
          Effect.flatMap(Reviews, (reviews) =>
            reviews.decide(
              GUILD,
              { _tag: "Person", userId: ROBIN },
              { id: MAYA, admin: false, via: "command" },
              { kind: "approve", reason: null },
            ),
          ),
        );
        const payload = yield* run(told(purge(1)));
        const words = wordsOf(payload);
        assert.include(words, "3 people would be removed");
        assert.include(words, "within the last 1 minute, the newest first:");
        assert.include(words, "Raider");
        assert.include(words, "**They stay:** accepted already: 2, staff: 2, bots: 1");
        assert.include(words, "**Left by themselves:** 1");
        assert.include(JSON.stringify(payload.components), "Remove 3 people…");
        assert.deepStrictEqual(yield* banned, []);
        assert.deepStrictEqual(yield* purgeRows, []);
      }),
    ),
  );

  it.effect("counts from when people joined, also those whom the bot did not see come", () =>
    inWorld(
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        yield* TestClock.adjust("3 hours");
        const { run } = yield* startBot;
        yield* run(setUp());
        const [early, late, seen] = [raider(1), raider(2), raider(3)];
        yield* fake.putMember(GUILD, member(early));
        yield* fake.putMember(GUILD, member(late));
        const now = NOW + 3 * HOUR;
        yield* run(joins(seen));
        yield* run(
          Effect.flatMap(Gate, (gate) =>
            gate.joinedMeanwhile(GUILD, [
              { userId: early, joinedAt: Millis.make(now - 2 * HOUR) },
              { userId: late, joinedAt: Millis.make(now - 10 * 60_000) },
            ]),
          ),
        );
        const within = (minutes: number) =>
          Effect.map(run(preview(minutes)), ({ people }) => people.map(({ id }) => id));
        assert.deepStrictEqual(yield* within(5), [seen]);
        assert.deepStrictEqual(yield* within(60), [seen, late]);
        assert.deepStrictEqual(yield* within(180), [seen, late, early]);
      }),
    ),
  );

  it.effect("is for admins, says when there is nobody, and finds missing rights before anything else", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        assert.include(wordsOf(yield* run(told(purge()))), "is not set up yet");
        yield* run(setUp());
        assert.include(
          wordsOf(yield* run(told(purge(60, reviewer(NOAH))))),
          "This is for admins of this server.",
        );
        const nobody = yield* run(told(purge()));
        assert.include(wordsOf(nobody), "There is nobody to remove");
        assert.deepStrictEqual(nobody.components, []);
        const fake = yield* DiscordFake;
        yield* fake.putGuild({ id: GUILD, name: "The Den", lacks: ["BanMembers", "ManageGuild"] });
        const words = wordsOf(yield* run(told(purge())));
        assert.include(words, "the bot lacks Ban Members. Grant it under Server Settings, Roles.");
        assert.include(words, "the bot lacks Manage Server.");
      }),
    ),
  );

  it.effect("removes with the password those who were shown, and nobody who came later", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(3));
        yield* run(apply(member(raider(0), { username: "raider0" })));
        const shown = yield* run(preview());
        const customId = PurgeFormId.encode({ purge: shown.purge.id });
        yield* run(joins(userId(905)));

        const modal = yield* run(opened(press(PurgeButtonId.encode({ purge: shown.purge.id }), admin())));
        assert.strictEqual(modal.title, "Remove 3 people?");
        assert.include(wordsOf(yield* run(told(form(customId, "guess")))), "That is not the password");
        assert.strictEqual(
          wordsOf(yield* run(told(form(customId, PASSWORD, reviewer(NOAH))))),
          "This is for admins of this server.",
        );
        assert.deepStrictEqual(yield* bulkBans, []);
        assert.include(wordsOf(yield* run(told(form(customId)))), "**Removing 3 people.**");
        yield* rested;

        assert.sameMembers([...(yield* banned)], [raider(0), raider(1), raider(2)]);
        const [begun, result] = yield* purgeRows;
        assert.deepInclude(begun, {
          actor: MAYA,
          password: "given",
          people: 3,
          shown: 3,
          joined_within_minutes: 60,
        });
        assert.deepInclude(result, { actor: "system", removed: 3, not_removed: 0, spared: 0 });
        const fake = yield* DiscordFake;
        const edits = yield* fake.callsOf("editResponse");
        assert.include(edits.at(-1)?.payload.content, "**Removed 3 of 3** who joined within 60 minutes");
        assert.deepStrictEqual(yield* rowsOf("SELECT status FROM application"), [{ status: "withdrawn" }]);
        const status = wordsOf(yield* run(told(command("panic", admin(), [], "status"))));
        assert.include(status, "**Removed 3 of 3**");
      }),
    ),
  );

  it.effect("does it once, however often and by how many it is confirmed", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(4));
        const mine = (yield* run(preview())).purge.id;
        const theirs = (yield* run(preview(60, NOAH))).purge.id;
        const purges = yield* run(PanicPurge);
        const outcomes = yield* Effect.all(
          [
            purges.begin(GUILD, mine, MAYA, proof),
            purges.begin(GUILD, mine, MAYA, proof),
            purges.begin(GUILD, theirs, NOAH, proof),
          ].map((begin) =>
            Effect.map(Effect.either(begin), (is) => (is._tag === "Left" ? is.left._tag : "begun")),
          ),
          { concurrency: "unbounded" },
        );
        assert.deepStrictEqual(outcomes, ["begun", "PurgeBegunAlready", "NobodyToRemove"]);
        yield* rested;
        // A form that was left open for a while is no way to remove them twice either.
        assert.strictEqual(
          (yield* Effect.flip(purges.begin(GUILD, theirs, NOAH, proof)))._tag,
          "NobodyToRemove",
        );
        assert.deepStrictEqual(yield* bulkBans, [4]);
        assert.strictEqual((yield* banned).length, 4);
        assert.include(
          wordsOf(yield* run(told(form(PurgeFormId.encode({ purge: mine }), "wrong")))),
          "nothing was done twice",
        );
        assert.deepStrictEqual(yield* rowsOf("SELECT id FROM action_log WHERE name = 'password_failed'"), []);
      }),
    ),
  );

  it.effect("forgets a preview after a while, and knows none of another server", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(2));
        const { id } = (yield* run(preview())).purge;
        yield* rowsOf("UPDATE panic_purge SET shown_at = shown_at - 960000");
        assert.include(
          wordsOf(yield* run(told(form(PurgeFormId.encode({ purge: id }))))),
          "This preview is too old",
        );
        yield* run(preview());
        assert.strictEqual((yield* rowsOf("SELECT id FROM panic_purge")).length, 1);
        assert.strictEqual((yield* rowsOf("SELECT user_id FROM panic_purge_member")).length, 2);
      }),
    ),
  );

  it.effect("does nothing with a preview of another server", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(2));
        const { id } = (yield* run(preview())).purge;
        const purges = yield* run(PanicPurge);
        const elsewhere = GuildId.make("900000000000000001");
        assert.strictEqual(
          (yield* Effect.flip(purges.begin(elsewhere, id, MAYA, proof)))._tag,
          "PurgeOutdated",
        );
        assert.strictEqual((yield* Effect.flip(purges.confirmable(elsewhere, id)))._tag, "PurgeOutdated");
        assert.isTrue(Option.isNone(yield* purges.progress(elsewhere, id)));
        assert.deepStrictEqual(yield* purgeRows, []);
      }),
    ),
  );

  it.effect("says when there are more people than one purge takes, and shows the newest", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        const joined = Array.from(
          { length: PURGE_MAX + 1 },
          (_, n) => `('${GUILD}', '${raider(n)}', ${NOW - n})`,
        );
        yield* rowsOf(`INSERT INTO member_join (guild_id, user_id, joined_at) VALUES ${joined.join(", ")}`);
        yield* Effect.flatMap(DiscordFake, (fake) =>
          Effect.forEach([0, PURGE_MAX - 1, PURGE_MAX], (n) => fake.putMember(GUILD, member(raider(n)))),
        );
        const { people, more } = yield* run(preview());
        assert.isTrue(more);
        assert.deepStrictEqual(
          people.map(({ id }) => id),
          [raider(0), raider(PURGE_MAX - 1)],
        );
        yield* rowsOf(`DELETE FROM member_join WHERE user_id = '${raider(PURGE_MAX)}'`);
        assert.isFalse((yield* run(preview())).more);
      }),
    ),
  );

  it.effect("spares whoever was accepted or made staff after the preview, and says so", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(3));
        yield* run(apply(member(raider(0), { username: "friend" })));
        const { id } = (yield* run(preview())).purge;
        yield* run(
          Effect.flatMap(Reviews, (reviews) =>
            reviews.decide(
              GUILD,
              { _tag: "Person", userId: raider(0) },
              { id: NOAH, admin: false, via: "command" },
              { kind: "approve", reason: null },
            ),
          ),
        );
        const fake = yield* DiscordFake;
        yield* fake.putMember(GUILD, member(raider(1), { roles: [REVIEWER_ROLE] }));
        const words = wordsOf(yield* run(told(form(PurgeFormId.encode({ purge: id })))));
        assert.include(words, "**Removing 2 people.**");
        assert.include(words, "1 fewer than was shown");
        yield* rested;
        assert.deepStrictEqual(yield* banned, [raider(2)]);
        const [, result] = yield* purgeRows;
        assert.deepInclude(result, { removed: 1, not_removed: 0, spared: 2 });
      }),
    ),
  );

  it.effect("names those whom Discord does not ban", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        const fake = yield* DiscordFake;
        yield* fake.putGuild({ id: GUILD, name: "The Den", aboveBot: [raider(1)] });
        yield* run(raid(3));
        const { id } = (yield* run(preview())).purge;
        yield* run(ask(form(PurgeFormId.encode({ purge: id }))));
        yield* rested;
        assert.sameMembers([...(yield* banned)], [raider(0), raider(2)]);
        const words = wordsOf(yield* run(told(command("panic", admin(), [], "status"))));
        assert.include(words, `❌ Not removed: 1. <@${raider(1)}>`);
        assert.include(words, "stand above the bot's");
        assert.deepStrictEqual(
          yield* rowsOf("SELECT user_id FROM panic_purge_member WHERE state = 'failed'"),
          [{ userId: raider(1) }],
        );
      }),
    ),
  );

  it.effect("keeps why a whole step failed, and a new purge takes those people up again", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(raid(2));
        const fake = yield* DiscordFake;
        yield* fake.script("bulkBan", {
          _tag: "Refused",
          error: new MissingPermission({ permission: "Ban Members" }),
        });
        const { id } = (yield* run(preview())).purge;
        yield* run(ask(form(PurgeFormId.encode({ purge: id }))));
        yield* rested;
        assert.include(
          wordsOf(yield* run(told(command("panic", admin(), [], "status")))),
          "The bot lacks **Ban Members**",
        );
        assert.strictEqual((yield* run(preview())).people.length, 2);
      }),
    ),
  );

  const STEPS = 450;
  it.effect.each([
    ["before a step has reached Discord", "Refused"],
    ["after Discord has done a step, but before the bot has heard of it", "NoAnswer"],
  ] as const)("goes on after a crash %s, and bans everybody once", ([, how]) =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* startBot;
        yield* first.run(setUp());
        yield* first.run(raid(STEPS));
        const fake = yield* DiscordFake;
        const error = new DiscordUnavailable({ detail: "down" });
        yield* fake.script(
          "bulkBan",
          { _tag: "Late", millis: 1 },
          how === "Refused" ? { _tag: "Refused", error } : { _tag: "NoAnswer" },
        );
        const { id } = (yield* first.run(preview())).purge;
        const { steps } = yield* first.run(
          Effect.flatMap(PanicPurge, (purges) => purges.begin(GUILD, id, MAYA, proof)),
        );
        assert.strictEqual(steps.length, 3);
        yield* eventually(
          "the second step is under way",
          Effect.map(bulkBans, ({ length }) => length >= 2),
        );
        yield* first.kill;
        yield* fake.unscript;

        const second = yield* startBot;
        yield* second.run(rested);
        assert.strictEqual((yield* banned).length, STEPS);
        assert.deepStrictEqual(
          yield* rowsOf("SELECT state, COUNT(*) AS count FROM panic_purge_member GROUP BY state"),
          [{ state: "banned", count: STEPS }],
        );
        const rows = yield* purgeRows;
        assert.strictEqual(rows.length, 2);
        assert.deepInclude(rows[1], { removed: STEPS, not_removed: 0 });
        assert.isTrue((yield* bulkBans).every((count) => count <= 200));
      }),
    ),
  );
});
