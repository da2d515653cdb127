/** The real layer against the local Discord, over sockets. */
import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, Layer, Option, Redacted, Stream } from "effect";
import { SandboxClient } from "../../../sandbox/client.js";
import { startSandbox } from "../../../sandbox/index.js";
import { ChannelId, GuildId, MessageId } from "../../../src/domain/Ids.js";
import * as Config from "../../../src/layers/Config.js";
import * as Discord from "../../../src/layers/Discord.js";
import * as Lifecycle from "../../../src/layers/Lifecycle.js";

/** A signed-in bot in the example guild. */
const signedIn = Effect.gen(function* () {
  const sandbox = yield* Effect.acquireRelease(
    Effect.promise(() => startSandbox({ checks: true })),
    (running) => Effect.promise(() => running.close()),
  );
  const driver = yield* Effect.promise(() => SandboxClient.connect(sandbox.controlUrl));
  const guild = yield* Effect.promise(() => driver.exampleGuild({ applicants: 1 }));
  const context = yield* Layer.build(
    Discord.layer.pipe(
      Layer.provide(Lifecycle.layerTest),
      Layer.provide(
        Config.layerTest({
          discord: { token: Redacted.make(sandbox.token), apiBase: Option.some(sandbox.apiBase) },
        }),
      ),
    ),
  );
  const discord = yield* Effect.provide(Discord.Discord, context);
  yield* discord.login;
  const guildId = GuildId.make(guild.guildId);
  /** The next time that Discord shows the guild. */
  const shown = discord.events.pipe(
    Stream.filter((event) => event._tag === "GuildShown" && event.guildId === guildId),
    Stream.runHead,
  );
  return { discord, driver, guild, guildId, shown };
});

describe("the Discord layer", () => {
  it.scopedLive(
    "finds a message of the bot beyond two hundred later ones, and lists messages from one on",
    () =>
      Effect.gen(function* () {
        const { discord, driver, guild } = yield* signedIn;
        const channel = ChannelId.make(guild.channels.general);
        const since = Date.now() - 60_000;
        const somebody = driver.as(guild.moderatorIds[0], guild.guildId);
        const says = (text: string) => Effect.promise(() => somebody.say(channel, text));
        for (let n = 0; n < 120; n += 1) yield* says(`before ${n}`);
        const id = yield* discord.sendMessage(channel, { content: "the one" }, { nonce: "one" });
        const later: Array<string> = [];
        for (let n = 0; n < 210; n += 1) later.push((yield* says(`after ${n}`)).id);
        const find = (text: string) => discord.findMine(channel, since, ({ content }) => content === text);
        assert.strictEqual(Option.getOrThrow(yield* find("the one")).id, id);
        assert.isTrue(Option.isNone(yield* find("after 1")), "of somebody else");
        const page = yield* discord.messagesFrom(channel, id);
        assert.deepStrictEqual(page, [id, ...later.slice(0, 99).map((one) => MessageId.make(one))]);
      }),
  );

  it.scopedLive("tells that a guild is shown at a start, and again in a session that begins anew", () =>
    Effect.gen(function* () {
      const { driver, shown } = yield* signedIn;
      assert.isTrue(Option.isSome(yield* shown));
      const again = yield* Effect.fork(shown);
      yield* Effect.promise(() => driver.faults.reconnect());
      yield* Effect.promise(() => driver.waitFor({ event: "gateway_resumed", since: 0 }));
      assert.isTrue(Option.isNone(yield* Fiber.poll(again)), "what was missed is replayed");
      yield* Effect.promise(() => driver.faults.invalidateSessions());
      assert.isTrue(Option.isSome(yield* Fiber.join(again)));
    }),
  );
});
