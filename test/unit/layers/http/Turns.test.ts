import { setImmediate as nextTurn } from "node:timers/promises";
import { assert, describe, it } from "vitest";
import { Turns } from "../../../../src/layers/http/Turns.js";

/** A clock that a job moves on by a millisecond, and what was run since the last look. */
const counted = (most = 100, turnMs = 4) => {
  let now = 0;
  const done: Array<string> = [];
  const turns = new Turns<string>({
    turnMs,
    most,
    now: () => now,
    run: (job) => {
      done.push(job);
      now += 1;
    },
  });
  return { turns, done, look: () => done.splice(0).join("") };
};

describe("jobs", () => {
  it("are run in the order in which they came, in turns of so many milliseconds", async () => {
    const { turns, look } = counted();
    for (const job of "abcdefghij") turns.offer(job, false);
    assert.strictEqual(look(), "");
    const turnsTaken: Array<string> = [];
    while (turnsTaken.join("").length < 10) {
      await nextTurn();
      turnsTaken.push(look());
    }
    assert.deepStrictEqual(
      turnsTaken.filter((turn) => turn !== ""),
      ["abcd", "efgh", "ij"],
    );
  });

  it("that are urgent go first", async () => {
    const { turns, look } = counted();
    for (const job of "abc") turns.offer(job, false);
    turns.offer("!", true);
    await nextTurn();
    assert.strictEqual(look(), "!abc");
  });

  it("find no room beyond the bound, and room again when some are done; urgent ones have room of their own", async () => {
    const { turns, look } = counted(3);
    assert.deepStrictEqual(
      [..."abcd"].map((job) => turns.offer(job, false)),
      [true, true, true, false],
    );
    assert.isTrue(turns.offer("!", true));
    await nextTurn();
    assert.strictEqual(look(), "!abc");
    for (const round of ["ab", "cde", "f"]) {
      for (const job of round) assert.isTrue(turns.offer(job, false));
      await nextTurn();
      assert.strictEqual(look(), round);
    }
  });

  it("are all run at once when told to", () => {
    const { turns, look } = counted();
    for (const job of "abcdefghij") turns.offer(job, false);
    turns.drain();
    assert.strictEqual(look(), "abcdefghij");
  });

  it("are not stuck behind one that throws", async () => {
    const done: Array<string> = [];
    const errors: Array<unknown> = [];
    const turns = new Turns<string>({
      turnMs: 4,
      most: 10,
      run: (job) => {
        if (job === "bad") throw new Error("bad");
        done.push(job);
      },
    });
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => errors.push(error));
    turns.offer("bad", false);
    turns.offer("good", false);
    await nextTurn();
    await nextTurn();
    for (const listener of others) process.on("uncaughtException", listener);
    assert.deepStrictEqual([done, errors.length], [["good"], 1]);
  });
});
