/**
 * Every setting of a server does what it says. A setting without a case here does not compile. Each is changed with
 * `/config set` in a running bot, and what people notice is compared before and after.
 */
import type { SqlError } from "@effect/sql/SqlError";
import { assert, describe, it } from "@effect/vitest";
import { channelMention } from "discord.js";
import { Effect, TestClock } from "effect";
import { MessageId, Millis, type UserId } from "../../../src/domain/Ids.js";
import type { Member } from "../../../src/domain/Person.js";
import { ALL_SETTINGS, type SettingName } from "../../../src/domain/SettingsTable.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { FakeGuild } from "../../../src/layers/discord/fake/Guilds.js";
import type { FakeMessage } from "../../../src/layers/discord/fake/Messages.js";
import type { OptionValue } from "../../../src/layers/discord/Interaction.js";
import { VerifyId } from "../../../src/programs/views/Apply.js";
import { ClaimId, PingId } from "../../../src/programs/views/CardButtons.js";
import { GATE_MARKER } from "../../../src/programs/views/GateMessage.js";
import { TEMPLATE_FIELD, TemplateSaveId } from "../../../src/programs/views/Templates.js";
import { FirstMessages } from "../../../src/services/FirstMessages.js";
import { Flags } from "../../../src/services/Flags.js";
import { Gate } from "../../../src/services/Gate.js";
import { StaleClaims } from "../../../src/services/StaleClaims.js";
import {
  admin,
  ask,
  boolean,
  channel,
  number,
  opened,
  role,
  text,
  told,
  wordsOf,
} from "../../support/asking.js";
import {
  command,
  DAY,
  DEN,
  GENERAL_CHANNEL,
  GUILD,
  HOUR,
  INFO_CHANNEL,
  MEMBER_ROLE,
  member,
  MINUTE,
  NOAH,
  NOW,
  ok,
  PING_ROLE,
  press,
  reviewer,
  submit,
  userId,
} from "../../support/fixtures.js";
import { apply, type InBot, inWorld, rested, rowsOf, setUp, startBot } from "../../support/layers.js";
import { customIdsOf } from "../../support/limits.js";

/** Where things are put that were somewhere else, or nowhere. */
const ELSEWHERE = INFO_CHANNEL;
const CHANNELS = [...DEN.channels, [ELSEWHERE, ok("elsewhere")] as const];
const HERE: FakeGuild = { ...DEN, channels: CHANNELS, roles: [...DEN.roles, [PING_ROLE, ok("Greeter")]] };

/** Whoever it is tried with: an account of five days, here since an hour. */
const somebody = (n: number): Member => member(userId(100 + n, 5 * DAY));

const onDiscord = <A>(read: (fake: DiscordFake["Type"]) => Effect.Effect<A>) =>
  Effect.flatMap(DiscordFake, read);

/** The channels in which such a message of the bot stands, one name for each. */
const placesOf = (holds: (message: FakeMessage) => boolean) =>
  onDiscord((fake) =>
    Effect.map(
      Effect.forEach(CHANNELS, ([id, { name }]) =>
        Effect.map(fake.messages(id), (messages) => messages.filter(holds).map(() => name)),
      ),
      (names) => names.flat().join(", ") || "nowhere",
    ),
  );
const titled =
  (title: string) =>
  ({ payload }: FakeMessage) =>
    payload.embeds?.some((embed) => embed.title?.includes(title)) === true;

/** What somebody hears who presses Verify; times are left out. */
const invited = (who: Member) =>
  Effect.map(ask(press(VerifyId.encode({}), who)), (callback) =>
    "payload" in callback ? wordsOf(callback.payload).replace(/<t:\d+:R>/g, "later") : "a form",
  );

const applied = (who: Member) => Effect.orDie(apply(who));
const decided = (who: Member, decision: "accept" | "reject") =>
  Effect.gen(function* () {
    const { code } = yield* applied(who);
    const reason = decision === "reject" ? [["reason", text("Too few words")] as const] : [];
    yield* told(command(decision, reviewer(), [["app", text(code)], ...reason]));
    yield* rested;
  });
const welcomeOf = (who: Member) =>
  Effect.gen(function* () {
    yield* decided(who, "accept");
    const all = yield* onDiscord((fake) => fake.messages(GENERAL_CHANNEL));
    const post = all.find(({ payload }) => payload.pings?.includes(who.id));
    return post?.payload ?? assert.fail("nobody was welcomed");
  });

/** So long passes for one thing, by its row: what else goes by the clock stands still. */
const passes = (millis: number, table: string, column: string) =>
  rowsOf(`UPDATE ${table} SET ${column} = ${column} - ${millis}`);

/** Three people join within a moment, long after others did. */
const threeJoin = Effect.gen(function* () {
  yield* passes(6 * MINUTE, "join_wave", "last_join_at");
  const gate = yield* Gate;
  const before = (yield* rowsOf("SELECT user_id FROM member_join")).length;
  for (const n of [1, 2, 3])
    yield* gate.membersJoined(GUILD, [{ userId: userId(200 + before + n), joinedAt: null }]);
  yield* rested;
});

/** When the bot heard the first message of this server. */
const BEGINNING = NOW - 500 * DAY;
const spoke = (who: UserId, days: number) =>
  Effect.flatMap(FirstMessages, (messages) =>
    messages.spoke({
      guildId: GUILD,
      userId: who,
      channelId: GENERAL_CHANNEL,
      messageId: MessageId.make("700000000000000001"),
      at: Millis.make(BEGINNING + days * DAY),
      joinedAt: Millis.make(BEGINNING),
    }),
  );

/** The welcome of somebody, in words that name both channels. */
const welcomeWithChannels = (who: Member) =>
  Effect.gen(function* () {
    const template = { template: "welcome" } as const;
    const typed = [[TEMPLATE_FIELD, "Look at {info}, then at {rules}."]] as const;
    const { custom_id } = yield* opened(command("gate", admin(), [], "welcome set"));
    yield* told(submit(custom_id, admin(), typed));
    yield* ask(press(TemplateSaveId.encode(template), admin()));
    return (yield* welcomeOf(who)).content?.split("\n").at(-1);
  });

interface Case {
  /** What is set first, where this setting alone shows nothing. */
  readonly first?: Readonly<Record<string, OptionValue>>;
  /** What an admin changes it to. */
  readonly to: OptionValue;
  /** What is noticed when it is tried with somebody who was not there before. */
  readonly noticed: (who: Member) => Effect.Effect<unknown, SqlError, InBot>;
  readonly before: unknown;
  readonly after: unknown;
}

const CASES: Readonly<Record<SettingName, Case>> = {
  review_channel: {
    to: channel(ELSEWHERE),
    noticed: (who) =>
      Effect.gen(function* () {
        const { code } = yield* applied(who);
        yield* rested;
        return yield* placesOf(titled(`Application #${code}`));
      }),
    before: "review",
    after: "elsewhere",
  },
  gate_channel: {
    to: channel(ELSEWHERE),
    noticed: () =>
      Effect.zipRight(
        rested,
        placesOf(({ payload, pinned }) => pinned && customIdsOf(payload).includes(GATE_MARKER)),
      ),
    before: "gate",
    after: "elsewhere",
  },
  general_channel: {
    to: channel(ELSEWHERE),
    noticed: (who) =>
      Effect.zipRight(
        decided(who, "accept"),
        placesOf(({ payload }) => payload.pings?.includes(who.id) === true),
      ),
    before: "general",
    after: "elsewhere",
  },
  unverified_channel: {
    to: channel(ELSEWHERE),
    noticed: (who) =>
      Effect.gen(function* () {
        const { id } = yield* applied(who);
        yield* told(press(PingId.encode({ application: id }), reviewer()));
        return yield* placesOf(({ payload }) => payload.pings?.includes(who.id) === true);
      }),
    before: "nowhere",
    after: "elsewhere",
  },
  modmail_channel: {
    to: channel(ELSEWHERE),
    // Until threads are opened there, what it does is to be looked after.
    noticed: () =>
      Effect.gen(function* () {
        const fake = yield* DiscordFake;
        const noThreads = {
          _tag: "Lacks",
          name: "elsewhere",
          permissions: ["Create Private Threads"],
        } as const;
        yield* fake.putGuild({ ...HERE, channels: [...DEN.channels, [ELSEWHERE, noThreads]] });
        const words = wordsOf(yield* told(command("gate", reviewer(), [], "status")));
        yield* fake.putGuild(HERE);
        return words.split("\n").find((line) => line.startsWith("❌")) ?? "all is well";
      }),
    before: "all is well",
    after: `❌ Modmail channel ${channelMention(ELSEWHERE)}: the bot lacks Create Private Threads there. Grant it in the channel's settings.`,
  },
  logging_channel: {
    to: channel(ELSEWHERE),
    noticed: (who) =>
      Effect.gen(function* () {
        const { code } = yield* applied(who);
        yield* rested;
        return yield* placesOf(
          ({ payload }) =>
            payload.embeds?.some(
              ({ title, footer }) =>
                title?.includes(code) === true && footer?.text.startsWith("app_submitted") === true,
            ) === true,
        );
      }),
    before: "nowhere",
    after: "elsewhere",
  },
  info_channel: {
    to: channel(ELSEWHERE),
    noticed: welcomeWithChannels,
    before: "Look at the info channel, then at the rules.",
    after: `Look at ${channelMention(ELSEWHERE)}, then at the rules.`,
  },
  rules_channel: {
    to: channel(ELSEWHERE),
    noticed: welcomeWithChannels,
    before: "Look at the info channel, then at the rules.",
    after: `Look at the info channel, then at ${channelMention(ELSEWHERE)}.`,
  },
  accepted_role: {
    to: role(PING_ROLE),
    noticed: (who) =>
      Effect.zipRight(
        decided(who, "accept"),
        onDiscord((fake) => fake.rolesOf(GUILD, who.id)),
      ),
    before: [MEMBER_ROLE],
    after: [PING_ROLE],
  },
  mod_roles: {
    to: text(`<@&${PING_ROLE}>`),
    noticed: (who) =>
      Effect.gen(function* () {
        const { id } = yield* applied(who);
        const claim = ClaimId.encode({ application: id });
        const answers = [member(NOAH, { roles: [PING_ROLE] }), reviewer()].map((by) => ask(press(claim, by)));
        return (yield* Effect.all(answers)).map((answer) => answer._tag);
      }),
    before: ["Reply", "Update"],
    after: ["Update", "Reply"],
  },
  ping_role: {
    to: role(PING_ROLE),
    noticed: (who) => Effect.map(welcomeOf(who), ({ pingsRoles = [] }) => pingsRoles),
    before: [],
    after: [PING_ROLE],
  },
  min_account_age_days: {
    to: number(7),
    noticed: invited,
    before: "a form",
    after: "Your Discord account is still too new for this server. You can apply later.",
  },
  min_join_age_minutes: {
    to: number(120),
    noticed: invited,
    before: "a form",
    after: "You joined a moment ago. Have a look around first; you can apply later.",
  },
  reapply_cooldown_hours: {
    to: number(1),
    noticed: (who) =>
      Effect.gen(function* () {
        yield* decided(who, "reject");
        yield* passes(2 * HOUR, "application", "decided_at");
        return yield* invited(who);
      }),
    before: "Your last application was not accepted. You can apply again later.",
    after: "a form",
  },
  stale_claim_minutes: {
    to: number(5),
    noticed: (who) =>
      Effect.gen(function* () {
        const { id } = yield* applied(who);
        yield* ask(press(ClaimId.encode({ application: id }), reviewer()));
        yield* passes(10 * MINUTE, "application", "claimed_at");
        yield* Effect.flatMap(StaleClaims, ({ release }) => release);
        const [row] = yield* rowsOf(`SELECT status FROM application WHERE id = '${id}'`);
        return row?.["status"];
      }),
    before: "claimed",
    after: "pending",
  },
  join_wave_per_minute: {
    to: number(3),
    noticed: () => Effect.zipRight(threeJoin, placesOf(titled("Many people are joining"))),
    before: "nowhere",
    after: "review",
  },
  join_wave_panic: {
    first: { join_wave_per_minute: number(3) },
    to: boolean(true),
    noticed: (who) => Effect.zipRight(threeJoin, invited(who)),
    before: "a form",
    after: "This server takes no applications for the moment. Please try again later: the button stays here.",
  },
  flags_channel: {
    to: channel(ELSEWHERE),
    noticed: (who) =>
      Effect.gen(function* () {
        const flags = yield* Flags;
        yield* Effect.orDie(flags.flag(GUILD, who, NOAH, "Sells accounts"));
        yield* TestClock.adjust("15 seconds");
        yield* rested;
        return yield* placesOf(
          (message) => titled("Flagged")(message) && JSON.stringify(message.payload).includes(who.id),
        );
      }),
    before: "nowhere",
    after: "elsewhere",
  },
  flags_threshold: {
    to: number(30),
    noticed: (who) =>
      Effect.gen(function* () {
        yield* spoke(NOAH, 0);
        yield* spoke(who.id, 40);
        return yield* rowsOf(`SELECT kind, reason FROM flag WHERE user_id = '${who.id}'`);
      }),
    before: [],
    after: [{ kind: "silent", reason: "First message 40 days after joining" }],
  },
};

const set = (options: Readonly<Record<string, OptionValue>>) =>
  Effect.gen(function* () {
    const words = wordsOf(yield* told(command("config", admin(), Object.entries(options), "set")));
    assert.include(words, "**Saved.**");
  });

describe("a setting that an admin changes is noticed by whoever comes next", () => {
  it.effect.each(ALL_SETTINGS.map(([name]) => name))("%s", (name) =>
    inWorld(
      Effect.gen(function* () {
        const { first = {}, to, noticed, before, after } = CASES[name];
        const people = [somebody(1), somebody(2)] as const;
        const fake = yield* DiscordFake;
        yield* fake.putGuild({ ...HERE, members: [NOAH, ...people.map(({ id }) => id)] });
        const { run } = yield* startBot;
        yield* run(setUp());
        yield* run(rested);
        if (Object.keys(first).length > 0) yield* run(set(first));
        assert.deepStrictEqual(yield* run(noticed(people[0])), before);
        yield* run(set({ [name]: to }));
        assert.deepStrictEqual(yield* run(noticed(people[1])), after);
      }),
    ),
  );
});
