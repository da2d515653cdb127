import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { ChannelId, MessageId } from "../../../../src/domain/Ids.js";
import { openList, PAGE_SIZE } from "../../../../src/programs/views/OpenList.js";
import { application, at, GUILD, HOUR, MAYA, REVIEW_CHANNEL, ROBIN } from "../../../support/fixtures.js";
import { anyApplication } from "../../../support/fixtures-arbitrary.js";
import { customIdsOf, messageProblems } from "../../../support/limits.js";

const more = { before: false, after: false };
const textOf = (entries: ReadonlyArray<ReturnType<typeof application>>) =>
  openList(GUILD, "all", { entries, more, total: entries.length }).embeds?.[0]?.description;

const CARD = {
  cardChannelId: ChannelId.make(REVIEW_CHANNEL),
  cardMessageId: MessageId.make("700000000000000001"),
};

describe("the list of open applications", () => {
  it("says of each whose it is, since when it waits, and who has claimed it", () => {
    assert.strictEqual(textOf([application()]), `**#a1b2c3** <@${ROBIN}> (robin) · sent <t:1768478400:R>`);
    assert.match(
      textOf([application({ status: "claimed", claimedBy: MAYA, claimedAt: at(HOUR) })]) ?? "",
      / · claimed by <@\d+> <t:1768482000:R>$/,
    );
  });

  it("leads to the card", () => {
    assert.include(
      textOf([application(CARD)]),
      `[**#a1b2c3**](https://discord.com/channels/${GUILD}/${REVIEW_CHANNEL}/700000000000000001)`,
    );
  });

  it("has words for an empty queue", () => {
    const empty = { entries: [], more, total: 0 };
    assert.include(openList(GUILD, "all", empty).embeds?.[0]?.description, "No application is open");
    assert.include(openList(GUILD, "mine", empty).embeds?.[0]?.description, "You have claimed nothing");
  });

  it("leads only where there is more", () => {
    const buttons = (before: boolean, after: boolean) =>
      customIdsOf(
        openList(GUILD, "all", { entries: [application()], more: { before, after }, total: 9 }),
      ).map((id) => id.split(":")[3]);
    assert.deepStrictEqual(buttons(false, false), []);
    assert.deepStrictEqual(buttons(true, false), ["previous"]);
    assert.deepStrictEqual(buttons(true, true), ["previous", "next"]);
  });

  it.prop(
    "stays inside every limit of Discord",
    [fc.array(anyApplication, { maxLength: PAGE_SIZE }), fc.boolean()],
    ([some, withCard]) => {
      const entries = some.map((entry) => ({ ...entry, ...(withCard ? CARD : {}) }));
      const page = openList(GUILD, "mine", { entries, more: { before: true, after: true }, total: 4_000 });
      assert.deepStrictEqual(messageProblems(page), []);
    },
  );
});
