import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { ActionId, ChannelId } from "../../../src/domain/Ids.js";
import { backoffMillis, type Consequence, laneOf, MAX_ATTEMPTS } from "../../../src/domain/SideEffect.js";
import { GENERAL_CHANNEL, GUILD, MEMBER_ROLE, NOAH, OTHER_GUILD, ROBIN } from "../../support/fixtures.js";

describe("the time between two attempts", () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [9, 256_000],
    [10, 300_000],
    [299, 300_000],
  ])("after attempt %i is %i milliseconds", (attempts, expected) => {
    assert.strictEqual(backoffMillis(attempts, 0.5), expected);
  });

  it("is spread by a tenth either way, so that not all come back at once", () => {
    assert.strictEqual(backoffMillis(4, 0), 7_200);
    assert.strictEqual(backoffMillis(4, 0.999_999), 8_800);
  });

  const attempts = fc.integer({ min: 0, max: MAX_ATTEMPTS });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  it.prop(
    "is never shorter than 0.9 seconds nor longer than five and a half minutes",
    [attempts, random],
    ([n, r]) => {
      assert.isAtLeast(backoffMillis(n, r), 900);
      assert.isAtMost(backoffMillis(n, r), 330_000);
      assert.isTrue(Number.isInteger(backoffMillis(n, r)));
    },
  );

  it.prop("never shrinks from attempt to attempt", [attempts, random], ([n, r]) => {
    assert.isAtLeast(backoffMillis(n + 1, r), backoffMillis(n, r));
  });

  it("adds up to about a day before a side effect is given up", () => {
    const total = Array.from({ length: MAX_ATTEMPTS }, (_, n) => backoffMillis(n + 1, 0.5)).reduce(
      (a, b) => a + b,
    );
    assert.isAbove(total, 20 * 3_600_000);
    assert.isBelow(total, 30 * 3_600_000);
  });
});

const OTHER_CHANNEL = ChannelId.make("800000000000000009");
const actionId = ActionId.make("00000000000000000000000001");
const role: Consequence = { _tag: "GrantRole", userId: ROBIN, roleId: MEMBER_ROLE };
const kick: Consequence = { _tag: "KickMember", userId: ROBIN, reason: null };
const told: Consequence = { _tag: "DecisionMessage", userId: ROBIN, topic: "approved", reason: null };
const received: Consequence = { _tag: "ReceivedMessage", userId: ROBIN };
const welcome: Consequence = { _tag: "WelcomePost", channelId: GENERAL_CHANNEL, userId: ROBIN };
const log: Consequence = { _tag: "LogPost", actionId };
const gate: Consequence = { _tag: "GateMessage", channelId: GENERAL_CHANNEL };
const newCard: Consequence = { _tag: "DrawCard", channelId: GENERAL_CHANNEL, posted: false };
const oldCard: Consequence = { _tag: "DrawCard", channelId: GENERAL_CHANNEL, posted: true };

const lane = (consequence: Consequence) => laneOf(GUILD, consequence);

describe("a lane", () => {
  it("is shared by what Discord counts together", () => {
    assert.strictEqual(lane({ ...role, userId: NOAH }), lane(role));
    assert.strictEqual(lane({ ...kick, userId: NOAH }), lane(kick));
    assert.strictEqual(lane(received), lane(told));
    assert.strictEqual(new Set([welcome, gate, newCard].map(lane)).size, 1);
  });

  it("is different where Discord counts apart", () => {
    const lanes = [role, kick, told, welcome, oldCard, log].map(lane);
    assert.strictEqual(new Set(lanes).size, lanes.length);
    assert.notStrictEqual(lane({ ...told, userId: NOAH }), lane(told));
    assert.notStrictEqual(laneOf(OTHER_GUILD, log), lane(log));
    assert.notStrictEqual(lane({ ...oldCard, channelId: OTHER_CHANNEL }), lane(oldCard));
    assert.notStrictEqual(laneOf(OTHER_GUILD, role), lane(role));
    assert.notStrictEqual(laneOf(OTHER_GUILD, kick), lane(kick));
  });
});
