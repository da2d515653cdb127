import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { Gate } from "../../../src/services/Gate.js";
import { Applications } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { ANSWERS, at, GUILD, MAYA, member, NOAH, NOW, ROBIN } from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());
const leave = Effect.flatMap(Gate, (gate) => gate.memberLeft(GUILD, ROBIN));
const moderator = { id: MAYA, admin: false, via: "command" } as const;
const robins = { _tag: "Person", userId: ROBIN } as const;

describe("a member who joins", () => {
  it.effect("is recorded, set up or not, so that the way to the application can be measured", () =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      yield* gate.membersJoined(GUILD, [{ userId: ROBIN, joinedAt: at(0) }]);
      assert.deepStrictEqual(yield* rowsOf("SELECT name, actor, target, at FROM action_log"), [
        { name: "member_join", actor: ROBIN, target: ROBIN, at: NOW },
      ]);
    }).pipe(inWorld),
  );
});

describe("a member who leaves", () => {
  it.effect.each(["pending", "claimed"])(
    "withdraws the application that is %s, and the card says so",
    (state) =>
      Effect.gen(function* () {
        yield* setUp();
        const { id } = yield* apply();
        const reviews = yield* Reviews;
        const applications = yield* Applications;
        if (state === "claimed") yield* reviews.claim(GUILD, robins, moderator);
        yield* rowsOf("UPDATE side_effect SET state = 'done'");
        yield* leave;
        const { application } = yield* applications.card(GUILD, id);
        assert.deepInclude(application, { status: "withdrawn", leftAt: at(0) });
        assert.deepStrictEqual(
          yield* rowsOf("SELECT actor, target, application_id FROM action_log WHERE name = 'withdraw'"),
          [{ actor: "system", target: ROBIN, applicationId: id }],
        );
        assert.deepStrictEqual(yield* rowsOf("SELECT kind FROM side_effect WHERE state = 'waiting'"), [
          { kind: "DrawCard" },
        ]);
      }).pipe(inWorld),
  );

  it.effect("loses the draft, and moderators never hear of it", () =>
    Effect.gen(function* () {
      yield* setUp();
      const gate = yield* Gate;
      const applications = yield* Applications;
      yield* gate.saveDraft(GUILD, member(), ANSWERS.slice(0, 1));
      yield* leave;
      assert.deepStrictEqual(yield* rowsOf("SELECT id FROM side_effect WHERE kind = 'DrawCard'"), []);
      const { draft } = yield* gate.invite(GUILD, member());
      assert.deepStrictEqual(draft, []);
      const { id } = yield* apply();
      const { earlier } = yield* applications.card(GUILD, id);
      assert.deepStrictEqual(earlier, [], "what was never sent is no earlier application");
    }).pipe(inWorld),
  );

  it.effect("who comes back may apply again at once, and the card tells of the first time", () =>
    Effect.gen(function* () {
      yield* setUp();
      const first = yield* apply();
      yield* leave;
      const second = yield* apply();
      assert.notStrictEqual(second.code, first.code);
      const { earlier } = yield* Effect.flatMap(Applications, (applications) =>
        applications.card(GUILD, second.id),
      );
      assert.deepStrictEqual(
        earlier.map(({ code, status }) => [code, status]),
        [[first.code, "withdrawn"]],
      );
    }).pipe(inWorld),
  );

  it.effect("without an open application changes nothing, and neither does somebody else's leaving", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply(member(NOAH));
      const before = yield* rowsOf("SELECT * FROM application, action_log");
      yield* leave;
      assert.deepStrictEqual(yield* rowsOf("SELECT * FROM application, action_log"), before);
    }).pipe(inWorld),
  );
});
