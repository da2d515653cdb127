import { assert, describe, it } from "@effect/vitest";
import { pendingOf, problemOf } from "../../../src/layers/database/History.js";

const one = { id: 1, name: "front_door", checksum: "aaa" };
const two = { id: 2, name: "modmail", checksum: "bbb" };
const three = { id: 3, name: "flags", checksum: "ccc" };
const known = [one, two, three];

describe("the history of a database", () => {
  it("may be any beginning of what is known, also from before checksums were kept", () => {
    for (const applied of [[], [one], [one, two], known, [{ ...one, checksum: null }, two]]) {
      assert.isNull(problemOf(applied, known));
    }
  });

  it("leaves the rest to be applied", () => {
    assert.deepStrictEqual(pendingOf([], known), known);
    assert.deepStrictEqual(pendingOf([one, two], known), [three]);
    assert.deepStrictEqual(pendingOf(known, known), []);
  });

  it.each([
    ["is newer than the program", [one, two, three, { ...three, id: 4, name: "x" }], /newer version.*0004_x/],
    ["has a gap", [one, three], /0002_modmail was never applied to it, but 0003_flags was/],
    [
      "has another migration",
      [one, { ...two, name: "tickets" }],
      /is 0002_tickets there and 0002_modmail here/,
    ],
    ["has one that was edited", [{ ...one, checksum: "zzz" }, two], /0001_front_door was changed after/],
  ])("that %s is refused, with what to do", (_, applied, words) => {
    const problem = problemOf(applied, known);
    assert.match(problem ?? "", words);
    assert.match(problem ?? "", /(Deploy|Restore) .*\.$/);
  });
});
