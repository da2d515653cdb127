import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType as Type } from "discord.js";
import { Effect, Option, TestClock } from "effect";
import type { UserId } from "../../../src/domain/Ids.js";
import type { Person } from "../../../src/domain/Person.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import * as Errors from "../../../src/layers/discord/Errors.js";
import { Flags } from "../../../src/services/Flags.js";
import { Settings } from "../../../src/services/Settings.js";
import { admin, channel, inGuild, number, text, told, wordsOf } from "../../support/asking.js";
import {
  command,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  member,
  NOAH,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  reviewer,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { apply, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const naming = (
  name: "flag" | "unflag",
  who: Person,
  reason: string | null,
  actor: ReturnType<typeof member>,
) => ({
  ...command(name, actor, [
    ["user", { type: Type.User, value: who.id }],
    ...(reason === null ? [] : [["reason", text(reason)] as const]),
  ]),
  resolved: { users: new Map([[who.id, who]]), channels: new Map(), roles: new Map() },
});
const say = (name: "flag" | "unflag", who: Person, reason: string | null, actor = reviewer()) =>
  Effect.map(told(naming(name, who, reason, actor)), wordsOf);

const toChannel = Effect.gen(function* () {
  const settings = yield* Settings;
  yield* settings.change(
    yield* settings.get(GUILD),
    MAYA,
    { flagsChannelId: LOG_CHANNEL },
    { command: "test" },
  );
});
const log = rowsOf(
  "SELECT name, actor, target, reason FROM action_log WHERE name IN ('flag', 'unflag') ORDER BY seq",
);
const alertsIn = (where = LOG_CHANNEL) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.messages(where)),
    (messages) => messages.filter(({ payload }) => payload.embeds?.[0]?.title?.includes("Flagged") === true),
  );
const byHand = (who: UserId, by = MAYA) =>
  Effect.flatMap(Flags, (flags) => flags.flag(GUILD, { id: who, bot: false }, by, "Sells accounts"));

describe("/flag", () => {
  it.effect("stands on the card, in the log and in the flags channel, and pings nobody", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(toChannel);
        yield* run(apply());
        yield* rested;
        const { flag, isHere } = yield* run(byHand(ROBIN));
        assert.strictEqual(isHere, true);
        yield* rested;
        const [alert, ...more] = yield* alertsIn();
        assert.isEmpty(more);
        const words = wordsOf(alert?.payload ?? {});
        assert.include(words, `<@${ROBIN}>`);
        assert.include(words, "Reason: Sells accounts");
        assert.isUndefined(alert?.payload.pings);
        assert.isUndefined(alert?.payload.content);
        const fake = yield* DiscordFake;
        const card = Effect.map(fake.messages(REVIEW_CHANNEL), ([message]) =>
          wordsOf(message?.payload ?? {}),
        );
        assert.match(yield* card, /🚩 \*\*Flagged\*\* by <@\d+> <t:\d+:R>: Sells accounts/);
        assert.deepStrictEqual(yield* log, [
          { name: "flag", actor: MAYA, target: ROBIN, reason: "Sells accounts" },
        ]);
        assert.strictEqual(flag.kind, "manual");

        yield* run(Effect.flatMap(Flags, (flags) => flags.unflag(GUILD, ROBIN, NOAH, null)));
        yield* rested;
        assert.notInclude(yield* card, "🚩");
        assert.strictEqual((yield* log).length, 2);
      }),
    ),
  );

  it.effect("says where the alert goes, or that there is no channel for it", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(yield* say("flag", member(), "Spam"), "No alert was posted: there is no flags channel.");
      yield* TestClock.adjust("1 minute");
      yield* toChannel;
      assert.include(yield* say("flag", member(NOAH), "Spam"), `The alert goes to <#${LOG_CHANNEL}>.`);
      assert.strictEqual((yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'FlagPost'")).length, 1);
    }).pipe(inGuild()),
  );

  it.effect(
    "uses FLAGGED_REPORT_CHANNEL_ID where the server has no channel, but never one of another server",
    () =>
      Effect.gen(function* () {
        yield* setUp();
        assert.include(yield* say("flag", member(), "Spam"), `The alert goes to <#${GENERAL_CHANNEL}>.`);
        yield* TestClock.adjust("1 minute");
        const fake = yield* DiscordFake;
        yield* fake.putGuild({ id: GUILD, name: "The Den", channels: [], members: [NOAH] });
        yield* fake.putGuild({
          id: OTHER_GUILD,
          name: "Elsewhere",
          channels: [[GENERAL_CHANNEL, { _tag: "Ok", name: "general" }]],
        });
        assert.include(yield* say("flag", member(NOAH), "Spam"), "The alert cannot be posted");
        assert.strictEqual((yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'FlagPost'")).length, 1);
      }).pipe(inGuild({ flags: { channelId: Option.some(GENERAL_CHANNEL) } })),
  );

  it.effect("waits 15 seconds between two flags of one moderator, also after a restart", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* startBot;
        yield* first.run(setUp());
        yield* first.run(byHand(ROBIN));
        yield* first.kill;
        const { run } = yield* startBot;
        yield* TestClock.adjust("9 seconds");
        const refused = yield* run(Effect.flip(byHand(userId(41))));
        assert.strictEqual(refused._tag, "FlaggedRecently");
        yield* run(byHand(userId(42), NOAH));
        yield* TestClock.adjust("1 second");
        yield* run(byHand(userId(41)));
        assert.strictEqual((yield* log).length, 3);
      }),
    ),
  );

  it.effect("is one at a time for each person, whoever is faster", () =>
    Effect.gen(function* () {
      yield* setUp();
      const both = yield* Effect.all([Effect.either(byHand(ROBIN)), Effect.either(byHand(ROBIN, NOAH))], {
        concurrency: "unbounded",
      });
      assert.deepStrictEqual(both.map(({ _tag }) => _tag).sort(), ["Left", "Right"]);
      assert.include(yield* say("flag", member(), "Spam", reviewer(userId(43))), "is flagged already");
      assert.strictEqual((yield* log).length, 1);
      const double = yield* Effect.either(
        rowsOf(
          `INSERT INTO flag SELECT 'x', guild_id, user_id, kind, flagged_by, reason, at, NULL, NULL, NULL FROM flag`,
        ),
      );
      assert.strictEqual(double._tag, "Left");
    }).pipe(inGuild()),
  );

  it.effect("can be set again after it was taken away", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* say("flag", member(), "Spam");
      assert.strictEqual(yield* say("unflag", member(), null), `<@${ROBIN}> is not flagged any more.`);
      assert.include(yield* say("unflag", member(), "Twice"), "is not flagged.");
      yield* TestClock.adjust("1 minute");
      assert.include(yield* say("flag", member(), "Spam again"), "**Flagged**");
      assert.deepStrictEqual(
        (yield* log).map(({ name }) => name),
        ["flag", "unflag", "flag"],
      );
    }).pipe(inGuild()),
  );

  it.effect("refuses bots, oneself, owners, an empty reason, and whoever is no moderator", () =>
    Effect.gen(function* () {
      yield* setUp();
      const fake = yield* DiscordFake;
      yield* fake.putGuild({ id: GUILD, name: "The Den", ownerId: userId(44), members: [] });
      assert.include(yield* say("flag", member(NOAH, { bot: true }), "Spam"), "bots cannot be flagged");
      assert.include(yield* say("flag", member(MAYA), "Spam"), "you cannot flag yourself");
      assert.include(yield* say("flag", member(userId(44)), "Spam"), "owners");
      assert.include(yield* say("flag", member(userId(45)), "Spam"), "owners");
      assert.include(yield* say("flag", member(), "\u200b \n"), "A reason is needed");
      assert.include(yield* say("flag", member(), "Spam", member(NOAH)), "This is for moderators");
      assert.isEmpty(yield* rowsOf("SELECT id FROM flag"));
      assert.isEmpty(yield* log);
    }).pipe(inGuild({ ownerIds: [userId(45)] })),
  );

  it.effect("takes somebody who left, and says so; an outage of Discord is no reason to refuse", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(yield* say("flag", member(userId(46)), "Spam"), "not in the server at the moment");
      yield* TestClock.adjust("1 minute");
      const fake = yield* DiscordFake;
      const error = new Errors.DiscordUnavailable({ detail: "Discord answered 500" });
      yield* fake.script("isMember", { _tag: "Refused", error });
      const words = yield* say("flag", member(userId(47)), "Spam");
      assert.include(words, "**Flagged**");
      assert.notInclude(words, "not in the server");
    }).pipe(inGuild()),
  );

  it.effect("is not told any more when it was taken away before its alert went out", () =>
    inWorld(
      Effect.gen(function* () {
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(toChannel);
        const fake = yield* DiscordFake;
        const error = new Errors.DiscordUnavailable({ detail: "Discord answered 500" });
        yield* fake.script(
          "sendMessage",
          ...Array.from({ length: 40 }, () => ({ _tag: "Refused", error }) as const),
        );
        yield* run(byHand(ROBIN));
        yield* TestClock.adjust("2 seconds");
        yield* run(Effect.flatMap(Flags, (flags) => flags.unflag(GUILD, ROBIN, NOAH, null)));
        yield* fake.unscript;
        yield* TestClock.adjust("10 seconds");
        yield* rested;
        assert.isEmpty(yield* alertsIn());
        const [row] = yield* rowsOf("SELECT state, outcome FROM side_effect WHERE kind = 'FlagPost'");
        assert.deepStrictEqual(row, { state: "done", outcome: "not_needed" });
      }),
    ),
  );
});

describe("/config get flags", () => {
  const get = Effect.suspend(() => Effect.map(told(command("config", admin(), [], "get flags")), wordsOf));
  const set = (options: Parameters<typeof command>[2]) =>
    Effect.map(told(command("config", admin(), options, "set")), wordsOf);

  it.effect("tells channel, source, health, threshold and how many are open", () =>
    Effect.gen(function* () {
      yield* setUp();
      const before = yield* get;
      assert.include(before, "**Flags are told nowhere.**");
      assert.include(before, "90 days or more after joining, the default");
      assert.include(
        yield* set([
          ["flags_channel", channel(LOG_CHANNEL)],
          ["flags_threshold", number(30)],
        ]),
        "**Saved.**",
      );
      yield* say("flag", member(), "Spam");
      const after = yield* get;
      assert.include(after, `**Flags channel:** <#${LOG_CHANNEL}>, chosen for this server`);
      assert.include(after, "✅ Embed Links");
      assert.include(after, "30 days or more after joining, chosen for this server");
      assert.include(after, "**Open flags:** 1");
      yield* told(command("config", admin(), [["setting", text("flags_threshold")]], "clear"));
      assert.include(yield* get, "90 days or more after joining, the default");
    }).pipe(inGuild()),
  );

  it.effect("takes 7 to 365 days and nothing else", () =>
    Effect.gen(function* () {
      yield* setUp();
      for (const days of [7, 365])
        assert.include(yield* set([["flags_threshold", number(days)]]), "**Saved.**");
      for (const days of [6, 366, -1]) {
        assert.notInclude(yield* set([["flags_threshold", number(days)]]), "**Saved.**");
      }
      const [row] = yield* rowsOf("SELECT flags_threshold_days FROM guild_settings");
      assert.deepStrictEqual(row, { flagsThresholdDays: 365 });
    }).pipe(inGuild()),
  );

  it.effect("names a channel of another server, and what is missing", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.include(yield* get, "the default for every server (`FLAGGED_REPORT_CHANNEL_ID`)");
      const fake = yield* DiscordFake;
      yield* fake.putGuild({
        id: GUILD,
        name: "The Den",
        channels: [[GENERAL_CHANNEL, { _tag: "Lacks", name: "general", permissions: ["Embed Links"] }]],
      });
      assert.include(yield* get, "❌ Embed Links");
      yield* fake.putGuild({ id: GUILD, name: "The Den" });
      yield* fake.putGuild({
        id: OTHER_GUILD,
        name: "Elsewhere",
        channels: [[GENERAL_CHANNEL, { _tag: "Ok", name: "general" }]],
      });
      const elsewhere = yield* get;
      assert.include(elsewhere, "❌ belongs to this server");
      assert.include(elsewhere, "Flags are not told until this is mended");
    }).pipe(inGuild({ flags: { channelId: Option.some(GENERAL_CHANNEL) } })),
  );
});
