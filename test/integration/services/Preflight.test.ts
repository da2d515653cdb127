import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { RoleId } from "../../../src/domain/Ids.js";
import type { SettingsPatch } from "../../../src/domain/Settings.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { FakeGuild } from "../../../src/layers/discord/fake/Guilds.js";
import { Preflight } from "../../../src/services/Preflight.js";
import {
  DEN,
  GUILD,
  LOG_CHANNEL,
  MEMBER_ROLE,
  ok,
  PING_ROLE,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
  settings,
} from "../../support/fixtures.js";
import { services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const guildIs = (changes: Partial<FakeGuild> = {}) =>
  Effect.flatMap(DiscordFake, (fake) => fake.putGuild({ ...DEN, ...changes }));

/** What is wrong, by what it is about. */
const problems = (values: SettingsPatch = settings()) =>
  Effect.gen(function* () {
    const preflight = yield* Preflight;
    const found = yield* preflight.check(GUILD, values);
    return found.flatMap(({ about, problem }) => (problem === null ? [] : [[about, problem] as const]));
  });

describe("the preflight", () => {
  it.effect("finds nothing where everything is in order, and says what it looked at", () =>
    Effect.gen(function* () {
      yield* guildIs();
      const preflight = yield* Preflight;
      const found = yield* preflight.check(GUILD, settings({ loggingChannelId: LOG_CHANNEL }));
      assert.deepStrictEqual(
        found.map(({ about, problem }) => [about, problem]),
        [
          ["review_channel", null],
          ["gate_channel", null],
          ["general_channel", null],
          ["logging_channel", null],
          ["accepted_role", null],
          ["mod_roles", null],
          ["server", null],
        ],
      );
    }).pipe(inWorld),
  );

  const channels = (health: NonNullable<FakeGuild["channels"]>[number][1]) => ({
    channels: [...DEN.channels.slice(1), [REVIEW_CHANNEL, health] as const],
  });
  const role = (id: RoleId, health: NonNullable<FakeGuild["roles"]>[number][1]) => ({
    roles: [...DEN.roles.filter(([other]) => other !== id), [id, health] as const],
  });

  it.effect.each<readonly [string, Partial<FakeGuild>, string, string]>([
    ["a channel that was deleted", channels({ _tag: "Missing" }), "review_channel", "does not exist"],
    [
      "a channel of another kind",
      channels({ _tag: "NotText", name: "Talk" }),
      "review_channel",
      "Choose a text channel",
    ],
    [
      "a channel in which the bot may not write",
      channels({ _tag: "Lacks", name: "review", permissions: ["Send Messages", "Embed Links"] }),
      "review_channel",
      "the bot lacks Send Messages, Embed Links there",
    ],
    ["a role that was deleted", role(MEMBER_ROLE, { _tag: "Missing" }), "accepted_role", "does not exist"],
    ["@everyone as the role", role(MEMBER_ROLE, { _tag: "Everyone" }), "accepted_role", "everybody holds"],
    [
      "a role of an integration",
      role(MEMBER_ROLE, { _tag: "Managed", name: "Booster" }),
      "accepted_role",
      "belongs to an integration",
    ],
    [
      "a role above the bot's own",
      role(MEMBER_ROLE, { _tag: "AboveBot", name: "Member", botRole: "Paws" }),
      "accepted_role",
      "stands above the bot's role **Paws**",
    ],
    [
      "a bot that may not give roles",
      role(MEMBER_ROLE, { _tag: "NoManageRoles", name: "Member" }),
      "accepted_role",
      "lacks Manage Roles",
    ],
    ["a bot that may not kick", { lacks: ["KickMembers"] }, "server", "lacks Kick Members"],
    ["a reviewer role that was deleted", role(REVIEWER_ROLE, { _tag: "Missing" }), "mod_roles", "not exist"],
    [
      "@everyone as reviewers",
      role(REVIEWER_ROLE, { _tag: "Everyone" }),
      "mod_roles",
      "everybody holds from the start",
    ],
    [
      "an integration's role as reviewers",
      role(REVIEWER_ROLE, { _tag: "Managed", name: "Twitch" }),
      "mod_roles",
      "which decides who holds it",
    ],
    ["an outage of Discord", { available: false }, "server", "does not show this server"],
  ])("finds %s", ([, changes, about, words]) =>
    Effect.gen(function* () {
      yield* guildIs(changes);
      const found = yield* problems();
      assert.deepStrictEqual(
        found.map(([where]) => where),
        [about],
      );
      assert.include(found[0]?.[1], words);
    }).pipe(inWorld),
  );

  it.effect("lets staff hold a role above the bot's: it is not the bot that gives it", () =>
    Effect.gen(function* () {
      yield* guildIs(role(REVIEWER_ROLE, { _tag: "AboveBot", name: "Head", botRole: "Paws" }));
      assert.deepStrictEqual(yield* problems(), []);
    }).pipe(inWorld),
  );

  it.effect.each<readonly [string, Partial<FakeGuild>, string]>([
    ["was deleted", {}, "does not exist"],
    ["is everybody", role(PING_ROLE, { _tag: "Everyone" }), "would ping the whole server"],
    [
      "may not be mentioned",
      { ...role(PING_ROLE, ok("Greeters")), silentRoles: [PING_ROLE] },
      "**Greeters** would be shown, but nobody pinged",
    ],
  ])("finds a ping role that %s", ([, changes, words]) =>
    Effect.gen(function* () {
      yield* guildIs(changes);
      const found = yield* problems(settings({ pingRoleId: PING_ROLE }));
      assert.strictEqual(found[0]?.[0], "ping_role");
      assert.include(found[0]?.[1], words);
    }).pipe(inWorld),
  );

  it.effect("lets a role above the bot's be pinged", () =>
    Effect.gen(function* () {
      yield* guildIs(role(PING_ROLE, { _tag: "AboveBot", name: "Head", botRole: "Paws" }));
      assert.deepStrictEqual(yield* problems(settings({ pingRoleId: PING_ROLE })), []);
    }).pipe(inWorld),
  );

  it.effect("says so where the bot is not in the server any more", () =>
    Effect.gen(function* () {
      yield* Effect.flatMap(DiscordFake, (fake) => fake.removeGuild(GUILD));
      assert.deepStrictEqual(yield* problems(), [
        ["server", "the bot is not in this server. Invite it again."],
      ]);
    }).pipe(inWorld),
  );

  it.effect("has news of a server once for each change of its state", () =>
    Effect.gen(function* () {
      const { news } = yield* Preflight;
      const problemsOf = Effect.map(news, (all) => all.map((one) => one.problems.length));
      yield* guildIs();
      yield* setUp();
      assert.deepStrictEqual(yield* problemsOf, []);
      yield* guildIs({ lacks: ["KickMembers"] });
      assert.deepStrictEqual(yield* problemsOf, [1]);
      assert.deepStrictEqual(yield* problemsOf, []);
      yield* guildIs({ lacks: ["KickMembers"], ...role(MEMBER_ROLE, { _tag: "Missing" }) });
      assert.deepStrictEqual(yield* problemsOf, [2]);
      yield* guildIs();
      assert.deepStrictEqual(yield* problemsOf, [0]);
      assert.deepStrictEqual(yield* problemsOf, []);
    }).pipe(inWorld),
  );
});
