import { assert, describe, it } from "@effect/vitest";
import { FastCheck as fc } from "effect";
import { RoleId, type UserId } from "../../../src/domain/Ids.js";
import { atLeast, type Ladder, RUNGS, rungOf } from "../../../src/domain/Permission.js";
import { MAYA, MEMBER_ROLE, NOAH, REVIEWER_ROLE } from "../../support/fixtures.js";

const ADMIN_ROLE = RoleId.make("700000000000000001");
const LADDER: Ladder = { ownerIds: [NOAH], adminRoleIds: [ADMIN_ROLE], reviewerRoleIds: [REVIEWER_ROLE] };

const ADMINISTRATOR = 0x8n;
const MANAGE_GUILD = 0x20n;
/** Everything Discord can grant, but these two. */
const ALL_OTHERS = ((1n << 52n) - 1n) & ~ADMINISTRATOR & ~MANAGE_GUILD;

const rung = (id: UserId, roles: ReadonlyArray<RoleId> = [], permissions = 0n, ladder = LADDER) =>
  rungOf({ id, roles, permissions }, ladder);

describe("the ladder", () => {
  it.each([
    ["one of OWNER_IDS", rung(NOAH), "owner"],
    ["one of OWNER_IDS who holds the admin role too", rung(NOAH, [ADMIN_ROLE], ADMINISTRATOR), "owner"],
    ["a holder of an admin role", rung(MAYA, [ADMIN_ROLE]), "admin"],
    ["somebody with Manage Server", rung(MAYA, [], MANAGE_GUILD), "admin"],
    ["somebody with Administrator, as a guild's owner has", rung(MAYA, [], ADMINISTRATOR), "admin"],
    ["a reviewer who is an admin", rung(MAYA, [REVIEWER_ROLE, ADMIN_ROLE]), "admin"],
    ["a holder of the reviewer role", rung(MAYA, [MEMBER_ROLE, REVIEWER_ROLE]), "reviewer"],
    ["a member", rung(MAYA, [MEMBER_ROLE]), "everyone"],
    ["somebody with every right but those two", rung(MAYA, [MEMBER_ROLE], ALL_OTHERS), "everyone"],
  ])("%s", (_who, found, expected) => {
    assert.strictEqual(found, expected);
  });

  it("has no reviewers where no reviewer role is configured", () => {
    const ladder = { ...LADDER, reviewerRoleIds: [] };
    assert.strictEqual(rung(MAYA, [REVIEWER_ROLE], ALL_OTHERS, ladder), "everyone");
  });

  it("has each rung above those before it", () => {
    const passes = RUNGS.map((has) => RUNGS.map((needs) => atLeast(has, needs)));
    assert.deepStrictEqual(passes, [
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ]);
  });

  const role = fc.constantFrom(ADMIN_ROLE, REVIEWER_ROLE, MEMBER_ROLE);
  it.prop(
    "a role or a right more never takes anybody down",
    [fc.array(role), role, fc.bigInt({ min: 0n, max: 1n << 52n }), fc.bigInt({ min: 0n, max: 1n << 52n })],
    ([roles, more, permissions, further]) => {
      assert.isTrue(
        atLeast(rung(MAYA, [...roles, more], permissions | further), rung(MAYA, roles, permissions)),
      );
    },
  );
});
