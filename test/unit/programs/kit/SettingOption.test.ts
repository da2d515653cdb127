import { assert, describe, it } from "@effect/vitest";
import { Either, FastCheck as fc } from "effect";
import { SETTINGS } from "../../../../src/domain/SettingsTable.js";
import { rolesOf } from "../../../../src/programs/kit/SettingOption.js";
import { MEMBER_ROLE, REVIEWER_ROLE } from "../../../support/fixtures.js";
import { hostileText } from "../../../support/fixtures-text.js";

const read = (typed: string) => rolesOf(typed, SETTINGS.mod_roles);

describe("roles that somebody types", () => {
  it.each([
    ["one mention", `<@&${MEMBER_ROLE}>`, [MEMBER_ROLE]],
    ["mentions without a space", `<@&${MEMBER_ROLE}><@&${REVIEWER_ROLE}>`, [MEMBER_ROLE, REVIEWER_ROLE]],
    ["ids and commas", ` ${MEMBER_ROLE}, <@&${REVIEWER_ROLE}>;`, [MEMBER_ROLE, REVIEWER_ROLE]],
    ["the same twice", `${MEMBER_ROLE} <@&${MEMBER_ROLE}>`, [MEMBER_ROLE]],
  ])("are read: %s", (_, typed, roles) => {
    assert.deepStrictEqual(read(typed), Either.right(roles));
  });

  it.each([
    ["nothing", "  ,"],
    ["a person", `<@${MEMBER_ROLE}>`],
    ["a name", "Moderators"],
    ["a mention with something wrong beside it", `<@&${MEMBER_ROLE}> x`],
    ["an id that is too short", "123"],
  ])("are refused: %s", (_, typed) => {
    assert.match(Either.getOrElse(Either.flip(read(typed)), String), /name roles as @mentions/);
  });

  it("are at most ten", () => {
    const many = Array.from({ length: 11 }, (_, index) => `${BigInt(MEMBER_ROLE) + BigInt(index)}`);
    assert.isTrue(Either.isRight(read(many.slice(1).join(" "))));
    assert.match(Either.getOrElse(Either.flip(read(many.join(" "))), String), /at most 10, and these are 11/);
  });

  it.prop(
    "never come out as anything but ids, whatever was typed",
    [fc.oneof(hostileText, fc.string())],
    ([typed]) => {
      for (const id of Either.getOrElse(read(typed), () => [])) assert.match(id, /^\d{17,20}$/);
    },
  );
});
