import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc, Schema } from "effect";
import { ApplicationId, createdAt, Millis, ShortCode, snowflakeAt, UserId } from "../../../src/domain/Ids.js";

const isUserId = Schema.is(UserId);
const isApplicationId = Schema.is(ApplicationId);
const isShortCode = Schema.is(ShortCode);
const isMillis = Schema.is(Millis);

describe("ids", () => {
  it.each([
    ["a Discord id of today", isUserId, "1427436615021629590", true],
    ["a Discord id of 2015", isUserId, "80351110224678912", true],
    ["a number", isUserId, 1427436615021629, false],
    ["a mention", isUserId, "<@1427436615021629590>", false],
    ["an id with a line end", isUserId, "1427436615021629590\n", false],
    ["16 digits", isUserId, "1234567890123456", false],
    ["21 digits", isUserId, "123456789012345678901", false],
    ["SQL", isUserId, "1 OR 1=1", false],
    ["a ULID", isApplicationId, "01ARZ3NDEKTSV4RRFFQ69G5FAV", true],
    ["a ULID in small letters", isApplicationId, "01arz3ndektsv4rrffq69g5fav", false],
    ["a ULID with letters that Crockford left out", isApplicationId, "01ARZ3NDEKTSV4RRFFQ69G5FAI", false],
    ["a code", isShortCode, "0a1b2c", true],
    ["a code in capitals", isShortCode, "0A1B2C", false],
    ["a code of five", isShortCode, "0a1b2", false],
    ["a code of seven", isShortCode, "0a1b2c3", false],
    ["a moment", isMillis, 1_760_000_000_000, true],
    ["a moment before 1970", isMillis, -1, false],
    ["half a millisecond", isMillis, 0.5, false],
  ])("%s", (_what, is, value, expected) => {
    assert.strictEqual(is(value), expected);
  });
});

describe("the age of a Discord id", () => {
  it("is what Discord documents", () => {
    // The example of https://discord.com/developers/docs/reference#snowflakes
    assert.strictEqual(createdAt("175928847299117063"), 1_462_015_105_796);
  });

  const moment = fc.date({ min: new Date("2015-02-01"), max: new Date("2080-01-01"), noInvalidDate: true });
  it.prop("comes back from the smallest id of that moment", [moment], ([date]) => {
    const id = snowflakeAt(date.getTime());
    assert.strictEqual(createdAt(id), date.getTime());
    assert.isBelow(createdAt(`${BigInt(id) - 1n}`), date.getTime());
  });

  it("begins in 2015, whatever earlier moment is asked for", () => {
    assert.strictEqual(snowflakeAt(0), snowflakeAt(1_420_070_400_000));
  });
});
