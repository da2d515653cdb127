import { assert, describe, it } from "@effect/vitest";
import { Effect, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable, UnknownTarget } from "../../../src/layers/discord/Errors.js";
import { Directory } from "../../../src/services/Directory.js";
import {
  GATE_CHANNEL,
  GENERAL_CHANNEL,
  GUILD,
  LOG_CHANNEL,
  MEMBER_ROLE,
  member,
  NOAH,
  OTHER_GUILD,
  REVIEW_CHANNEL,
  REVIEWER_ROLE,
  ROBIN,
  userId,
} from "../../support/fixtures.js";
import { apply, rowsOf, setUp } from "../../support/layers.js";
import { asked, askedByOthers, closed, served, signedIn } from "../../support/layers-web.js";
import { snapshot } from "../../support/ledger.js";

const ok = (name: string) => ({ _tag: "Ok", name }) as const;
const people = (...ids: ReadonlyArray<string>) => ({ path: "/api/users/resolve", body: { ids } });
const roles = (...ids: ReadonlyArray<string>) => ({ path: "/api/roles/resolve", body: { ids } });

const LEFT = userId(41);
const STRANGER = userId(42);

/** Which ids Discord was asked about, in which way. */
const asks = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  return {
    members: (yield* fake.callsOf("members")).flatMap(({ userIds }) => userIds),
    accounts: (yield* fake.callsOf("user")).map(({ userId }) => userId),
  };
});

describe("POST /api/users/resolve", () => {
  it.effect("names members, those who left, strangers, and nobody", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const browser = yield* signedIn();
      yield* setUp();
      yield* fake.putMember(GUILD, member(ROBIN, { username: "robin", displayName: "Robin of the Den" }));
      yield* apply(member(LEFT, { username: "lee", displayName: "Lee", avatarUrl: "https://cdn/lee.png" }));
      const nobody = userId(43);
      yield* fake.script("user", { _tag: "Refused", error: new UnknownTarget({ target: "user" }) });
      const { status, body } = yield* asked(browser, people(ROBIN, LEFT, nobody, STRANGER, ROBIN));
      assert.strictEqual(status, 200);
      assert.nestedInclude(body, {
        [`users.${ROBIN}.displayName`]: "Robin of the Den",
        [`users.${ROBIN}.isHere`]: true,
        [`users.${LEFT}.displayName`]: "Lee",
        [`users.${LEFT}.avatarUrl`]: "https://cdn/lee.png",
        [`users.${LEFT}.isHere`]: false,
        [`users.${STRANGER}.isHere`]: false,
        [`users.${nobody}`]: null,
      });
    }).pipe(served()),
  );

  it.effect("asks Discord once about everybody, in whatever batches they come, until they change", () =>
    Effect.gen(function* () {
      const directory = yield* Directory;
      const browser = yield* signedIn();
      const all = Array.from({ length: 100 }, (_, index) => userId(100 + index));
      yield* Effect.all([asked(browser, people(...all)), asked(browser, people(...all.slice(50), ROBIN))], {
        concurrency: "unbounded",
      });
      yield* asked(browser, people(ROBIN, NOAH));
      const { members, accounts } = yield* asks;
      assert.deepStrictEqual([...members].sort(), [...new Set(members)].sort(), "once each");
      assert.strictEqual(new Set(accounts).size, accounts.length);
      assert.isAtMost(accounts.length, 2 * 20, "accounts of a batch");

      yield* directory.forget(GUILD, ROBIN);
      yield* asked(browser, people(ROBIN, NOAH));
      assert.deepStrictEqual((yield* asks).members.slice(members.length), [ROBIN]);
      yield* TestClock.adjust("6 minutes");
      yield* asked(browser, people(NOAH));
      assert.deepStrictEqual((yield* asks).members.slice(members.length + 1), [NOAH]);
    }).pipe(served()),
  );

  it.effect("says what it knows while Discord is silent, and asks again afterwards", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const browser = yield* signedIn();
      yield* setUp();
      yield* apply(member(LEFT, { displayName: "Lee" }));
      const silent = { _tag: "Refused", error: new DiscordUnavailable({ detail: "no answer" }) } as const;
      yield* fake.script("members", silent);
      const { status, body } = yield* asked(browser, people(LEFT, ROBIN));
      assert.strictEqual(status, 200);
      assert.nestedInclude(body, { [`users.${LEFT}.displayName`]: "Lee", [`users.${ROBIN}`]: null });
      assert.deepStrictEqual((yield* asks).accounts, [], "one silence is enough");
      const again = yield* asked(browser, people(ROBIN));
      assert.nestedPropertyVal(again.body, `users.${ROBIN}.isHere`, true);
    }).pipe(served()),
  );

  it.effect("takes at most 100 ids, and nothing that is none", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      const before = yield* snapshot;
      const many = Array.from({ length: 101 }, (_, index) => userId(100 + index));
      for (const ids of [many, ["7"], ["robin"], [null], "7", { 0: ROBIN }]) {
        const { status } = yield* asked(browser, { path: "/api/users/resolve", body: { ids } });
        assert.strictEqual(status, 400, JSON.stringify(ids).slice(0, 40));
      }
      for (const body of [[], {}, "ids", 7]) {
        assert.strictEqual((yield* asked(browser, { path: "/api/users/resolve", body })).status, 400);
      }
      assert.deepStrictEqual(yield* asks, { members: [], accounts: [] });
      assert.deepStrictEqual(yield* snapshot, before);
      assert.deepStrictEqual((yield* asked(browser, people())).body, { users: {} });
    }).pipe(served()),
  );

  it.effect("does not mix guilds: who left this one is known here by what they sent here", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      const browser = yield* signedIn();
      yield* setUp();
      yield* fake.putGuild({ id: OTHER_GUILD, name: "Elsewhere" });
      yield* apply(member(LEFT, { displayName: "Lee" }));
      yield* rowsOf(`UPDATE application SET guild_id = '${OTHER_GUILD}'`);
      const { body } = yield* asked(browser, people(LEFT));
      assert.nestedPropertyVal(body, `users.${LEFT}.displayName`, "Robin", "by the account");
    }).pipe(served()),
  );
});

const HIGH = "100000000000000031";
const OTHERS_ROLE = "100000000000000032";
const OTHERS_CHANNEL = "100000000000000033";

/** A guild with a little of everything, beside another one. */
const places = Effect.gen(function* () {
  const fake = yield* DiscordFake;
  yield* fake.putGuild({
    id: GUILD,
    name: "The Den",
    channels: [
      [REVIEW_CHANNEL, ok("review")],
      [GATE_CHANNEL, { _tag: "Lacks", name: "gate", permissions: ["Pin Messages"] }],
      [LOG_CHANNEL, { _tag: "Lacks", name: "log", permissions: ["Embed Links"] }],
      [GENERAL_CHANNEL, { _tag: "NotText", name: "voices" }],
    ],
    roles: [
      [HIGH as typeof MEMBER_ROLE, { _tag: "AboveBot", name: "Owner", botRole: "Bot" }],
      [MEMBER_ROLE, ok("Member")],
    ],
  });
  yield* fake.putGuild({
    id: OTHER_GUILD,
    name: "Elsewhere",
    channels: [[OTHERS_CHANNEL as typeof LOG_CHANNEL, ok("secrets")]],
    roles: [[OTHERS_ROLE as typeof MEMBER_ROLE, ok("Secret keepers")]],
  });
});

describe("roles and channels", () => {
  it.effect("are listed with whether the bot could use them", () =>
    Effect.gen(function* () {
      yield* places;
      const browser = yield* signedIn();
      assert.deepStrictEqual((yield* asked(browser, { path: "/api/roles" })).body, {
        roles: [
          {
            id: HIGH,
            name: "Owner",
            color: null,
            position: 0,
            problem: "**Owner** stands above the bot's role **Bot**. Move the bot's role above it.",
          },
          { id: MEMBER_ROLE, name: "Member", color: null, position: 1, problem: null },
        ],
      });
      const { body } = yield* asked(browser, { path: "/api/channels" });
      assert.deepNestedInclude(body, {
        "channels[1]": {
          id: GATE_CHANNEL,
          name: "gate",
          category: null,
          position: 1,
          lacks: ["Pin Messages"],
          usableFor: [
            "review_channel",
            "general_channel",
            "unverified_channel",
            "modmail_channel",
            "logging_channel",
            "info_channel",
            "rules_channel",
            "flags_channel",
          ],
        },
        "channels[2].lacks": ["Embed Links"],
        "channels[2].usableFor": ["general_channel", "unverified_channel", "info_channel", "rules_channel"],
      });
      assert.notInclude(JSON.stringify(body), "voices");
    }).pipe(served()),
  );

  it.effect("of another guild are unknown", () =>
    Effect.gen(function* () {
      yield* places;
      const browser = yield* signedIn();
      const { status, body } = yield* asked(browser, roles(MEMBER_ROLE, OTHERS_ROLE, REVIEWER_ROLE));
      assert.strictEqual(status, 200);
      assert.nestedInclude(body, {
        [`roles.${MEMBER_ROLE}.name`]: "Member",
        [`roles.${OTHERS_ROLE}`]: null,
        [`roles.${REVIEWER_ROLE}`]: null,
      });
      const listed = yield* Effect.forEach(["/api/roles", "/api/channels"], (path) =>
        asked(browser, { path }),
      );
      assert.notInclude(JSON.stringify(listed), "ecret");
    }).pipe(served()),
  );

  it.effect("are asked for with ids only", () =>
    Effect.gen(function* () {
      const browser = yield* signedIn();
      assert.strictEqual((yield* asked(browser, roles("everyone"))).status, 400);
    }).pipe(served()),
  );
});

describe("the directory", () => {
  it.effect.each([people(ROBIN), roles(MEMBER_ROLE), { path: "/api/roles" }, { path: "/api/channels" }])(
    "shows nobody but admins anything: $path",
    (route) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* askedByOthers(route), closed(route));
      }).pipe(served()),
  );
});
