import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Exit, Fiber, Layer, Logger, Option, Redacted, Schema, Scope, TestClock } from "effect";
import type { ChannelId } from "../../../src/domain/Ids.js";
import { MAX_TRIES } from "../../../src/domain/OpsAlert.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable } from "../../../src/layers/discord/Errors.js";
import * as Webhook from "../../../src/layers/Webhook.js";
import { schedules } from "../../../src/programs/schedules/index.js";
import { healthCheck, tellOperators } from "../../../src/programs/schedules/HealthCheck.js";
import * as Services from "../../../src/services/index.js";
import { GENERAL_CHANNEL, LOG_CHANNEL } from "../../support/fixtures.js";
import { eventually, rowsOf, setUp, world } from "../../support/layers.js";

const Message = Schema.parseJson(
  Schema.Struct({
    embeds: Schema.Array(Schema.Struct({ title: Schema.String, description: Schema.String })),
    allowed_mentions: Schema.Struct({ parse: Schema.Array(Schema.String) }),
  }),
);
const TOKEN = "a-token-that-nobody-may-see";

/** A server in place of Discord's webhooks, that answers as a test says and keeps what it was sent. */
const receiver = Effect.gen(function* () {
  let status = 200;
  const got: Array<{ readonly url: string; readonly body: string }> = [];
  const server = yield* Effect.acquireRelease(
    Effect.async<ReturnType<typeof createServer>>((resume) => {
      const made = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
          got.push({ url: request.url ?? "", body });
          if (status === 0) return;
          response.writeHead(status, { location: "/elsewhere" }).end("{}");
        });
      }).listen(0, "127.0.0.1", () => resume(Effect.succeed(made)));
    }),
    (made) =>
      Effect.async<void>((resume) => {
        made.closeAllConnections();
        made.close(() => resume(Effect.void));
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    address: Redacted.make(`http://127.0.0.1:${port}/api/webhooks/1/${TOKEN}`),
    /** What the next posts are answered with; 0: nothing at all. */
    answerWith: (next: number) => {
      status = next;
    },
    got,
    titles: () =>
      got.flatMap(({ body }) => Schema.decodeSync(Message)(body).embeds.map(({ title }) => title)),
  };
});

const MB = 1_048_576;
const FULL = "The disk is nearly full";

/** A bot on a machine whose disk a test fills, with somewhere to tell of it. */
const onDisk = <A, E, R>(
  where: (address: Redacted.Redacted) => Parameters<typeof world>[0],
  test: (disk: { free: number }, hook: Effect.Effect.Success<typeof receiver>) => Effect.Effect<A, E, R>,
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const hook = yield* receiver;
      const disk = { free: 100 * MB };
      return yield* Effect.provide(
        Effect.scoped(test(disk, hook)),
        world(where(hook.address), () => ({ freeBytes: disk.free })),
      );
    }),
  );
/** A process of the bot without those who work off side effects: nothing in memory is left of an earlier one. */
const startProcess = Effect.gen(function* () {
  const scope = yield* Scope.make();
  const context = yield* Layer.buildWithScope(Services.layer, scope);
  const kill = Scope.close(scope, Exit.void);
  yield* Effect.addFinalizer(() => kill);
  return {
    kill,
    run: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, context),
  };
});
const withWebhook = (webhook: Redacted.Redacted) => ({ alerts: { webhook: Option.some(webhook) } });

describe("operators with a webhook", () => {
  it.effect(
    "are told once when trouble begins, after the cool-down while it lasts, and when it is over",
    () =>
      onDisk(withWebhook, (disk, { titles, got }) =>
        Effect.gen(function* () {
          const { run } = yield* startProcess;
          yield* run(tellOperators);
          yield* TestClock.adjust("29 minutes");
          yield* run(tellOperators);
          assert.deepStrictEqual(titles(), [FULL]);
          yield* TestClock.adjust("1 minute");
          yield* run(tellOperators);
          assert.deepStrictEqual(titles(), [FULL, `Still: ${FULL}`]);
          disk.free = 900 * MB;
          yield* run(tellOperators);
          yield* TestClock.adjust("5 minutes");
          yield* run(Effect.zipRight(tellOperators, tellOperators));
          assert.deepStrictEqual(titles(), [FULL, `Still: ${FULL}`, `Over: ${FULL}`]);
          for (const { url, body } of got) {
            assert.include(url, "wait=true");
            assert.deepStrictEqual(Schema.decodeSync(Message)(body).allowed_mentions.parse, []);
          }
        }),
      ),
  );

  it.effect("hear of everything that begins at once in one message", () =>
    onDisk(withWebhook, (_disk, { titles, got }) =>
      Effect.gen(function* () {
        const { run } = yield* startProcess;
        yield* run(setUp());
        yield* rowsOf("UPDATE side_effect SET state = 'failed'");
        yield* run(tellOperators);
        assert.strictEqual(got.length, 1);
        assert.deepStrictEqual(titles(), ["Side effects have failed", FULL]);
      }),
    ),
  );

  it.effect("are not told again by a bot that crashes and starts over and over", () =>
    onDisk(withWebhook, (_disk, { titles }) =>
      Effect.gen(function* () {
        for (let start = 0; start < 3; start += 1) {
          const { run, kill } = yield* startProcess;
          yield* run(tellOperators);
          yield* kill;
        }
        assert.deepStrictEqual(titles(), [FULL]);
      }),
    ),
  );

  it.effect("are told later when the webhook refuses, and it is not asked for ever", () =>
    onDisk(withWebhook, (_disk, { titles, got, answerWith }) =>
      Effect.gen(function* () {
        const first = yield* startProcess;
        answerWith(500);
        yield* first.run(Effect.repeatN(tellOperators, 1));
        yield* first.kill;
        assert.strictEqual(got.length, 2);
        const { run } = yield* startProcess;
        yield* run(Effect.repeatN(tellOperators, 9));
        assert.strictEqual(got.length, MAX_TRIES);
        answerWith(200);
        yield* TestClock.adjust("30 minutes");
        yield* run(Effect.repeatN(tellOperators, 1));
        assert.strictEqual(got.length, MAX_TRIES + 1);
        assert.strictEqual(titles().at(-1), FULL);
      }),
    ),
  );
});

describe("operators without a webhook", () => {
  const titlesIn = (channel: ChannelId) =>
    Effect.map(
      Effect.flatMap(DiscordFake, (fake) => fake.messages(channel)),
      (messages) => messages.flatMap(({ payload }) => (payload.embeds ?? []).map(({ title }) => title)),
    );

  it.effect("are told in LOGGING_CHANNEL, or else in the first server's logging channel", () =>
    Effect.gen(function* () {
      const inDefault = { logging: { channelId: Option.some(GENERAL_CHANNEL) } };
      for (const [config, channel] of [
        [inDefault, GENERAL_CHANNEL],
        [{}, LOG_CHANNEL],
      ] as const) {
        yield* onDisk(
          () => config,
          () =>
            Effect.gen(function* () {
              const { run } = yield* startProcess;
              yield* run(Effect.all([setUp({ loggingChannelId: LOG_CHANNEL }), tellOperators]));
              assert.include(yield* titlesIn(channel), FULL);
            }),
        );
      }
    }),
  );

  it.effect("are told at the next check when Discord could not be reached", () =>
    onDisk(
      () => ({ logging: { channelId: Option.some(GENERAL_CHANNEL) } }),
      () =>
        Effect.gen(function* () {
          const { run } = yield* startProcess;
          const fake = yield* DiscordFake;
          yield* fake.script("sendMessage", {
            _tag: "Refused",
            error: new DiscordUnavailable({ detail: "Discord answered 503" }),
          });
          yield* run(tellOperators);
          assert.deepStrictEqual(yield* titlesIn(GENERAL_CHANNEL), []);
          yield* run(tellOperators);
          assert.deepStrictEqual(yield* titlesIn(GENERAL_CHANNEL), [FULL]);
        }),
    ),
  );

  it.effect("who have no channel either are told by the log, once", () =>
    onDisk(
      () => ({}),
      () =>
        Effect.gen(function* () {
          const { run } = yield* startProcess;
          const lines: Array<string> = [];
          const log = Logger.replace(
            Logger.defaultLogger,
            Logger.make(({ message }) => void lines.push(String(message))),
          );
          yield* Effect.provide(run(Effect.repeatN(tellOperators, 9)), log);
          assert.strictEqual(lines.length, 1);
          assert.include(lines[0], "neither HEALTH_ALERT_WEBHOOK nor a logging channel");
        }),
    ),
  );
});

describe("a webhook", () => {
  const message = { content: "Hello" };

  it.effect.each([302, 404, 429, 500])("that answers %i has not taken the message", (status) =>
    Effect.scoped(
      Effect.gen(function* () {
        const { address, answerWith, got } = yield* receiver;
        answerWith(status);
        const error = yield* Effect.flip(Webhook.post(address, message));
        assert.include(error.message, String(status));
        assert.notInclude(JSON.stringify(error) + error.message, TOKEN);
        // A redirect is not followed.
        assert.strictEqual(got.length, 1);
      }),
    ),
  );

  it.effect("that cannot be reached is named without its address", () =>
    Effect.gen(function* () {
      const { address } = yield* Effect.scoped(receiver);
      const error = yield* Effect.flip(Webhook.post(address, message));
      assert.strictEqual(
        error.message,
        "The webhook did not take the message: it cannot be reached (ECONNREFUSED).",
      );
    }),
  );

  it.effect("that does not answer is given up after ten seconds", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { address, answerWith, got } = yield* receiver;
        answerWith(0);
        const fiber = yield* Effect.fork(Effect.flip(Webhook.post(address, message)));
        yield* eventually(
          "it was asked",
          Effect.promise(() => new Promise<boolean>((done) => setImmediate(() => done(got.length > 0)))),
          Infinity,
        ).pipe(Effect.provide(world()));
        yield* TestClock.adjust("10 seconds");
        assert.include((yield* Fiber.join(fiber)).message, "within 10 s");
      }),
    ),
  );
});

describe("the health check", () => {
  it.effect("is one of the recurring jobs, and runs every HEALTH_CHECK_INTERVAL_SECONDS", () =>
    onDisk(
      () => ({
        logging: { channelId: Option.some(GENERAL_CHANNEL) },
        alerts: { checkIntervalSeconds: 7 },
      }),
      (disk) =>
        Effect.gen(function* () {
          assert.isTrue(schedules.some(({ name }) => name === healthCheck.name));
          disk.free = 900 * MB;
          const { run } = yield* startProcess;
          const { messages } = yield* DiscordFake;
          yield* Effect.fork(run(healthCheck.loop));
          yield* TestClock.adjust("1 seconds");
          disk.free = 100 * MB;
          yield* TestClock.adjust("5999 millis");
          assert.strictEqual((yield* messages(GENERAL_CHANNEL)).length, 0);
          yield* TestClock.adjust("1 millis");
          yield* eventually(
            "operators were told",
            Effect.map(messages(GENERAL_CHANNEL), ({ length }) => length === 1),
            20,
          );
        }),
    ),
  );
});
