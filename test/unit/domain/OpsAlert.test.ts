import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import type { Millis } from "../../../src/domain/Ids.js";
import {
  ALERT_KINDS,
  type AlertKind,
  type AlertState,
  CALM_MILLIS,
  COOL_DOWN_MILLIS,
  judge,
  MAX_TRIES,
  type OpsAlert,
  type Readings,
  untroubled,
} from "../../../src/domain/OpsAlert.js";
import { at, MINUTE } from "../../support/fixtures.js";

const LIMITS = { queueBacklog: 200, p95ResponseMs: 2_000, gatewayPingMs: 500 };
const MB = 1_048_576;
const WELL: Readings = {
  waitingEffects: 0,
  failedEffects: 0,
  answers: { count: 100, p95Millis: 200 },
  pingMillis: 40,
  fallbackBytes: 0,
  databaseBytes: 5 * MB,
  freeBytes: 100_000 * MB,
};

const toldOf = (readings: Partial<Readings>): ReadonlyArray<OpsAlert> =>
  judge({ ...WELL, ...readings }, LIMITS, [], at(0)).flatMap(({ alert }) => (alert === null ? [] : [alert]));

/** Operators who hear everything, or nobody, minute by minute. */
const watch = (kind: AlertKind, hears: () => boolean = () => true) => {
  let state: AlertState = untroubled(kind);
  return (readings: Partial<Readings>, now: Millis) => {
    const judged = judge({ ...WELL, ...readings }, LIMITS, [state], now);
    const mine = judged.find(({ until }) => until.kind === kind);
    assert.isDefined(mine);
    state = mine.alert !== null && hears() ? mine.then : mine.until;
    return mine.alert?.phase ?? (mine.givenUp ? "given up" : null);
  };
};
const MANY = { waitingEffects: 200 };

describe("trouble begins", () => {
  it("nowhere while all is well or nothing is known", () => {
    assert.deepStrictEqual(toldOf({}), []);
    assert.deepStrictEqual(
      toldOf({ answers: { count: 0, p95Millis: null }, pingMillis: null, freeBytes: null }),
      [],
    );
  });

  it.each<[AlertKind, Partial<Readings>, Partial<Readings>]>([
    ["backlog", { waitingEffects: 199 }, { waitingEffects: 200 }],
    [
      "slow_answers",
      { answers: { count: 20, p95Millis: 2_000 } },
      { answers: { count: 20, p95Millis: 2_000.1 } },
    ],
    ["slow_gateway", { pingMillis: 500 }, { pingMillis: 501 }],
    ["fallback_file", { fallbackBytes: 10 * MB }, { fallbackBytes: 10 * MB + 1 }],
    ["failed_effects", { failedEffects: 0 }, { failedEffects: 1 }],
    ["disk", { freeBytes: 512 * MB }, { freeBytes: 512 * MB - 1 }],
    [
      "disk",
      { freeBytes: 8_000 * MB, databaseBytes: 4_000 * MB },
      { freeBytes: 8_000 * MB - 1, databaseBytes: 4_000 * MB },
    ],
  ])("at its limit and not before it: %s", (kind, before, after) => {
    assert.deepStrictEqual(toldOf(before), []);
    assert.deepStrictEqual(
      toldOf(after).map(({ kind: told, phase }) => [told, phase]),
      [[kind, "begins"]],
    );
  });

  it("not because of one slow answer of a few, though a few fast ones show that it is over", () => {
    assert.deepStrictEqual(toldOf({ answers: { count: 19, p95Millis: 9_000 } }), []);
    const look = watch("slow_answers");
    assert.strictEqual(look({ answers: { count: 20, p95Millis: 9_000 } }, at(0)), "begins");
    assert.strictEqual(look({ answers: { count: 1, p95Millis: 100 } }, at(MINUTE)), null);
    assert.strictEqual(look({ answers: { count: 1, p95Millis: 100 } }, at(MINUTE + CALM_MILLIS)), "is over");
  });
});

describe("trouble that lasts", () => {
  it("is told again when the cool-down is over, and not a moment sooner", () => {
    const look = watch("backlog");
    assert.strictEqual(look(MANY, at(0)), "begins");
    assert.strictEqual(look(MANY, at(COOL_DOWN_MILLIS - 1)), null);
    assert.strictEqual(look(MANY, at(COOL_DOWN_MILLIS)), "goes on");
    assert.strictEqual(look(MANY, at(2 * COOL_DOWN_MILLIS - 1)), null);
    assert.strictEqual(look(MANY, at(2 * COOL_DOWN_MILLIS)), "goes on");
  });

  it("is not told again while it cannot be measured", () => {
    const look = watch("slow_gateway");
    assert.strictEqual(look({ pingMillis: 900 }, at(0)), "begins");
    assert.strictEqual(look({ pingMillis: null }, at(COOL_DOWN_MILLIS)), null);
    assert.strictEqual(look({ pingMillis: 900 }, at(COOL_DOWN_MILLIS + 1)), "goes on");
  });

  it("is told again of failed effects only when there are more of them", () => {
    const look = watch("failed_effects");
    assert.strictEqual(look({ failedEffects: 3 }, at(0)), "begins");
    assert.strictEqual(look({ failedEffects: 3 }, at(2 * COOL_DOWN_MILLIS)), null);
    assert.strictEqual(look({ failedEffects: 1 }, at(3 * COOL_DOWN_MILLIS)), null);
    assert.strictEqual(look({ failedEffects: 2 }, at(3 * COOL_DOWN_MILLIS + MINUTE)), "goes on");
  });
});

describe("trouble ends", () => {
  it("when it has not been seen for five minutes, and is told once", () => {
    const look = watch("backlog");
    look(MANY, at(0));
    assert.strictEqual(look({}, at(MINUTE)), null);
    assert.strictEqual(look({}, at(MINUTE + CALM_MILLIS - 1)), null);
    assert.strictEqual(look({}, at(MINUTE + CALM_MILLIS)), "is over");
    assert.strictEqual(look({}, at(100 * MINUTE)), null);
  });

  it("not while it comes and goes", () => {
    const look = watch("backlog");
    look(MANY, at(0));
    for (let minute = 1; minute < 30; minute += 1) {
      assert.strictEqual(look(minute % 4 === 0 ? MANY : {}, at(minute * MINUTE)), null);
    }
  });

  it("and what comes back is told no sooner than the cool-down, as what it is: a new beginning", () => {
    const look = watch("backlog");
    look(MANY, at(0));
    look({}, at(MINUTE));
    assert.strictEqual(look({}, at(6 * MINUTE)), "is over");
    assert.strictEqual(look(MANY, at(7 * MINUTE)), null);
    assert.strictEqual(look(MANY, at(30 * MINUTE)), "begins");
  });

  it("without a word where nobody had been told of it", () => {
    const look = watch("backlog", () => false);
    assert.strictEqual(look(MANY, at(0)), "begins");
    assert.strictEqual(look({}, at(MINUTE)), null);
    assert.strictEqual(look({}, at(20 * MINUTE)), null);
  });
});

describe("a message that does not get through", () => {
  it("is tried at every check, given up after some, and tried again after the cool-down", () => {
    const look = watch("backlog", () => false);
    for (let minute = 0; minute < MAX_TRIES; minute += 1) {
      assert.strictEqual(look(MANY, at(minute * MINUTE)), "begins");
    }
    const given = MAX_TRIES * MINUTE;
    assert.strictEqual(look(MANY, at(given)), "given up");
    assert.strictEqual(look(MANY, at(given + COOL_DOWN_MILLIS - 1)), null);
    assert.strictEqual(look(MANY, at(given + COOL_DOWN_MILLIS)), "begins");
  });

  it("is given up for good when it says that trouble is over", () => {
    let hears = true;
    const look = watch("backlog", () => hears);
    look(MANY, at(0));
    hears = false;
    look({}, at(0));
    for (let minute = 0; minute < MAX_TRIES; minute += 1) {
      assert.strictEqual(look({}, at(CALM_MILLIS + minute * MINUTE)), "is over");
    }
    assert.strictEqual(look({}, at(CALM_MILLIS + MAX_TRIES * MINUTE)), "given up");
    assert.strictEqual(look({}, at(10 * COOL_DOWN_MILLIS)), null);
  });
});

describe("however the numbers go", () => {
  const minutes = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 300 });
  it.prop(
    "nobody is alarmed twice within the cool-down, but for tries of one message",
    [minutes],
    ([steps]) => {
      let hears = true;
      const look = watch("backlog", () => hears);
      let last = -Infinity;
      steps.forEach(([bad, heard], minute) => {
        hears = heard;
        const told = look(bad ? MANY : {}, at(minute * MINUTE));
        if ((told === "begins" || told === "goes on") && heard) {
          assert.isAtLeast(minute * MINUTE - last, COOL_DOWN_MILLIS);
          last = minute * MINUTE;
        }
      });
    },
  );

  it("every kind is judged once", () => {
    assert.deepStrictEqual(
      judge(WELL, LIMITS, [], at(0)).map(({ then }) => then.kind),
      [...ALERT_KINDS],
    );
  });
});
