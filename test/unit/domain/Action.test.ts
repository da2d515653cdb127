import { assert, describe, it } from "@effect/vitest";
import { hashInput } from "../../../src/domain/Action.js";

const ROW = {
  prevHash: "0",
  id: "1",
  guildId: "2",
  seq: 3,
  name: "4",
  actor: "5",
  target: "6",
  applicationId: "7",
  ticketId: "8",
  reason: "9",
  details: "10",
  at: 11,
};
type Column = keyof typeof ROW;
const isColumn = (name: string): name is Column => name in ROW;

describe("what the hash of a log row covers", () => {
  it("is written in one order, for ever", () => {
    assert.strictEqual(hashInput(ROW), '["0","1","2",3,"4","5","6","7","8","9","10",11]');
  });

  it.each(Object.keys(ROW).filter(isColumn))("includes %s", (column) => {
    const changed = { ...ROW, [column]: typeof ROW[column] === "number" ? 99 : "x" };
    assert.notStrictEqual(hashInput(changed), hashInput(ROW));
  });

  it("tells nothing from the word null, and text in one column from text in the next", () => {
    assert.notStrictEqual(hashInput({ ...ROW, target: null }), hashInput({ ...ROW, target: "null" }));
    assert.notStrictEqual(
      hashInput({ ...ROW, reason: "a", details: null }),
      hashInput({ ...ROW, reason: null, details: "a" }),
    );
    assert.notStrictEqual(
      hashInput({ ...ROW, reason: 'a","b' }),
      hashInput({ ...ROW, reason: "a", details: "b" }),
    );
  });
});
