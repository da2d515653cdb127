/** Applications, log rows and side effects at their worst, for views that have to show them. */
import { FastCheck as fc } from "effect";
import { ActionName, type Details, SYSTEM_ACTOR } from "../../src/domain/Action.js";
import { type Application, Status } from "../../src/domain/Application.js";
import type { CardFacts } from "../../src/domain/CardFacts.js";
import { Millis } from "../../src/domain/Ids.js";
import { ANSWER_MAX, MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../src/domain/Settings.js";
import { type Consequence, SideEffectState } from "../../src/domain/SideEffect.js";
import { clean } from "../../src/domain/Text.js";
import {
  action,
  application,
  flag,
  DAY,
  GENERAL_CHANNEL,
  MAYA,
  MEMBER_ROLE,
  NOAH,
  NOW,
  ROBIN,
  REVIEW_CHANNEL,
  sideEffect,
  userId,
} from "./fixtures.js";
import { hostileText, textUpTo } from "./fixtures-text.js";

/** Names as Discord gives them: of whole characters, and never blank. */
export const name = (max: number) =>
  textUpTo(max).map((text) => {
    const sound = text.replace(/\p{Surrogate}/gu, "").trim();
    return sound === "" ? "x" : sound;
  });

/** Text that somebody was asked for: stored clean, and at least one character of it. */
const given = (max: number) => textUpTo(max).map((text) => clean(text) || "x");

export const question = fc.oneof(given(45), given(100), given(MAX_QUESTION_LENGTH));
export const questions = fc.uniqueArray(question, { minLength: 1, maxLength: MAX_QUESTIONS });
export const reason = given(500);
/** Whatever length, but whole characters. */
const anyText = hostileText.map(clean);
const answerText = hostileText.map((text) => [...clean(text)].slice(0, ANSWER_MAX).join(""));
const answers = fc.array(fc.record({ question, text: answerText }), { maxLength: MAX_QUESTIONS });

const moment = fc.integer({ min: NOW - 365 * DAY, max: NOW }).map((at) => Millis.make(at));
const maybe = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null });
const person = fc.constantFrom(ROBIN, MAYA, NOAH, userId(99, 10 * DAY));

export const anyApplication: fc.Arbitrary<Application> = fc
  .record({
    userId: person,
    username: name(100),
    displayName: name(100),
    joinedAt: maybe(moment),
    status: fc.constantFrom(...Status.literals),
    answers,
    submittedAt: maybe(moment),
    claimedBy: maybe(person),
    claimedAt: maybe(moment),
    decidedBy: maybe(person),
    decidedAt: maybe(moment),
    reason: maybe(reason),
    leftAt: maybe(moment),
  })
  .map(application);

export const anyAction = fc
  .record({
    name: fc.constantFrom(...ActionName.literals),
    actor: fc.oneof(person, fc.constant<typeof SYSTEM_ACTOR>(SYSTEM_ACTOR)),
    target: maybe(person),
    reason: maybe(fc.oneof(reason, anyText)),
    details: maybe(
      fc
        .tuple(
          fc.constantFrom({}, { code: "a1b2c3" }),
          fc.dictionary(
            name(40).filter((key) => key !== "code"),
            fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null)),
            { maxKeys: 10 },
          ),
        )
        .map(([code, more]): Details => ({ ...code, ...more })),
    ),
    at: moment,
  })
  .map(action);

const consequence: fc.Arbitrary<Consequence> = fc.constantFrom<Consequence[]>(
  { _tag: "GrantRole", userId: ROBIN, roleId: MEMBER_ROLE },
  { _tag: "KickMember", userId: ROBIN, reason: null },
  { _tag: "DecisionMessage", userId: ROBIN, topic: "approved", reason: null },
  { _tag: "WelcomePost", channelId: GENERAL_CHANNEL, userId: ROBIN },
  { _tag: "PingPost", channelId: GENERAL_CHANNEL, userId: ROBIN },
  { _tag: "DrawCard", channelId: REVIEW_CHANNEL, posted: true },
);

export const anySideEffect = fc
  .record({
    payload: consequence,
    state: fc.constantFrom(...SideEffectState.literals),
    outcome: maybe(fc.oneof(fc.constantFrom("dm_closed", "left"), given(100))),
    lastError: maybe(given(500)),
  })
  .map(({ payload, ...rest }) => sideEffect({ ...rest, payload, kind: payload._tag }));

export const anyCardFacts: fc.Arbitrary<CardFacts> = fc.record({
  application: anyApplication,
  earlier: fc.array(anyApplication, { maxLength: 6 }),
  actions: fc.array(anyAction, { maxLength: 3 }),
  effects: fc.array(anySideEffect, { maxLength: 12 }),
  reapplyAt: maybe(moment),
  blocked: fc.boolean(),
  flag: maybe(fc.record({ flaggedBy: person, reason, at: moment }).map(flag)),
  role: maybe(fc.record({ held: fc.boolean(), by: maybe(person), at: moment })),
});
