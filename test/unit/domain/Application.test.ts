import { assert, describe, it } from "@effect/vitest";
import { Either, FastCheck as fc } from "effect";
import {
  type ApplicationEvent,
  DECIDED_STATUS,
  type ReviewState,
  Status,
  transition,
} from "../../../src/domain/Application.js";
import { ShortCode } from "../../../src/domain/Ids.js";
import { MAYA, NOAH, ROBIN } from "../../support/fixtures.js";

const CODE = ShortCode.make("a1b2c3");
const STATUSES = Status.literals;

/** Every event there is, and for each state what comes of it: a state, or the name of the refusal. */
const claimedByMaya = { status: "claimed", claimedBy: MAYA } as const;
const EVENTS = {
  submit: { _tag: "submit" },
  "claim by Maya": { _tag: "claim", by: MAYA },
  "claim by Noah": { _tag: "claim", by: NOAH },
  "unclaim by Maya": { _tag: "unclaim", by: MAYA, admin: false },
  "unclaim by Noah": { _tag: "unclaim", by: NOAH, admin: false },
  "unclaim by Noah, an admin": { _tag: "unclaim", by: NOAH, admin: true },
  "stale release": { _tag: "stale_release" },
  withdraw: { _tag: "withdraw" },
  "approve by Maya": { _tag: "decide", kind: "approve", by: MAYA },
  "approve by Noah": { _tag: "decide", kind: "approve", by: NOAH },
  "reject by Maya": { _tag: "decide", kind: "reject", by: MAYA },
  "reject by Noah": { _tag: "decide", kind: "reject", by: NOAH },
  "perm reject by Maya": { _tag: "decide", kind: "perm_reject", by: MAYA },
  "perm reject by Noah": { _tag: "decide", kind: "perm_reject", by: NOAH },
  "kick by Maya": { _tag: "decide", kind: "kick", by: MAYA },
  "kick by Noah": { _tag: "decide", kind: "kick", by: NOAH },
} as const satisfies Record<string, ApplicationEvent>;
type EventName = keyof typeof EVENTS;

/** features.md F5. What is not named here is illegal. Where a state is claimed, Maya has claimed it. */
const LEGAL: Partial<Record<Status, Partial<Record<EventName, string>>>> = {
  draft: { submit: "pending", withdraw: "withdrawn" },
  pending: {
    "claim by Maya": `claimed by ${MAYA}`,
    "claim by Noah": `claimed by ${NOAH}`,
    withdraw: "withdrawn",
  },
  claimed: {
    "claim by Maya": "AlreadyClaimed",
    "claim by Noah": "AlreadyClaimed",
    "unclaim by Maya": "pending",
    "unclaim by Noah": "NotClaimer",
    "unclaim by Noah, an admin": "pending",
    "stale release": "pending",
    withdraw: `withdrawn by ${MAYA}`,
    "approve by Maya": `approved by ${MAYA}`,
    "approve by Noah": "NotClaimer",
    "reject by Maya": `rejected by ${MAYA}`,
    "reject by Noah": "NotClaimer",
    "perm reject by Maya": `perm_rejected by ${MAYA}`,
    "perm reject by Noah": "NotClaimer",
    "kick by Maya": `kicked by ${MAYA}`,
    "kick by Noah": "NotClaimer",
  },
};

const nameOf = (result: ReturnType<typeof transition>): string =>
  Either.match(result, {
    onLeft: ({ _tag }) => _tag,
    onRight: ({ status, claimedBy }) => (claimedBy === null ? status : `${status} by ${claimedBy}`),
  });

const isEventName = (name: string): name is EventName => name in EVENTS;

describe("what can happen to an application", () => {
  const cases = STATUSES.flatMap((status) =>
    Object.keys(EVENTS)
      .filter(isEventName)
      .map((event) => [status, event, LEGAL[status]?.[event] ?? "IllegalTransition"] as const),
  );

  it.each(cases)("%s, %s: %s", (status, event, expected) => {
    const state = { code: CODE, ...(status === "claimed" ? claimedByMaya : { status, claimedBy: null }) };
    assert.strictEqual(nameOf(transition(state, EVENTS[event])), expected);
  });

  it("names whoever has claimed it to somebody else", () => {
    const refused = transition({ code: CODE, ...claimedByMaya }, EVENTS["kick by Noah"]);
    assert.deepInclude(Either.getOrThrow(Either.flip(refused)), { code: CODE, claimedBy: MAYA });
  });

  it("says which move was refused, and in which state", () => {
    const refused = transition({ code: CODE, status: "approved", claimedBy: MAYA }, EVENTS["kick by Maya"]);
    assert.deepInclude(Either.getOrThrow(Either.flip(refused)), {
      _tag: "IllegalTransition",
      status: "approved",
      attempted: "kick",
    });
  });
});

const person = fc.constantFrom(MAYA, NOAH, ROBIN);
const anyEvent: fc.Arbitrary<ApplicationEvent> = fc.oneof(
  fc.record({ _tag: fc.constant("submit" as const) }),
  fc.record({ _tag: fc.constant("claim" as const), by: person }),
  fc.record({ _tag: fc.constant("unclaim" as const), by: person, admin: fc.boolean() }),
  fc.record({ _tag: fc.constant("stale_release" as const) }),
  fc.record({ _tag: fc.constant("withdraw" as const) }),
  fc.record({
    _tag: fc.constant("decide" as const),
    by: person,
    kind: fc.constantFrom("approve" as const, "reject" as const, "perm_reject" as const, "kick" as const),
  }),
);

const START: ReviewState = { code: CODE, status: "draft", claimedBy: null };
/** Every state on the way; a refused event leaves the state as it was. */
const walk = (events: ReadonlyArray<ApplicationEvent>): ReadonlyArray<ReviewState> => {
  const states = [START];
  for (const event of events) {
    const state = states.at(-1) ?? START;
    states.push(Either.getOrElse(transition(state, event), () => state));
  }
  return states;
};
const histories = fc.array(anyEvent, { maxLength: 40 });

describe("whatever happens, in whatever order", () => {
  const FINAL: ReadonlyArray<Status> = [...Object.values(DECIDED_STATUS), "withdrawn"];
  const NEXT: Record<Status, ReadonlyArray<Status>> = {
    draft: ["pending", "withdrawn"],
    pending: ["claimed", "withdrawn"],
    claimed: ["pending", ...FINAL],
    approved: [],
    rejected: [],
    perm_rejected: [],
    kicked: [],
    withdrawn: [],
  };

  it.prop("only ways that features.md F5 draws are taken", [histories], ([events]) => {
    const states = walk(events);
    states.slice(1).forEach((state, index) => {
      const before = states[index] ?? START;
      if (state.status !== before.status) assert.include(NEXT[before.status], state.status);
      assert.strictEqual(state.code, CODE);
    });
  });

  it.prop("a claimed application always has a claimer, an unclaimed one never", [histories], ([events]) => {
    for (const { status, claimedBy } of walk(events)) {
      if (status === "claimed") assert.isNotNull(claimedBy);
      if (status === "draft" || status === "pending") assert.isNull(claimedBy);
    }
  });

  it.prop("a decided or withdrawn application stays as it is", [histories], ([events]) => {
    const states = walk(events);
    const first = states.findIndex(({ status }) => FINAL.includes(status));
    if (first >= 0) for (const state of states.slice(first)) assert.deepStrictEqual(state, states[first]);
  });

  it.prop("only the claimer decides", [histories, anyEvent], ([events, event]) => {
    const state = walk(events).at(-1) ?? START;
    if (event._tag !== "decide" || Either.isLeft(transition(state, event))) return;
    assert.deepInclude(state, { status: "claimed", claimedBy: event.by });
  });
});
