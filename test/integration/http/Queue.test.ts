import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { GUILD, member, OTHER_GUILD, reviewer, ROBIN } from "../../support/fixtures.js";
import { apply, setUp } from "../../support/layers.js";
import { served, signedIn, stranger } from "../../support/layers-web.js";

const QUEUE = `/api/queue?guild=${GUILD}`;

describe("GET /api/queue", () => {
  it.effect("shows an admin what waits for a decision", () =>
    Effect.gen(function* () {
      yield* setUp();
      yield* apply();
      const browser = yield* signedIn();
      const { status, body } = yield* browser.get(QUEUE);
      assert.strictEqual(status, 200);
      assert.deepInclude(body, { total: 1, next: null });
    }).pipe(served()),
  );

  it.effect("shows nobody else anything: not strangers, not moderators, not admins of other guilds", () =>
    Effect.gen(function* () {
      const nobody = yield* stranger;
      assert.deepStrictEqual(yield* nobody.get(QUEUE), { status: 401, body: { _tag: "NotSignedIn" } });
      for (const who of [member(ROBIN), reviewer()]) {
        const browser = yield* signedIn(who);
        assert.deepStrictEqual(yield* browser.get(QUEUE), { status: 404, body: { _tag: "UnknownGuild" } });
      }
      const browser = yield* signedIn();
      for (const guild of [OTHER_GUILD, "7", ""]) {
        const { status, body } = yield* browser.get(`/api/queue?guild=${guild}`);
        assert.deepStrictEqual({ status, body }, { status: 404, body: { _tag: "UnknownGuild" } });
      }
    }).pipe(served()),
  );
});
