import { assert, describe, it } from "@effect/vitest";
import { IntentsBitField, LimitedCollection } from "discord.js";
import { Effect } from "effect";
import * as Config from "../../../src/layers/Config.js";
import { makeClient } from "../../../src/layers/discord/Client.js";

const client = Effect.acquireRelease(Effect.map(Config.AppConfig, makeClient), (made) =>
  Effect.promise(() => made.destroy()),
);

describe("the Discord client", () => {
  it.scoped("keeps no users but itself, and all of its guilds", () =>
    Effect.gen(function* () {
      const { users, guilds } = yield* client;
      assert.instanceOf(users.cache, LimitedCollection);
      assert.deepStrictEqual(users.cache.maxSize, 0);
      assert.notInstanceOf(guilds.cache, LimitedCollection);
    }).pipe(Effect.provide(Config.layerTest())),
  );

  it.scoped("asks for no more than it uses, and leaves repeating to the outbox", () =>
    Effect.gen(function* () {
      const { options } = yield* client;
      assert.deepStrictEqual(new IntentsBitField(options.intents).toArray(), [
        "Guilds",
        "GuildMembers",
        "GuildMessages",
      ]);
      assert.deepStrictEqual(options.rest?.retries, 0);
      assert.deepStrictEqual(options.allowedMentions, { parse: [] });
    }).pipe(Effect.provide(Config.layerTest())),
  );
});
