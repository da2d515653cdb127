import { assert, describe, it } from "@effect/vitest";
import { Effect, Option } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { ChannelHealth } from "../../../src/layers/discord/Guild.js";
import { LogChannel } from "../../../src/services/LogChannel.js";
import { GENERAL_CHANNEL, GUILD, LOG_CHANNEL, OTHER_GUILD } from "../../support/fixtures.js";
import { services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const withDefault = Effect.provide(services({ logging: { channelId: Option.some(GENERAL_CHANNEL) } }));

const chosen = Effect.flatMap(LogChannel, (channels) => channels.of(GUILD));
const health = Effect.flatten(Effect.flatMap(LogChannel, (channels) => channels.health(GUILD)));
/** The log channel as the bot would see it. */
const seen = (channel: ChannelHealth, available = true) =>
  Effect.gen(function* () {
    yield* setUp({ loggingChannelId: LOG_CHANNEL });
    const fake = yield* DiscordFake;
    yield* fake.putGuild({ id: GUILD, name: "The Den", available, channels: [[LOG_CHANNEL, channel]] });
    return yield* health;
  });
const lacking = (...permissions: ReadonlyArray<string>) =>
  ({ _tag: "Lacks", name: "log", permissions }) as const;

describe("the log's channel", () => {
  it.effect("is the guild's own before LOGGING_CHANNEL", () =>
    Effect.gen(function* () {
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      assert.deepStrictEqual(yield* chosen, Option.some({ channelId: LOG_CHANNEL, from: "guild" as const }));
    }).pipe(withDefault),
  );

  it.effect("is LOGGING_CHANNEL where the guild has none, set up or not", () =>
    Effect.gen(function* () {
      const expected = Option.some({ channelId: GENERAL_CHANNEL, from: "default" as const });
      assert.deepStrictEqual(yield* chosen, expected);
      yield* setUp();
      assert.deepStrictEqual(yield* chosen, expected);
    }).pipe(withDefault),
  );

  it.effect("is none where there is neither", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.deepStrictEqual(yield* chosen, Option.none());
      const channels = yield* LogChannel;
      assert.deepStrictEqual(yield* channels.health(GUILD), Option.none());
    }).pipe(inWorld),
  );
});

const ALL = { ViewChannel: true, SendMessages: true, EmbedLinks: true };
const NONE = { ViewChannel: false, SendMessages: false, EmbedLinks: false };

describe("its health", () => {
  it.effect("is well where the bot may view, send and embed", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seen({ _tag: "Ok", name: "log" }), {
        channelId: LOG_CHANNEL,
        from: "guild",
        exists: true,
        inGuild: true,
        isText: true,
        rights: ALL,
        outage: false,
        usable: true,
      });
    }).pipe(inWorld),
  );

  it.effect.each([
    ["View Channel", "ViewChannel"],
    ["Send Messages", "SendMessages"],
    ["Embed Links", "EmbedLinks"],
  ] as const)("names %s when that is what is missing, and is not well", ([words, right]) =>
    Effect.gen(function* () {
      const { rights, usable, exists, inGuild } = yield* seen(lacking(words));
      assert.deepStrictEqual(rights, { ...ALL, [right]: false });
      assert.deepStrictEqual({ usable, exists, inGuild }, { usable: false, exists: true, inGuild: true });
    }).pipe(inWorld),
  );

  it.effect("does not mind rights that the log does not need", () =>
    Effect.gen(function* () {
      assert.isTrue((yield* seen(lacking("Pin Messages"))).usable);
    }).pipe(inWorld),
  );

  it.effect("tells a deleted channel from one of another guild", () =>
    Effect.gen(function* () {
      const deleted = yield* seen({ _tag: "Missing" });
      assert.deepInclude(deleted, { exists: false, inGuild: false, rights: NONE, usable: false });
      const fake = yield* DiscordFake;
      yield* fake.putGuild({ id: GUILD, name: "The Den" });
      yield* fake.putGuild({
        id: OTHER_GUILD,
        name: "Elsewhere",
        channels: [[LOG_CHANNEL, { _tag: "Ok", name: "log" }]],
      });
      assert.deepInclude(yield* health, { exists: true, inGuild: false, rights: NONE, usable: false });
    }).pipe(inWorld),
  );

  it.effect("knows a channel that takes no messages", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* seen({ _tag: "NotText", name: "Rooms" }), {
        inGuild: true,
        isText: false,
        usable: false,
      });
    }).pipe(inWorld),
  );

  it.effect("says when an outage of Discord hides the guild", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* seen({ _tag: "Missing" }, false), { outage: true, usable: false });
    }).pipe(inWorld),
  );
});
