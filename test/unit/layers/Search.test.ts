import { assert, describe, it } from "@effect/vitest";
import { MESSAGES_A_PAGE, type Place, search } from "../../../src/layers/discord/Search.js";

interface Message {
  readonly id: string;
}

/** A channel as Discord pages it, with so many messages after the id 1000. */
const channel = (count: number) => {
  const all: ReadonlyArray<Message> = Array.from({ length: count }, (_, n) => ({ id: `${1_001 + n}` }));
  let requests = 0;
  const pageAt = (place: Place) => {
    requests += 1;
    if ("after" in place)
      return Promise.resolve(all.filter(({ id }) => +id > +place.after).slice(0, MESSAGES_A_PAGE));
    const older = "before" in place ? all.filter(({ id }) => +id < +place.before) : all;
    return Promise.resolve(older.slice(-MESSAGES_A_PAGE));
  };
  return {
    requests: () => requests,
    find: (id: number) => search("1000", pageAt, (message) => message.id === `${id}`),
  };
};

describe("the search for a message", () => {
  it.each([1, 2, 99, 100, 101, 102, 250, 999, 1_000])(
    "finds any one that was posted since, among %i",
    async (count) => {
      for (const place of [1, 2, 50, 99, 100, 101, 102, 199, 200, 201, 500, count - 1, count]) {
        if (place < 1 || place > count) continue;
        const found = await channel(count).find(1_000 + place);
        assert.strictEqual(found?.id, `${1_000 + place}`);
      }
    },
  );

  it("does not find what was posted before", async () => {
    assert.isUndefined(await channel(300).find(1_000));
  });

  it("costs one request where little was posted since, or where it stood right there", async () => {
    const quiet = channel(40);
    assert.isUndefined(await quiet.find(9_999));
    assert.strictEqual(quiet.requests(), 1);
    const busy = channel(5_000);
    await busy.find(1_003);
    assert.strictEqual(busy.requests(), 1);
  });

  it("costs ten requests at most, and finds the newest before what lies in between", async () => {
    const busy = channel(5_000);
    assert.isUndefined(await busy.find(3_500));
    assert.strictEqual(busy.requests(), 10);
    assert.strictEqual((await channel(5_000).find(5_950))?.id, "5950");
  });
});
