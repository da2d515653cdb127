import { appendFileSync, existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Option, TestClock } from "effect";
import type { ChannelId } from "../../../src/domain/Ids.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { ChannelHealth } from "../../../src/layers/discord/Guild.js";
import { DiscordUnavailable, MissingPermission, UnknownTarget } from "../../../src/layers/discord/Errors.js";
import { FallbackFile } from "../../../src/layers/FallbackFile.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { effectOf, LogFallback } from "../../../src/services/LogFallback.js";
import { LogWatch } from "../../../src/services/LogWatch.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GENERAL_CHANNEL, GUILD, LOG_CHANNEL, MAYA, REVIEW_CHANNEL, SETUP } from "../../support/fixtures.js";
import { eventually, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";

const record = (...numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const log = yield* AuditLog;
    const outbox = yield* Outbox;
    yield* outbox.commit(
      Effect.forEach(numbers, (number) =>
        log.record({ guildId: GUILD, name: "send", actor: MAYA, reason: `number ${number}` }),
      ),
    );
  });

/** The numbers posted in a channel, in order. */
const postedIn = (channelId: ChannelId) =>
  Effect.map(
    Effect.flatMap(DiscordFake, (fake) => fake.messages(channelId)),
    (messages) =>
      messages.flatMap(({ payload }) =>
        (payload.embeds ?? []).flatMap(({ description }) => {
          const number = /number (\d+)/.exec(description ?? "")?.[1];
          return number === undefined ? [] : [Number(number)];
        }),
      ),
  );
/** The numbers in the file, line by line; `torn` for a line that cannot be read. */
const inFile = Effect.map(FallbackFile, ({ path }) =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          if (Option.isNone(effectOf(line))) return "torn";
          return Number(/number (\d+)/.exec(line)?.[1] ?? 0);
        })
    : [],
);
const OK: ChannelHealth = { _tag: "Ok", name: "log" };
const channelsAre = (...channels: ReadonlyArray<readonly [ChannelId, ChannelHealth]>) =>
  Effect.flatMap(DiscordFake, (fake) =>
    fake.putGuild({ id: GUILD, name: "The Den", channels: [[REVIEW_CHANNEL, OK], ...channels] }),
  );
const working = channelsAre([LOG_CHANNEL, OK]);
const deleted = channelsAre();
const tend = Effect.flatMap(LogFallback, (fallback) => fallback.tend);

/** A bot whose log has been set up, with nothing left to do. */
const started = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  const bot = yield* startBot;
  yield* bot.run(Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), rested]));
  return { ...bot, fake };
});

describe("entries that cannot be posted", () => {
  it.effect.each([
    ["the channel was deleted", { _tag: "Missing" }],
    ["the bot may not see it", { _tag: "Lacks", name: "log", permissions: ["View Channel"] }],
    ["the bot may not send there", { _tag: "Lacks", name: "log", permissions: ["Send Messages"] }],
    ["the bot may not embed there", { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }],
  ] as const)("go to the file when %s, whole, and no further than that", ([, health]) =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* channelsAre([LOG_CHANNEL, health]);
      yield* run(Effect.all([record(1, 2), rested]));
      assert.deepStrictEqual(yield* inFile, [1, 2]);
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), []);
      const { path } = yield* FallbackFile;
      const [line = ""] = readFileSync(path, "utf8").split("\n");
      const [stored] = yield* rowsOf("SELECT * FROM action_log WHERE reason = 'number 1'");
      assert.deepInclude(JSON.parse(line), {
        id: stored?.["id"],
        seq: stored?.["seq"],
        hash: stored?.["hash"],
        guildId: GUILD,
        reason: "number 1",
      });
      yield* run(tend);
      assert.deepStrictEqual(yield* inFile, [1, 2]);
    }).pipe(inWorld),
  );

  it.effect("are posted in order, once, when another channel is set, and leave the file", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* deleted;
      yield* run(Effect.all([record(1, 2, 3), rested, record(4), rested]));
      yield* channelsAre([GENERAL_CHANNEL, OK]);
      yield* run(Effect.all([setUp({ loggingChannelId: GENERAL_CHANNEL }), record(5), rested]));
      assert.deepStrictEqual(yield* postedIn(GENERAL_CHANNEL), [1, 2, 3, 4, 5]);
      yield* run(tend);
      assert.deepStrictEqual(yield* inFile, []);
      assert.isFalse(existsSync((yield* FallbackFile).path));
    }).pipe(inWorld),
  );

  it.effect("are posted by themselves when the channel works again, and after a restart", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* started;
      yield* deleted;
      yield* run(Effect.all([record(1, 2), rested]));
      yield* kill;
      const next = yield* startBot;
      yield* next.run(Effect.all([record(3), rested, tend, rested]));
      assert.deepStrictEqual(yield* inFile, [1, 2, 3]);
      yield* working;
      yield* next.run(Effect.all([tend, rested, tend]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1, 2, 3]);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect.each([
    new MissingPermission({ permission: "Send Messages" }),
    new UnknownTarget({ target: "channel" }),
  ])("go there too when it is Discord that refuses, and nothing newer overtakes them: %s", (error) =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      yield* fake.script("sendMessage", { _tag: "Refused", error });
      yield* run(Effect.all([record(1), rested, record(2), rested, tend]));
      assert.deepStrictEqual(yield* inFile, [1, 2]);
      yield* TestClock.adjust("5 minutes");
      yield* run(Effect.all([record(3), rested, tend]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1, 2, 3]);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect("wait in the outbox during an outage of Discord, which says nothing about channels", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      yield* fake.putGuild({ id: GUILD, name: "The Den", available: false });
      yield* run(Effect.all([record(1), TestClock.adjust("3 seconds")]));
      assert.deepStrictEqual(yield* inFile, []);
      yield* working;
      yield* run(rested);
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1]);
    }).pipe(inWorld),
  );
});

describe("a logging channel that an admin changes while an entry is on its way", () => {
  it.effect("gets that entry once the old channel refuses it, before anything newer, and at once", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      yield* fake.script("sendMessage", {
        _tag: "Refused",
        error: new DiscordUnavailable({ detail: "Discord answered 503" }),
      });
      yield* channelsAre([LOG_CHANNEL, OK], [GENERAL_CHANNEL, OK]);
      yield* run(record(1));
      const sent = (yield* fake.callsOf("sendMessage")).length;
      yield* eventually(
        "it was tried",
        Effect.map(fake.callsOf("sendMessage"), ({ length }) => length > sent),
      );
      // The next attempt has chosen its channel and looks whether the first one worked, when the choice changes.
      yield* rowsOf(
        "UPDATE side_effect SET first_attempt_at = first_attempt_at - 120000 WHERE state = 'waiting'",
      );
      yield* fake.script("findMine", { _tag: "Late", millis: 5_000 });
      yield* fake.script("sendMessage", {
        _tag: "Refused",
        error: new UnknownTarget({ target: "channel" }),
      });
      yield* eventually(
        "the second attempt is under way",
        Effect.map(fake.callsOf("findMine"), ({ length }) => length > 0),
      );
      yield* run(setUp({ loggingChannelId: GENERAL_CHANNEL }));
      yield* run(record(2));
      yield* run(Effect.all([rested, tend, rested]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), []);
      assert.deepStrictEqual(yield* postedIn(GENERAL_CHANNEL), [1, 2]);
      yield* run(tend);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect("is not thought to refuse what the old one refused", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* channelsAre([LOG_CHANNEL, OK], [GENERAL_CHANNEL, OK]);
      const fallback = yield* run(LogFallback);
      const target = yield* fallback.target(GUILD);
      assert.deepStrictEqual(target, { _tag: "Post", channelId: LOG_CHANNEL });
      yield* run(setUp({ loggingChannelId: GENERAL_CHANNEL }));
      yield* fallback.refused(GUILD, LOG_CHANNEL);
      assert.deepStrictEqual(yield* fallback.target(GUILD), { _tag: "Post", channelId: GENERAL_CHANNEL });
      yield* run(setUp({ loggingChannelId: LOG_CHANNEL }));
      assert.strictEqual((yield* fallback.target(GUILD))._tag, "Park");
    }).pipe(inWorld),
  );
});

describe("no entry is lost or doubled", () => {
  it.effect("when the process dies between the file and the outbox", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* started;
      yield* deleted;
      yield* run(Effect.all([record(1), rested]));
      yield* rowsOf("UPDATE side_effect SET state = 'waiting', outcome = NULL WHERE outcome = 'parked'");
      yield* kill;
      const next = yield* startBot;
      yield* next.run(Effect.all([rested, tend]));
      assert.deepStrictEqual(yield* inFile, [1]);
      yield* working;
      yield* next.run(Effect.all([tend, rested, tend]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1]);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect("when the process dies in the middle of a line", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      const { path } = yield* FallbackFile;
      appendFileSync(path, '{"effect":"0000');
      yield* deleted;
      yield* run(Effect.all([record(1), rested]));
      assert.deepStrictEqual(yield* inFile, ["torn", 1]);
      yield* working;
      yield* run(Effect.all([tend, rested, tend]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1]);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect("when the file cannot be written: they wait, and say why", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      const { path } = yield* FallbackFile;
      mkdirSync(path);
      yield* deleted;
      yield* run(record(1, 2));
      const reasons = rowsOf("SELECT last_error FROM side_effect WHERE state = 'waiting'");
      yield* eventually(
        "they say why",
        Effect.map(reasons, (found) => /cannot be used/.test(String(found[0]?.["lastError"]))),
      );
      rmdirSync(path);
      yield* run(rested);
      assert.deepStrictEqual(yield* inFile, [1, 2]);
      yield* working;
      yield* run(Effect.all([tend, rested]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1, 2]);
    }).pipe(inWorld),
  );

  it.effect("when Discord took them, the answer got lost, and then the channel was closed to the bot", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      const error = new DiscordUnavailable({ detail: "Discord answered 502" });
      yield* fake.script("sendMessage", { _tag: "AnswerLost", error });
      yield* run(record(1, 2));
      yield* eventually(
        "Discord took them",
        Effect.map(postedIn(LOG_CHANNEL), ({ length }) => length === 2),
      );
      yield* deleted;
      yield* run(rested);
      assert.deepStrictEqual(yield* inFile, [1, 2]);
      yield* TestClock.adjust("3 minutes");
      yield* working;
      yield* run(Effect.all([tend, rested, tend]));
      assert.deepStrictEqual(yield* postedIn(LOG_CHANNEL), [1, 2]);
      assert.deepStrictEqual(yield* inFile, []);
    }).pipe(inWorld),
  );

  it.effect("when the database does not know a line: it stays in the file", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      const { path } = yield* FallbackFile;
      appendFileSync(path, `{"effect":"${"0".repeat(26)}","reason":"number 7"}\n`);
      yield* run(Effect.all([record(1), rested, tend]));
      assert.deepStrictEqual(yield* inFile, [7]);
    }).pipe(inWorld),
  );
});

const check = Effect.flatMap(LogWatch, (watch) => watch.check);
const GONE = `The logging channel ${LOG_CHANNEL} does not exist any more. Set another one.`;

describe("the operator", () => {
  it.effect("hears of a log that cannot be posted once, and once that it can be again", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      const problems = run(Effect.map(check, (states) => states.map(({ problem }) => problem)));
      assert.deepStrictEqual(yield* problems, []);
      yield* deleted;
      yield* run(Effect.all([record(1), rested]));
      assert.deepStrictEqual(yield* run(check), [{ guildId: GUILD, problem: GONE, chosen: true, parked: 1 }]);
      assert.deepStrictEqual(yield* problems, []);
      yield* channelsAre([LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }]);
      assert.match((yield* problems)[0] ?? "", /lacks Embed Links/);
      yield* working;
      assert.deepStrictEqual(yield* problems, []);
      yield* run(Effect.all([tend, rested]));
      assert.deepStrictEqual(yield* problems, [null]);
    }).pipe(inWorld),
  );

  it.effect("hears of entries that wait where no channel is set any more", () =>
    Effect.gen(function* () {
      const { run } = yield* started;
      yield* deleted;
      yield* run(Effect.all([record(1), rested, setUp(SETUP), rested]));
      const [news] = yield* run(check);
      assert.deepInclude(news, { parked: 1 });
      assert.match(news?.problem ?? "", /entries wait/);
    }).pipe(inWorld),
  );
});

/** The notices in the review channel, oldest first. */
const notices = Effect.map(
  Effect.flatMap(DiscordFake, (fake) => fake.messages(REVIEW_CHANNEL)),
  (messages) =>
    messages.flatMap(({ payload }) =>
      (payload.embeds ?? []).flatMap(({ title, description }) =>
        title?.startsWith("The log ") === true ? [`${title}: ${description ?? ""}`] : [],
      ),
    ),
);

describe("admins, in the review channel,", () => {
  const looked = Effect.all([check, rested]);

  it.effect("hear of it once, whatever is restarted, and once that it works again", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* started;
      yield* run(looked);
      assert.deepStrictEqual(yield* notices, []);
      yield* deleted;
      yield* run(Effect.all([record(1), rested, looked, record(2), rested, looked]));
      yield* kill;
      const next = yield* startBot;
      yield* next.run(Effect.all([looked, tend, rested, looked]));
      const [first = "", ...more] = yield* notices;
      assert.match(
        first,
        new RegExp(`cannot be posted: The logging channel <#${LOG_CHANNEL}> does not exist`),
      );
      assert.deepStrictEqual(more, []);

      yield* working;
      yield* next.run(looked);
      assert.lengthOf(yield* notices, 1, "nothing is tried yet");
      yield* next.run(Effect.all([tend, rested, looked, looked]));
      assert.lengthOf(yield* notices, 2);
      assert.match((yield* notices)[1] ?? "", /^The log is posted again/);
    }).pipe(inWorld),
  );

  it.effect("hear that it works again also when it was mended while the bot was down", () =>
    Effect.gen(function* () {
      const { run, kill } = yield* started;
      yield* deleted;
      yield* run(looked);
      yield* kill;
      yield* working;
      const next = yield* startBot;
      yield* next.run(looked);
      assert.match((yield* notices)[1] ?? "", /^The log is posted again/);
    }).pipe(inWorld),
  );

  it.effect("hear of what Discord refuses as long as it does, and not that all is well in between", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      const error = new MissingPermission({ permission: "Send Messages" });
      yield* fake.script("sendMessage", { _tag: "Refused", error });
      yield* run(Effect.all([record(1), rested, looked]));
      yield* TestClock.adjust("5 minutes");
      yield* run(looked);
      assert.match((yield* notices).join("|"), /^The log cannot be posted: Discord refuses messages[^|]*$/);
      yield* run(Effect.all([tend, rested, looked]));
      assert.match((yield* notices)[1] ?? "", /^The log is posted again/);
    }).pipe(inWorld),
  );

  it.effect("hear nothing where no log is wanted any more, and during an outage", () =>
    Effect.gen(function* () {
      const { run, fake } = yield* started;
      yield* fake.putGuild({ id: GUILD, name: "The Den", available: false });
      yield* run(looked);
      assert.deepStrictEqual(yield* notices, []);
      yield* deleted;
      yield* run(looked);
      assert.lengthOf(yield* notices, 1);
      yield* run(Effect.all([setUp(SETUP), rested, looked]));
      assert.lengthOf(yield* notices, 1);
      assert.deepStrictEqual(yield* rowsOf("SELECT * FROM log_notice"), []);
    }).pipe(inWorld),
  );
});
