import { assert, describe, it } from "@effect/vitest";
import { Effect, Fiber, TestClock } from "effect";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { DiscordUnavailable } from "../../../src/layers/discord/Errors.js";
import { Access } from "../../../src/services/Access.js";
import { AuditLog } from "../../../src/services/AuditLog.js";
import { Outbox } from "../../../src/services/Outbox.js";
import { GUILD, MAYA, member, OTHER_GUILD } from "../../support/fixtures.js";
import { rowsOf } from "../../support/layers.js";
import { admin, served, signedIn } from "../../support/layers-web.js";

/** Nothing is known of anybody's roles any more, and Discord says nothing for so many questions. */
const silence = (questions: number) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    yield* (yield* Access).forget(MAYA);
    const error = new DiscordUnavailable({ detail: "down" });
    yield* fake.script(
      "member",
      ...Array.from({ length: questions }, () => ({ _tag: "Refused", error }) as const),
    );
  });

const login = (guildId: typeof GUILD, reason: string | null) =>
  Effect.gen(function* () {
    const audit = yield* AuditLog;
    const { commit } = yield* Outbox;
    yield* commit(audit.record({ guildId, name: "login", actor: MAYA, reason }));
  });

describe("while Discord says nothing about roles", () => {
  it.effect("a sign-out is still in the log of the guilds that have its sign-in, and of no others", () =>
    Effect.gen(function* () {
      const fake = yield* DiscordFake;
      yield* fake.putGuild({ id: OTHER_GUILD, name: "Elsewhere", members: [MAYA] });
      const browser = yield* signedIn();
      yield* login(GUILD, null);
      yield* login(OTHER_GUILD, "refused: no admin role");
      yield* silence(10);
      assert.strictEqual((yield* browser.post("/auth/logout")).status, 204);
      assert.deepStrictEqual(yield* rowsOf("SELECT guild_id, actor FROM action_log WHERE name = 'logout'"), [
        { guildId: GUILD, actor: MAYA },
      ]);
    }).pipe(served()),
  );

  it.effect("the page of the dashboard says so, and not that there is nothing to steer", () =>
    Effect.gen(function* () {
      const { client } = yield* signedIn();
      yield* silence(10);
      const page = yield* Effect.promise(async () => (await client.fetch("/dashboard")).text());
      assert.include(page, "Discord does not say at the moment what you may steer");
      assert.notInclude(page, "You may steer:");
    }).pipe(served()),
  );
});

describe("a role that goes while Discord is asked about it", () => {
  it.effect("is not believed from the answer of before", () =>
    Effect.gen(function* () {
      const access = yield* Access;
      const fake = yield* DiscordFake;
      yield* fake.putMember(GUILD, admin());
      yield* fake.script("member", { _tag: "Late", millis: 1_000 });
      const asking = yield* Effect.fork(access.adminRungIn(GUILD, MAYA));
      yield* TestClock.adjust("500 millis");
      yield* fake.putMember(GUILD, member(MAYA));
      yield* access.forget(MAYA);
      yield* TestClock.adjust("500 millis");
      yield* Fiber.join(asking);
      assert.isNull(yield* access.adminRungIn(GUILD, MAYA));
    }).pipe(served()),
  );
});
