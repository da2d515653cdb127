import { assert, describe, expect, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { type Action, ActionName, SYSTEM_ACTOR } from "../../../../src/domain/Action.js";
import { ACTION_LOOKS } from "../../../../src/programs/views/ActionWords.js";
import { logEmbeds } from "../../../../src/programs/views/LogEmbed.js";
import { action, MAYA } from "../../../support/fixtures.js";
import { anyAction } from "../../../support/fixtures-arbitrary.js";
import { messageProblems } from "../../../support/limits.js";

const embedOf = (row: Action) => logEmbeds([row]).embeds?.[0];

describe("the log", () => {
  it("shows who did what to whom, why, and when", () => {
    expect(
      logEmbeds([
        action(),
        action({
          name: "kick",
          actor: MAYA,
          reason: "Spam, *lots* of it",
          details: { code: "a1b2c3", response_ms: 61_000 },
        }),
        action({
          name: "effect_failed",
          actor: SYSTEM_ACTOR,
          reason: "The role does not exist any more.",
          details: null,
        }),
      ]),
    ).toMatchSnapshot();
  });

  /** features.md F9 */
  it.each([
    ["app_submitted", 0x3498db],
    ["claim", 0x2ecc71],
    ["approve", 0x2ecc71],
    ["reject", 0xf1c40f],
    ["perm_reject", 0xe74c3c],
    ["kick", 0xe74c3c],
    ["modmail_open", 0x9b59b6],
    ["modmail_close", 0x95a5a6],
  ] as const)("shows %s in its colour", (name, color) => {
    assert.strictEqual(embedOf(action({ name }))?.color, color);
  });

  it("has words and a colour for every action", () => {
    expect(
      ActionName.literals.map((name) => {
        const { title, color } = embedOf(action({ name })) ?? {};
        return `${name}: ${title ?? ""} #${(color ?? 0).toString(16)}`;
      }),
    ).toMatchSnapshot();
  });

  it("says of what was done from the web where it was done", () => {
    const details = { code: "a1b2c3", response_ms: 61_000, via: "web" };
    const description = embedOf(action({ name: "approve", actor: MAYA, details }))?.description ?? "";
    assert.match(description, /^By <@\d+>, from the dashboard, about <@\d+>\n/);
    assert.notInclude(description, "via");
  });

  it("bears witness to the row: its number and the beginning of its hash", () => {
    const row = action();
    assert.include(embedOf(row)?.footer?.text, `row ${row.seq} · ${row.hash.slice(0, 12)}`);
  });

  it.each(ActionName.literals.map((name) => [name]))(
    "has words for %s, and keeps its permanent name",
    (name) => {
      const embed = embedOf(action({ name }));
      assert.include(embed?.title, ACTION_LOOKS[name].words);
      assert.include(embed?.footer?.text, name);
    },
  );

  it("says when something was so as Discord shows times", () => {
    const late = action({ name: "member_join", details: { joined_at: 1_700_000_000_000 } });
    assert.include(embedOf(late)?.description, "joined_at: <t:1700000000:R>");
  });

  it("does not say of somebody that they did something about themselves", () => {
    assert.notInclude(embedOf(action())?.description, "about");
    assert.include(embedOf(action({ actor: MAYA }))?.description, "about");
  });

  it("cuts a long reason, and leaves room for the details", () => {
    const reason = "a".repeat(500);
    const shown = embedOf(action({ reason, details: { role: "Member" } }))?.description;
    assert.include(shown, "a…");
    assert.include(shown, "role: Member");
    const long = embedOf(action({ reason, details: { text: "b".repeat(500) } }))?.description;
    assert.include(long, `a…\ntext: b`);
    assert.match(long ?? "", /b…$/);
  });

  it("fits eight of the fullest rows there can be into one message", () => {
    const row = action({
      name: "perm_reject",
      actor: MAYA,
      reason: "*".repeat(500),
      details: { code: "a1b2c3", long: "*".repeat(500), longer: "*".repeat(5_000) },
    });
    assert.deepStrictEqual(messageProblems(logEmbeds(Array.from({ length: 8 }, () => row))), []);
  });

  it.prop(
    "fits eight rows into one message, whatever they hold",
    [fc.array(anyAction, { minLength: 8, maxLength: 8 })],
    ([rows]) => {
      assert.deepStrictEqual(messageProblems(logEmbeds(rows)), []);
    },
  );

  it.prop("keeps each row's id whole: by it a message is found again", [anyAction], ([row]) => {
    assert.include(JSON.stringify(logEmbeds([row])), row.id);
  });

  it.prop("pings nobody", [anyAction], ([row]) => {
    assert.hasAllKeys(logEmbeds([row]), ["embeds"]);
  });
});
