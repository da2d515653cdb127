import { assert, describe, expect, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { DecisionTopic } from "../../../../src/domain/SideEffect.js";
import * as DirectMessages from "../../../../src/programs/views/DirectMessages.js";
import { gateMessage } from "../../../../src/programs/views/GateMessage.js";
import { tokenValues } from "../../../../src/domain/TokenValues.js";
import { application, GUILD, HOUR, MAYA, NOW, ROBIN, settings } from "../../../support/fixtures.js";
import { anyApplication, name, reason } from "../../../support/fixtures-arbitrary.js";
import { textUpTo } from "../../../support/fixtures-text.js";
import { messageProblems } from "../../../support/limits.js";

const DEN = {
  id: GUILD,
  name: "The Den",
  memberCount: 42,
  ownerId: MAYA,
  available: true,
  iconUrl: null,
  bannerUrl: null,
};
const VALUES = tokenValues(DEN, settings(), { ...application(), id: ROBIN }, NOW);
const LATER = NOW + 24 * HOUR;

const told = (topic: DecisionTopic, why: string | null, reapplyAt: number | null = null) =>
  DirectMessages.decision(DEN, settings(), application(), topic, why, reapplyAt, VALUES);
const textOf = (message: ReturnType<typeof told>) => JSON.stringify(message);

describe("direct messages", () => {
  it("confirm that an application is in", () => {
    expect(DirectMessages.received(DEN, application())).toMatchSnapshot();
  });

  it.each([
    ["approved", null, null],
    ["rejected", "Too few words", LATER],
    ["perm_rejected", "Spam", null],
    ["kicked", "Spam", null],
  ] as const)("tell the outcome: %s", (topic, why, reapplyAt) => {
    expect(told(topic, why, reapplyAt)).toMatchSnapshot();
  });

  it("say when one may apply again, and only then when one may", () => {
    assert.include(textOf(told("rejected", "no", LATER)), `<t:${LATER / 1000}:R>`);
    assert.notInclude(textOf(told("rejected", "no", null)), "apply again");
    assert.include(textOf(told("perm_rejected", "no", LATER)), "cannot apply here again");
    assert.notInclude(textOf(told("kicked", "no", LATER)), "<t:");
  });

  it("never name the moderator", () => {
    const decided = application({ decidedBy: ROBIN, claimedBy: ROBIN });
    const message = DirectMessages.decision(DEN, settings(), decided, "rejected", "no", null, VALUES);
    assert.notInclude(textOf(message), ROBIN);
  });

  it.prop("can be told by their marker", [anyApplication, name(100)], ([applied, guild]) => {
    const message = textOf(DirectMessages.received({ ...DEN, name: guild }, applied));
    assert.include(message, JSON.stringify(DirectMessages.dmMarker(applied, "received")).slice(1, -1));
  });

  const template = textUpTo(4_000).map(
    (text) => `${text.replace(/\p{Surrogate}/gu, "")} {applicant.display} {guild.name}`,
  );
  it.prop(
    "stay inside every limit of Discord, whatever the names, the reason and the template",
    [
      anyApplication,
      name(100),
      fc.option(reason, { nil: null }),
      template,
      fc.constantFrom(...DecisionTopic.literals),
    ],
    ([applied, guild, why, text, topic]) => {
      const den = { ...DEN, name: guild };
      const own = settings({
        approvalTemplate: text,
        rejectionTemplate: text,
        kickTemplate: text,
        gateTemplate: text,
      });
      const values = tokenValues(den, own, { ...applied, id: applied.userId }, NOW);
      assert.deepStrictEqual(messageProblems(DirectMessages.received(den, applied)), []);
      assert.deepStrictEqual(
        messageProblems(DirectMessages.decision(den, own, applied, topic, why, LATER, values)),
        [],
      );
      assert.deepStrictEqual(messageProblems(gateMessage(own, values)), []);
    },
  );
});

describe("the gate message", () => {
  it("welcomes, and has one green Verify button", () => {
    expect(gateMessage(settings(), tokenValues(DEN, settings(), null, NOW))).toMatchSnapshot();
  });

  it("is cut inside Discord's limit, however long its template becomes", () => {
    const gateTemplate = "{guild.name} ".repeat(300);
    const values = tokenValues({ ...DEN, name: "*".repeat(100) }, settings(), null, NOW);
    assert.deepStrictEqual(messageProblems(gateMessage(settings({ gateTemplate }), values)), []);
  });
});
