import { assert, describe, expect, it } from "@effect/vitest";
import { Option } from "effect";
import { ApplicationId, Millis, ShortCode } from "../../../../src/domain/Ids.js";
import { clean, plain } from "../../../../src/domain/Text.js";
import * as CustomId from "../../../../src/programs/kit/CustomId.js";
import { cardMarker, reviewCard } from "../../../../src/programs/views/ReviewCard.js";
import {
  action,
  ANSWERS,
  application,
  cardFacts,
  flag,
  HOUR,
  MAYA,
  NOW,
  sideEffect,
} from "../../../support/fixtures.js";
import { anyCardFacts } from "../../../support/fixtures-arbitrary.js";
import { hostileText } from "../../../support/fixtures-text.js";
import { customIdsOf, messageProblems } from "../../../support/limits.js";

const at = (millis: number) => Millis.make(NOW + millis);
const claimed = { status: "claimed", claimedBy: MAYA, claimedAt: at(HOUR) } as const;
const decided = { ...claimed, decidedBy: MAYA, decidedAt: at(2 * HOUR) } as const;

const STATES = {
  pending: cardFacts(),
  claimed: cardFacts({
    application: application(claimed),
    actions: [action({ name: "claim", actor: MAYA, at: at(HOUR) }), action()],
  }),
  approved: cardFacts({
    application: application({ ...decided, status: "approved" }),
    effects: [sideEffect({ state: "done" })],
  }),
  "approved, but the role could not be given": cardFacts({
    application: application({ ...decided, status: "approved" }),
    effects: [
      sideEffect({ state: "failed", lastError: "The role **Member** stands above the bot's own role." }),
    ],
  }),
  "rejected the second time": cardFacts({
    application: application({ ...decided, status: "rejected", reason: "Not *this* time" }),
    earlier: [
      application({
        ...decided,
        id: ApplicationId.make("00000000000000000000000009"),
        code: ShortCode.make("0000ff"),
        status: "rejected",
        reason: "Too few words",
      }),
    ],
    reapplyAt: at(26 * HOUR),
  }),
  withdrawn: cardFacts({ application: application({ status: "withdrawn", leftAt: at(HOUR) }) }),
};

const buttonsOf = (facts: typeof STATES.pending) =>
  customIdsOf(reviewCard(facts)).map((id) =>
    Option.match(CustomId.parse(id), {
      onNone: () => "?",
      onSome: ({ name, fields }) => [name, ...fields.slice(0, -1)].join(" "),
    }),
  );
const textOf = (facts: typeof STATES.pending) => JSON.stringify(reviewCard(facts).embeds);

describe("the review card", () => {
  it.each(Object.entries(STATES))("%s", (_state, facts) => {
    assert.deepStrictEqual(messageProblems(reviewCard(facts)), []);
    expect(reviewCard(facts)).toMatchSnapshot();
  });

  it("offers Claim while it waits, everything once it is claimed, and a look at the person when it is decided", () => {
    assert.deepStrictEqual(buttonsOf(STATES.pending), ["claim"]);
    assert.deepStrictEqual(buttonsOf(STATES.claimed), [
      "accept",
      "refuse reject",
      "refuse perm_reject",
      "refuse kick",
      "copy-uid",
      "avatar",
      "ping",
      "unclaim",
    ]);
    for (const status of ["approved", "rejected", "perm_rejected", "kicked", "withdrawn"] as const) {
      const facts = cardFacts({ application: application({ status }) });
      assert.deepStrictEqual(buttonsOf(facts), ["copy-uid", "avatar"], status);
    }
  });

  it("offers another try when a consequence of the decision failed, and says why it did", () => {
    const facts = STATES["approved, but the role could not be given"];
    assert.deepStrictEqual(buttonsOf(facts), ["retry", "copy-uid", "avatar"]);
    assert.include(textOf(facts), "Role: failed. The role **Member** stands above");
  });

  it("shows each question with its answer", () => {
    const fields = reviewCard(STATES.pending).embeds?.[0]?.fields ?? [];
    assert.deepStrictEqual(
      fields.slice(0, 5).map(({ name, value }) => [name, value]),
      ANSWERS.map(({ question, text }, index) => [`${index + 1}. ${question}`, text]),
    );
  });

  it("offers the full answers where it had to cut, in every state, and only there", () => {
    const long = (text: string, changes = {}) =>
      cardFacts({ application: application({ ...changes, answers: [{ question: "Why?", text }] }) });
    assert.notInclude(buttonsOf(long("x".repeat(1_000))), "answers");
    assert.include(buttonsOf(long("*".repeat(1_000))), "answers");
    const many = Array.from({ length: 5 }, () => ({ question: "Why?", text: "*".repeat(1_000) }));
    for (const state of [{}, claimed, { ...decided, status: "rejected" as const }]) {
      assert.include(
        buttonsOf(cardFacts({ application: application({ ...state, answers: many }) })),
        "answers",
      );
    }
    assert.include(
      buttonsOf(long("x", { ...decided, status: "rejected", reason: "y".repeat(400) })),
      "answers",
    );
  });

  it("gives the room that short answers leave to the long ones", () => {
    const texts = ["x", "x", "x", "y".repeat(1_000), "y".repeat(1_000)];
    const answers = texts.map((text, index) => ({ question: `Why ${index}?`, text }));
    const fields = reviewCard(cardFacts({ application: application({ answers }) })).embeds?.[0]?.fields ?? [];
    assert.deepStrictEqual(
      fields.slice(0, 5).map(({ value }) => value),
      texts,
    );
  });

  it("shows the newest of many earlier applications, and how many there were", () => {
    const earlier = (length: number) =>
      Array.from({ length }, () => application({ ...decided, status: "rejected" }));
    assert.include(
      textOf(cardFacts({ earlier: earlier(3) })),
      `**Reapplication**, rejected on <t:${(NOW + 2 * HOUR) / 1_000}:d> (3 before this one)`,
    );
    assert.include(textOf(cardFacts({ earlier: earlier(6) })), "(more than 5 before this one)");
  });

  it("says in one line who flagged the person, when and why", () => {
    const text = textOf(cardFacts({ flag: flag({ reason: "Sells\naccounts @everyone **now**" }) }));
    assert.match(
      text,
      /🚩 \*\*Flagged\*\* by <@\d+> <t:\d+:R>: Sells accounts @everyone \\+\*\\+\*now\\+\*\\+\*\\n/,
    );
    assert.notInclude(textOf(cardFacts()), "Flagged");
  });

  it("says who gave or took the accepted role by hand, as far as it is known", () => {
    const text = (role: { held: boolean; by: typeof MAYA | null }) =>
      textOf(cardFacts({ role: { ...role, at: at(HOUR) } }));
    assert.match(text({ held: true, by: MAYA }), /role was \*\*given by hand\*\* <t:\d+:R> by <@\d+>/);
    assert.match(text({ held: false, by: null }), /role was \*\*taken away by hand\*\* <t:\d+:R>\\n/);
  });

  it("says that somebody was unblocked since", () => {
    for (const status of ["perm_rejected", "kicked"] as const) {
      const facts = { application: application({ ...decided, status }) };
      assert.notInclude(textOf(cardFacts(facts)), "unblocked");
      assert.include(textOf(cardFacts({ ...facts, blocked: false })), "unblocked since, may apply again");
    }
  });

  it("calls what was said to an approval a note", () => {
    const facts = cardFacts({ application: application({ ...decided, status: "approved", reason: "Sure" }) });
    assert.include(textOf(facts), "Note: Sure");
  });

  it("says that nobody has answered a question, instead of being refused by Discord", () => {
    const facts = cardFacts({ application: application({ answers: [{ question: "Why?", text: "" }] }) });
    assert.deepStrictEqual(messageProblems(reviewCard(facts)), []);
  });
});

/** Everything at its longest, and of characters that take a backslash each. */
const FULLEST = cardFacts({
  application: application({
    ...decided,
    status: "rejected",
    username: "*".repeat(32),
    displayName: "*".repeat(32),
    leftAt: at(HOUR),
    reason: "*".repeat(500),
    answers: Array.from({ length: 5 }, () => ({ question: "*".repeat(500), text: "*".repeat(1_000) })),
  }),
  earlier: Array.from({ length: 6 }, () =>
    application({ ...decided, status: "kicked", reason: "*".repeat(500) }),
  ),
  actions: Array.from({ length: 3 }, () => action({ name: "perm_reject", actor: MAYA })),
  effects: Array.from({ length: 5 }, () => sideEffect({ state: "failed", lastError: "*".repeat(500) })),
  reapplyAt: at(26 * HOUR),
});

describe("whatever people typed", () => {
  it("the fullest card there can be is inside every limit of Discord", () => {
    assert.deepStrictEqual(messageProblems(reviewCard(FULLEST)), []);
  });

  it.prop("the card stays inside every limit of Discord", [anyCardFacts], ([facts]) => {
    assert.deepStrictEqual(messageProblems(reviewCard(facts)), []);
  });

  it.prop("the card can be told by its marker", [anyCardFacts], ([facts]) => {
    assert.include(textOf(facts), JSON.stringify(cardMarker(facts.application)).slice(1, -1));
  });

  it.prop("the card shows an answer that fits as it was typed", [hostileText], ([typed]) => {
    const text = [...clean(typed)].slice(0, 250).join("");
    if (text === "") return;
    const facts = cardFacts({ application: application({ answers: [{ question: "Why?", text }] }) });
    assert.strictEqual(reviewCard(facts).embeds?.[0]?.fields?.[0]?.value, plain(text));
  });

  it.prop("the card pings nobody", [anyCardFacts], ([facts]) => {
    assert.notProperty(reviewCard(facts), "pings");
    assert.notProperty(reviewCard(facts), "content");
  });
});
