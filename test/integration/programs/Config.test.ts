import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType as Type } from "discord.js";
import { Effect, Fiber, Layer, Option, TestClock } from "effect";
import type { FakeGuild } from "../../../src/layers/discord/fake/Guilds.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction, MessagePayload, OptionValue } from "../../../src/layers/discord/Interaction.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { NO_SETTINGS } from "../../../src/programs/views/SettingsReport.js";
import { Settings } from "../../../src/services/Settings.js";
import { SettingsEdits } from "../../../src/services/SettingsEdits.js";
import {
  command,
  DEN,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  member,
  NOAH,
  ok,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  reviewer,
  REVIEWER_ROLE,
} from "../../support/fixtures.js";
import { rowsOf, services, setUp } from "../../support/layers.js";
import { messageProblems } from "../../support/limits.js";

const inWorld = (config: Parameters<typeof services>[0] = {}) =>
  Effect.provide(CardHold.layer.pipe(Layer.provideMerge(services(config))));

const admin = (id = MAYA) => member(id, { permissions: 1n << 5n });
const ELSEWHERE = LOG_CHANNEL.replace(/.$/, "9") as typeof LOG_CHANNEL;

const put = (guild: FakeGuild) => Effect.flatMap(DiscordFake, (fake) => fake.putGuild(guild));

/** What the bot answers privately, to all of them at once. */
const ask = (...interactions: ReadonlyArray<Interaction>) =>
  Effect.gen(function* () {
    const route = Router.make(commands, components);
    const fiber = yield* Effect.fork(Effect.forEach(interactions, route, { concurrency: "unbounded" }));
    yield* TestClock.adjust("5 seconds");
    yield* Fiber.join(fiber);
    const calls = yield* Effect.flatMap(DiscordFake, (fake) => fake.callsOf("respond"));
    return interactions.map(({ id }): string => {
      const callback = calls.find(({ interaction }) => interaction.id === id)?.callback;
      if (callback?._tag !== "Reply" || !callback.private) return assert.fail("no private answer");
      assert.deepStrictEqual(messageProblems(callback.payload), []);
      return textOf(callback.payload);
    });
  });
const textOf = ({ content = "", embeds = [] }: MessagePayload): string =>
  [
    content,
    ...embeds.flatMap(({ title, description, fields }) => [
      title,
      description,
      ...(fields ?? []).map(({ name, value }) => `# ${name}\n${value}`),
    ]),
  ].join("\n");

const number = (value: number): OptionValue => ({ type: Type.Integer, value });
const channel = (value: string): OptionValue => ({ type: Type.Channel, value });
const role = (value: string): OptionValue => ({ type: Type.Role, value });
const text = (value: string): OptionValue => ({ type: Type.String, value });

const set = (options: Readonly<Record<string, OptionValue>>, by = admin()) =>
  command("config", by, Object.entries(options), "set");
const view = (by = admin()) => command("config", by, [], "view");
const logging = () => command("config", admin(), [], "get logging");
const clear = (setting: string) => command("config", admin(), [["setting", text(setting)]], "clear");

const stored = Effect.flatMap(Settings, (all) => all.get(GUILD));
const started = Effect.zipRight(put(DEN), setUp());

describe("/config set", () => {
  it.effect("saves several settings at once and says what was there before", () =>
    Effect.gen(function* () {
      yield* started;
      const [answer] = yield* ask(
        set({
          logging_channel: channel(LOG_CHANNEL),
          mod_roles: text(`<@&${REVIEWER_ROLE}> <@&${MEMBER_ROLE}>`),
          reapply_cooldown_hours: number(48),
        }),
      );
      assert.strictEqual(
        answer,
        [
          "**Saved.**",
          `- Logging channel: not set → **<#${LOG_CHANNEL}>**`,
          `- Reviewer roles: <@&${REVIEWER_ROLE}> → **<@&${REVIEWER_ROLE}> <@&${MEMBER_ROLE}>**`,
          "- Wait after a rejection: 24 hours → **48 hours**",
        ].join("\n"),
      );
      const { loggingChannelId, reviewerRoleIds, reapplyCooldownHours } = yield* stored;
      assert.deepStrictEqual(
        [loggingChannelId, reviewerRoleIds, reapplyCooldownHours],
        [LOG_CHANNEL, [REVIEWER_ROLE, MEMBER_ROLE], 48],
      );
    }).pipe(inWorld()),
  );

  it.effect("lets everybody with one of several reviewer roles review, from the next command on", () =>
    Effect.gen(function* () {
      yield* started;
      const helper = member(NOAH, { roles: [MEMBER_ROLE] });
      const health = () => command("health", helper);
      const [before] = yield* ask(health());
      assert.include(before, "moderators with the reviewer role");
      yield* ask(set({ mod_roles: text(`${REVIEWER_ROLE} ${MEMBER_ROLE}`) }));
      const [after] = yield* ask(health());
      assert.notInclude(after, "moderators with the reviewer role");
    }).pipe(inWorld()),
  );

  it.effect.each<readonly [string, Readonly<Record<string, OptionValue>>, string]>([
    ["no setting at all", {}, NO_SETTINGS],
    ["a channel of another server", { logging_channel: channel(ELSEWHERE) }, "belongs to another server"],
    ["a channel that is none", { gate_channel: channel("123456789012345678") }, "does not exist"],
    ["a role of another server", { accepted_role: role("123456789012345678") }, "does not exist"],
    ["@everyone as the accepted role", { accepted_role: role(GUILD) }, "everybody holds"],
    ["@everyone as reviewers", { mod_roles: text(`<@&${GUILD}>`) }, "everybody holds"],
    ["roles that are none", { mod_roles: text("Mods") }, "name roles as @mentions"],
    ["a number below the least", { stale_claim_minutes: number(4) }, "This command has changed"],
    ["a number above the most", { stale_claim_minutes: number(10_081) }, "This command has changed"],
    ["half a number", { min_account_age_days: number(1.5) }, "This command has changed"],
    ["text for a number", { min_account_age_days: text("7") }, "This command has changed"],
    ["a number for a channel", { gate_channel: number(7) }, "This command has changed"],
  ])("refuses %s and saves nothing", ([, options, words]) =>
    Effect.gen(function* () {
      yield* put({ ...DEN, roles: [...DEN.roles, [GUILD as never, { _tag: "Everyone" }]] });
      yield* put({ id: OTHER_GUILD, name: "Elsewhere", channels: [[ELSEWHERE, ok("log")]] });
      yield* setUp();
      const valid = Object.keys(options).length === 0 ? {} : { reapply_cooldown_hours: number(1) };
      const [answer] = yield* ask(set({ ...valid, ...options }));
      assert.include(answer, words);
      const { version, reapplyCooldownHours } = yield* stored;
      assert.deepStrictEqual([version, reapplyCooldownHours], [1, 24]);
    }).pipe(inWorld()),
  );

  it.effect("refuses a role above the bot's own with what to do, and a channel it may not write in", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* put({
        ...DEN,
        channels: [[LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }]],
        roles: [[MEMBER_ROLE, { _tag: "AboveBot", name: "Member", botRole: "Paws" }]],
      });
      const [answer] = yield* ask(
        set({ accepted_role: role(MEMBER_ROLE), logging_channel: channel(LOG_CHANNEL) }),
      );
      assert.include(answer, "Move the bot's role above it");
      assert.include(answer, "the bot lacks Embed Links there");
      assert.strictEqual((yield* stored).version, 1);
    }).pipe(inWorld()),
  );

  it.effect("shows the slower of two admins what the other has changed meanwhile, and asks again", () =>
    Effect.gen(function* () {
      yield* started;
      const settings = yield* Settings;
      const edits = yield* SettingsEdits;
      /** Just before one saves, another has saved. */
      const overtaken = SettingsEdits.of({
        ...edits,
        change: (...change) =>
          Effect.gen(function* () {
            const seen = yield* settings.get(GUILD);
            yield* Effect.orDie(
              settings.change(seen, NOAH, { minAccountAgeDays: 7 }, { command: "config set" }),
            );
            return yield* edits.change(...change);
          }),
      });
      const wanted = set({ stale_claim_minutes: number(30), min_account_age_days: number(3) });
      const [answer] = yield* Effect.provideService(ask(wanted), SettingsEdits, overtaken);
      assert.strictEqual(
        answer,
        [
          "**Not saved:** somebody else changed the settings in the same moment.",
          "- Least account age: 0 days → **7 days**",
          "You wanted:",
          "- Least account age: 7 days → **3 days**",
          "- Claims go stale after: 120 minutes → **30 minutes**",
          "If you still want that, send the command again.",
        ].join("\n"),
      );
      const { version, staleClaimMinutes, minAccountAgeDays } = yield* stored;
      assert.deepStrictEqual([version, staleClaimMinutes, minAccountAgeDays], [2, 120, 7]);
    }).pipe(inWorld()),
  );

  it.effect("is for admins, says so to a moderator, and waits for a set-up", () =>
    Effect.gen(function* () {
      yield* put(DEN);
      const [early] = yield* ask(set({ stale_claim_minutes: number(30) }));
      assert.include(early, "is not set up yet");
      yield* setUp();
      const [denied] = yield* ask(set({ stale_claim_minutes: number(30) }, reviewer(NOAH)));
      assert.strictEqual(denied, "This is for admins of this server.");
      assert.strictEqual((yield* stored).version, 1);
    }).pipe(inWorld()),
  );
});

describe("/config clear", () => {
  it.effect("leaves a setting without a value, and refuses one that needs one", () =>
    Effect.gen(function* () {
      yield* put(DEN);
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const [cleared, noRoles, refused] = [
        ...(yield* ask(clear("logging_channel"))),
        ...(yield* ask(clear("mod_roles"))),
        ...(yield* ask(clear("review_channel"))),
      ];
      assert.include(cleared, `Logging channel: <#${LOG_CHANNEL}> → **not set**`);
      assert.include(noRoles, "→ **none: admins only**");
      assert.include(refused, "This command has changed");
      assert.isNull((yield* stored).loggingChannelId);
      const [denied] = yield* ask(command("health", reviewer()));
      assert.include(denied, "moderators with the reviewer role");
    }).pipe(inWorld()),
  );
});

describe("/config view", () => {
  it.effect("shows every setting in groups, with what does not work and its remedy", () =>
    Effect.gen(function* () {
      yield* started;
      const [fine] = yield* ask(view());
      assert.include(fine, "Everything works");
      assert.include(fine, `# Channels\n✅ Review channel: <#${REVIEW_CHANNEL}>\n`);
      assert.include(fine, "▫️ Modmail channel: not set");
      assert.include(fine, "# Review\n▫️ Claims go stale after: 120 minutes");
      assert.include(fine, "▫️ Questions: 5\n▫️ Templates of your own: none");
      yield* put({ ...DEN, roles: [[REVIEWER_ROLE, ok("Reviewer")]], lacks: ["KickMembers"] });
      const [broken] = yield* ask(view());
      assert.include(broken, "What is marked with ❌ does not work");
      assert.include(
        broken,
        `❌ Accepted role: <@&${MEMBER_ROLE}>: does not exist. Choose another role.\n✅ Reviewer roles: <@&${REVIEWER_ROLE}>`,
      );
      assert.include(broken, "# Server\n❌ Kicking: the bot lacks Kick Members.");
    }).pipe(inWorld()),
  );
});

describe("/config get logging", () => {
  it.effect("says that there is none, and where to choose one", () =>
    Effect.gen(function* () {
      yield* started;
      assert.match((yield* ask(logging()))[0] ?? "", /posted nowhere.*\/config set logging_channel/);
    }).pipe(inWorld()),
  );

  it.effect("shows each right, and that nothing is lost while one is missing", () =>
    Effect.gen(function* () {
      yield* put({
        ...DEN,
        channels: [[LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }]],
      });
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const [answer] = yield* ask(logging());
      assert.include(answer, `**Logging channel:** <#${LOG_CHANNEL}>, chosen for this server`);
      assert.include(answer, "✅ View Channel\n✅ Send Messages\n❌ Embed Links\n");
      assert.include(answer, "Nothing is lost meanwhile");
    }).pipe(inWorld()),
  );

  it.effect("says when the default of the operator is used", () =>
    Effect.gen(function* () {
      yield* started;
      assert.include((yield* ask(logging()))[0], "the default for every server (`LOGGING_CHANNEL`)");
    }).pipe(inWorld({ logging: { channelId: Option.some(LOG_CHANNEL) } })),
  );
});

describe("the log of a change", () => {
  it.effect("holds who, what, old and new", () =>
    Effect.gen(function* () {
      yield* started;
      yield* ask(set({ stale_claim_minutes: number(30) }, admin(NOAH)));
      const [row] = yield* rowsOf("SELECT actor, details FROM action_log ORDER BY seq DESC LIMIT 1");
      assert.deepStrictEqual(row, {
        actor: NOAH,
        details: JSON.stringify({
          command: "config set",
          stale_claim_minutes: 30,
          stale_claim_minutes_was: 120,
        }),
      });
    }).pipe(inWorld()),
  );
});
