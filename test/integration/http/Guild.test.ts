import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { Raid } from "../../../src/services/Raid.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  NOAH,
  NOW,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
} from "../../support/fixtures.js";
import { setUp } from "../../support/layers.js";
import { asked, askedByOthers, closed, served, signedIn } from "../../support/layers-web.js";

const ROUTE = { path: "/api/guild" };
const ok = (name: string) => ({ _tag: "Ok", name }) as const;

/** A guild in which all is well, but for what a test changes. */
const put = (changes: object = {}) =>
  Effect.flatMap(DiscordFake, (fake) =>
    fake.putGuild({
      id: GUILD,
      name: "The Den",
      ownerId: NOAH,
      iconUrl: "https://cdn.discordapp.com/icons/1/abc.png?size=256",
      channels: [
        [REVIEW_CHANNEL, ok("review")],
        [GATE_CHANNEL, ok("gate")],
        [GENERAL_CHANNEL, ok("general")],
        [LOG_CHANNEL, ok("log")],
      ],
      roles: [
        [MEMBER_ROLE, ok("Member")],
        [REVIEWER_ROLE, ok("Reviewer")],
      ],
      ...changes,
    }),
  );

const guild = Effect.flatMap(signedIn(), (browser) => asked(browser, ROUTE));

describe("GET /api/guild", () => {
  it.effect("shows the guild, every check, panic mode and the log", () =>
    Effect.gen(function* () {
      yield* put();
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      yield* Effect.flatMap(Raid, (raid) => raid.panicOn(GUILD, MAYA));
      const { status, body } = yield* guild;
      assert.strictEqual(status, 200);
      assert.deepInclude(body, {
        id: GUILD,
        name: "The Den",
        iconUrl: "https://cdn.discordapp.com/icons/1/abc.png?size=256",
        bannerUrl: null,
        memberCount: 1,
        ownerId: NOAH,
        available: true,
        setUp: true,
        rung: "admin",
        panic: { isOn: true, since: NOW, by: MAYA },
      });
      assert.nestedInclude(body, {
        "preflight.wouldWork": true,
        "logging.problem": null,
        "logging.parked": 0,
        "logging.channel.usable": true,
        "logging.channel.from": "guild",
      });
      assert.deepNestedInclude(body, {
        "preflight.findings[0]": {
          about: "review_channel",
          label: "Review channel",
          target: { kind: "channel", id: REVIEW_CHANNEL },
          problem: null,
        },
      });
    }).pipe(served()),
  );

  it.effect("says what would go wrong, and what to do", () =>
    Effect.gen(function* () {
      yield* put({
        lacks: ["KickMembers"],
        channels: [
          [REVIEW_CHANNEL, ok("review")],
          [GATE_CHANNEL, ok("gate")],
          [GENERAL_CHANNEL, ok("general")],
          [LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }],
        ],
      });
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const { body } = yield* guild;
      assert.nestedPropertyVal(body, "preflight.wouldWork", false);
      assert.nestedPropertyVal(body, "logging.channel.usable", false);
      const said = JSON.stringify(body);
      assert.include(said, "the bot lacks Kick Members. Grant it under Server Settings, Roles.");
      assert.include(said, "The bot lacks Embed Links in the logging channel");
    }).pipe(served()),
  );

  it.effect("is there before the guild is set up, and during an outage of Discord", () =>
    Effect.gen(function* () {
      yield* put();
      const fresh = (yield* guild).body;
      assert.nestedInclude(fresh, { setUp: false, panic: null, "logging.channel": null });
      yield* put({ available: false });
      yield* setUp({ loggingChannelId: LOG_CHANNEL });
      const { body } = yield* guild;
      assert.nestedInclude(body, { available: false, "preflight.wouldWork": false, "logging.problem": null });
    }).pipe(served()),
  );

  it.effect("tells an owner of the bot that they are one", () =>
    Effect.gen(function* () {
      yield* put();
      const { body } = yield* guild;
      assert.propertyVal(body, "rung", "owner");
    }).pipe(served({ ownerIds: [MAYA] })),
  );

  it.effect("shows nobody else anything", () =>
    Effect.gen(function* () {
      yield* setUp();
      assert.deepStrictEqual(yield* askedByOthers(ROUTE), closed(ROUTE));
    }).pipe(served()),
  );
});
